/**
 * LLM calls by REST.
 */
@NullMarked
package io.observatory.storage.sample.llm;

import org.jspecify.annotations.NullMarked;
