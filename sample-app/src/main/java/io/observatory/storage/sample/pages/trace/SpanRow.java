package io.observatory.storage.sample.pages.trace;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The values of a span that the waterfall shows.
 *
 * @param spanId its id
 * @param parentSpanId its parent's id, or null
 * @param name its name
 * @param service the service
 * @param type its type
 * @param start when it started
 * @param duration microseconds, or null
 * @param failed whether its status is error
 */
record SpanRow(String spanId, @Nullable String parentSpanId, String name, String service, SpanType type, Instant start,
		@Nullable Long duration, boolean failed) {
}
