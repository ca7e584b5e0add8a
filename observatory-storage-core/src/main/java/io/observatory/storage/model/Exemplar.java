package io.observatory.storage.model;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A measured value that stands as an example for a data point, with the span it was
 * measured in. {@code toString()} shows only the time.
 *
 * @param value the value
 * @param timestamp when it was measured
 * @param traceId the trace it was measured in, if known
 * @param spanId the span it was measured in, if known
 * @param attributes attributes that the point itself does not have
 */
public record Exemplar(double value, Instant timestamp, @Nullable String traceId, @Nullable String spanId,
		Map<String, ?> attributes) {

	@Override
	public String toString() {
		return "Exemplar[timestamp=" + this.timestamp + "]";
	}

}
