/**
 * LLM calls and scores by REST.
 */
@NullMarked
package io.observatory.storage.sample.llm;

import org.jspecify.annotations.NullMarked;
