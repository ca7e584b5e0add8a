package io.observatory.storage.capture.ai;

import java.util.Map;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

/**
 * The tracer that creates spans of observations, if there is one.
 */
@FunctionalInterface
public interface ActiveTracer {

	/** There is none. */
	ActiveTracer NONE = (context) -> null;

	/**
	 * Returns the tracer's span of an observation that has started, or null.
	 */
	@Nullable TracerSpan span(Observation.Context context);

	/**
	 * A tracer's span.
	 */
	interface TracerSpan {

		/** The trace it belongs to. */
		String traceId();

		/** Its id. */
		String spanId();

		/**
		 * Sets attributes: strings, numbers, booleans and lists of these keep their type,
		 * anything else becomes JSON.
		 */
		void set(Map<String, ?> attributes);

	}

}
