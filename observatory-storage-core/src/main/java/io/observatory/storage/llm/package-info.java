/**
 * LLM calls, and their conversion to spans.
 */
@NullMarked
package io.observatory.storage.llm;

import org.jspecify.annotations.NullMarked;
