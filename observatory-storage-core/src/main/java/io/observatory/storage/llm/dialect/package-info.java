/**
 * What instrumentations of all kinds say of calls of models, under the newest names of
 * OpenTelemetry's GenAI convention: {@link io.observatory.storage.llm.dialect.Dialects}.
 * One file a dialect, each with its names, its source and its version.
 */
@NullMarked
package io.observatory.storage.llm.dialect;

import org.jspecify.annotations.NullMarked;
