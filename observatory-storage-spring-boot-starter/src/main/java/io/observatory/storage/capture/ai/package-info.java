/**
 * Stores the observations of Spring AI: calls of models, clients, advisors, tools and
 * vector stores, with their typed values.
 */
@NullMarked
package io.observatory.storage.capture.ai;

import org.jspecify.annotations.NullMarked;
