package io.observatory.storage.model;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened during a span, stored in the span's {@code events}.
 * {@code toString()} shows only the time.
 *
 * @param name the event's name
 * @param timestamp when it happened
 * @param attributes its attributes
 */
public record SpanEvent(String name, Instant timestamp, Map<String, ?> attributes) {

	@Override
	public String toString() {
		return "SpanEvent[timestamp=" + this.timestamp + "]";
	}

}
