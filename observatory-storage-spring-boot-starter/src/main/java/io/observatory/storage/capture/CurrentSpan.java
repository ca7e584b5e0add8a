package io.observatory.storage.capture;

import org.jspecify.annotations.Nullable;

/**
 * Tells which span the current thread works for.
 */
@FunctionalInterface
public interface CurrentSpan {

	/** Knows of none. */
	CurrentSpan NONE = () -> null;

	/**
	 * Returns the current span, or null if there is none.
	 */
	@Nullable Context get();

	/**
	 * The span's ids.
	 *
	 * @param traceId the trace
	 * @param spanId the span
	 * @param sampled whether it is exported, or null if that is not decided yet
	 */
	record Context(String traceId, String spanId, @Nullable Boolean sampled) {

	}

}
