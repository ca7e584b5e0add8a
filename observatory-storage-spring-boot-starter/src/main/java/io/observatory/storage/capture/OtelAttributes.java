package io.observatory.storage.capture;

import java.util.Map;

import io.observatory.storage.model.TraceSpan;
import org.jspecify.annotations.Nullable;

/**
 * Names of the attributes that hold what OpenTelemetry's data have and their table has no
 * column for.
 */
public final class OtelAttributes {

	/** A span's resource attributes, a map. */
	public static final String RESOURCE = TraceSpan.RESOURCE;

	/** The instrumentation scope, a map of name, version and attributes. */
	public static final String SCOPE = TraceSpan.SCOPE;

	/** The schema that the record's attributes follow. */
	public static final String SCHEMA_URL = "otel.schema_url";

	/** The W3C trace state. */
	public static final String TRACE_STATE = "otel.trace_state";

	/** The flags as they came: of a span, a link or a data point. */
	public static final String FLAGS = "otel.flags";

	/** How many attributes the sender left out. */
	public static final String DROPPED_ATTRIBUTES = "otel.dropped_attributes_count";

	/** How many events the sender left out. */
	public static final String DROPPED_EVENTS = "otel.dropped_events_count";

	/** How many links the sender left out. */
	public static final String DROPPED_LINKS = "otel.dropped_links_count";

	/** The name of the event that a log record is. */
	public static final String EVENT_NAME = "otel.event_name";

	/** What a metric's points count from: delta or cumulative. */
	public static final String TEMPORALITY = "otel.temporality";

	/** When a data point's values began to be collected, in ISO 8601. */
	public static final String START_TIME = "otel.start_time";

	/** Whether a sum only ever grows. */
	public static final String MONOTONIC = "otel.monotonic";

	/** The scale of an exponential histogram. */
	public static final String SCALE = "otel.scale";

	/** Up to where an exponential histogram takes values for zero. */
	public static final String ZERO_THRESHOLD = "otel.zero_threshold";

	private OtelAttributes() {
	}

	/**
	 * Puts an unsigned number that is not 0.
	 */
	public static void putCount(Map<String, @Nullable Object> attributes, String name, int count) {
		if (count != 0) {
			attributes.put(name, Integer.toUnsignedLong(count));
		}
	}

	/**
	 * Puts a text that is there and not empty.
	 */
	public static void putText(Map<String, @Nullable Object> attributes, String name, @Nullable String text) {
		if (text != null && !text.isEmpty()) {
			attributes.put(name, text);
		}
	}

	/**
	 * Puts a map that is not empty.
	 */
	public static void putMap(Map<String, @Nullable Object> attributes, String name, Map<String, ?> map) {
		if (!map.isEmpty()) {
			attributes.put(name, map);
		}
	}

}
