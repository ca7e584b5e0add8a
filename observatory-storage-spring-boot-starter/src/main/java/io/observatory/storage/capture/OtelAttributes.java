package io.observatory.storage.capture;

import java.util.Map;

import io.observatory.storage.model.TraceSpan;
import org.jspecify.annotations.Nullable;

/**
 * Names of the attributes for values of OpenTelemetry's data that have no column of their
 * own.
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

	/** The flags of a span, a link or a data point, as they were sent. */
	public static final String FLAGS = "otel.flags";

	/** How many attributes the sender left out. */
	public static final String DROPPED_ATTRIBUTES = "otel.dropped_attributes_count";

	/** How many events the sender left out. */
	public static final String DROPPED_EVENTS = "otel.dropped_events_count";

	/** How many links the sender left out. */
	public static final String DROPPED_LINKS = "otel.dropped_links_count";

	/** The event name of a log record. */
	public static final String EVENT_NAME = "otel.event_name";

	/** The event name of a log record from before it had a field of its own. */
	public static final String OLDER_EVENT_NAME = "event.name";

	/** The temporality of a metric's points: delta or cumulative. */
	public static final String TEMPORALITY = "otel.temporality";

	/** When a data point's values began to be collected, in ISO 8601. */
	public static final String START_TIME = "otel.start_time";

	/** Whether a sum only ever grows. */
	public static final String MONOTONIC = "otel.monotonic";

	/** The scale of an exponential histogram. */
	public static final String SCALE = "otel.scale";

	/** The largest absolute value that an exponential histogram counts as zero. */
	public static final String ZERO_THRESHOLD = "otel.zero_threshold";

	private OtelAttributes() {
	}

	/**
	 * Adds an unsigned number, unless it is 0.
	 */
	public static void putCount(Map<String, @Nullable Object> attributes, String name, int count) {
		if (count != 0) {
			attributes.put(name, Integer.toUnsignedLong(count));
		}
	}

	/**
	 * Adds a text, unless it is missing or empty.
	 */
	public static void putText(Map<String, @Nullable Object> attributes, String name, @Nullable String text) {
		if (text != null && !text.isEmpty()) {
			attributes.put(name, text);
		}
	}

	/**
	 * Adds a map, unless it is empty.
	 */
	public static void putMap(Map<String, @Nullable Object> attributes, String name, Map<String, ?> map) {
		if (!map.isEmpty()) {
			attributes.put(name, map);
		}
	}

}
