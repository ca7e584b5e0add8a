package io.observatory.storage.sample.pages.traces;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.observatory.storage.sample.pages.PageKey;
import org.jspecify.annotations.Nullable;

/**
 * A trace in the list.
 *
 * @param key its place in the order
 * @param traceId its id
 * @param name name of its root span, or of its first span if there is no root
 * @param service the service
 * @param start when it started
 * @param duration microseconds, or null
 * @param status {@code ok}, {@code error} or {@code unset}
 * @param spans number of spans
 * @param models models that were called
 * @param tokens all tokens of these calls, or null
 * @param cost US dollars, or null
 */
record TraceRow(PageKey key, String traceId, @Nullable String name, String service, Instant start,
		@Nullable Long duration, String status, long spans, List<String> models, @Nullable Long tokens,
		@Nullable BigDecimal cost) {
}
