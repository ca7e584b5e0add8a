package io.observatory.storage.capture;

import org.jspecify.annotations.Nullable;

/**
 * Finds the span of the current thread.
 */
@FunctionalInterface
public interface CurrentSpan {

	/** Finds no span. */
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
