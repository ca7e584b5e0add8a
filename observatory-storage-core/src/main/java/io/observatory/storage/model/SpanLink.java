package io.observatory.storage.model;

import java.util.Map;

/**
 * A span's reference to another span, stored in the span's {@code links}.
 * {@code toString()} shows only the ids.
 *
 * @param traceId the other span's trace
 * @param spanId the other span
 * @param attributes the link's attributes
 */
public record SpanLink(String traceId, String spanId, Map<String, ?> attributes) {

	@Override
	public String toString() {
		return "SpanLink[traceId=" + this.traceId + ", spanId=" + this.spanId + "]";
	}

}
