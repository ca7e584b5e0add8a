package io.observatory.storage.model;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReferenceArray;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Creates the ids of stored rows. Traces, spans, metrics and scores have derived ids: any
 * process computes the same one without asking the database. Logs, data points and trace
 * events have a time-ordered UUIDv7 (RFC 9562, section 5.7).
 */
public final class Ids {

	private static final int TRACE_HEX_LENGTH = 32;

	private static final int SPAN_HEX_LENGTH = 16;

	private static final int MAX_KEPT_LENGTH = 256;

	/**
	 * Ids of metrics, by their hash: most points are of a few metrics, and SHA-256 is a
	 * large part of what a point costs. At most about half a megabyte.
	 */
	private static final AtomicReferenceArray<@Nullable MetricId> LATEST_METRICS = new AtomicReferenceArray<>(1024);

	/** The value of each character that is a hex digit, else -1. */
	private static final byte[] HEX_DIGITS = hexDigits();

	private static final TimeBasedEpochGenerator TIME_ORDERED = Generators.timeBasedEpochGenerator();

	private Ids() {
	}

	/** Returns a new time-ordered UUIDv7. */
	public static UUID next() {
		return TIME_ORDERED.generate();
	}

	/**
	 * Returns whether the text is a trace id of OpenTelemetry: 128 bits as 32 hex digits,
	 * in either case.
	 */
	public static boolean isHexTraceId(String traceId) {
		return isHex(traceId, TRACE_HEX_LENGTH);
	}

	/**
	 * Returns a trace id as it is stored: hex ids in lower case, any other text as it is.
	 */
	public static String traceId(String traceId) {
		return normalized(traceId, TRACE_HEX_LENGTH);
	}

	/**
	 * Returns a span id as it is stored: hex ids (64 bits) in lower case, any other text
	 * as it is.
	 */
	public static String spanId(String spanId) {
		return normalized(spanId, SPAN_HEX_LENGTH);
	}

	/**
	 * Returns the id of a trace's row: the 128 bits of a hex trace id, and of any other
	 * text a name-based UUIDv8 (RFC 9562, section 5.8) of its SHA-256.
	 */
	public static UUID trace(String traceId) {
		if (isHex(traceId, TRACE_HEX_LENGTH)) {
			return new UUID(parseHex(traceId, 0), parseHex(traceId, SPAN_HEX_LENGTH));
		}
		return NameHash.begin().add(traceId).uuid();
	}

	/** Returns the id of a span's row, a UUIDv8 of its trace's row id and its span id. */
	public static UUID span(UUID trace, String spanId) {
		return NameHash.begin().add(trace).add(spanId(spanId)).uuid();
	}

	/** Returns the id of a metric's row, a UUIDv8 of its name and its service. */
	public static UUID metric(String name, String serviceName) {
		int slot = (31 * name.hashCode() + serviceName.hashCode()) & (LATEST_METRICS.length() - 1);
		MetricId latest = LATEST_METRICS.get(slot);
		if (latest != null && latest.name().equals(name) && latest.serviceName().equals(serviceName)) {
			return latest.id();
		}
		UUID id = NameHash.begin().add(name).add((byte) 0).add(serviceName).uuid();
		if (name.length() + serviceName.length() <= MAX_KEPT_LENGTH) {
			LATEST_METRICS.set(slot, new MetricId(name, serviceName, id));
		}
		return id;
	}

	/** Returns an id for a conversation, a UUIDv8 of the text that it is known by. */
	public static UUID conversation(String conversationId) {
		return NameHash.begin().value("conversation").value(conversationId).uuid();
	}

	/** Returns an id for a response of a model, a UUIDv8 of the provider's id. */
	public static UUID response(String responseId) {
		return NameHash.begin().value("response").value(responseId).uuid();
	}

	/**
	 * Returns the id of a score's row, a UUIDv8 of what it is about, its name and source.
	 * @param target the id of the trace, the conversation or the response
	 * @param spanId the span of the trace, or null
	 * @param name the score's name
	 * @param source whose opinion it is
	 */
	public static UUID score(UUID target, @Nullable String spanId, String name, Score.Source source) {
		return NameHash.begin().add(target).value(spanId).value(name).value(source.text()).uuid();
	}

	/**
	 * Returns an id for a resource: a UUIDv8 of its attributes, independent of their
	 * order.
	 */
	public static UUID resource(Map<String, ?> attributes) {
		return NameHash.begin().add(attributes).uuid();
	}

	/**
	 * Returns an id for the origin of metrics: a UUIDv8 of the resource and the
	 * instrumentation scope.
	 * @param resource the id from {@link #resource}
	 * @param scope name, version and attributes of the scope, as far as known
	 */
	public static UUID metricOrigin(UUID resource, Map<String, ?> scope) {
		return NameHash.begin().add(resource).add(scope).uuid();
	}

	/**
	 * Returns the id of a metric's row that stands for one stream of OpenTelemetry
	 * (metrics data model 1.x, "Timeseries model"): a UUIDv8 of all that identifies it.
	 * What sets origins apart is a SHA-256; within one, where nobody has to be kept from
	 * making two names alike, a quicker hash does.
	 * @param origin the id of its resource and scope, from {@link #metricOrigin}
	 * @param name the metric's name
	 * @param unit its unit, or null
	 * @param kind the kind of its points
	 * @param temporality their temporality, or null
	 * @param monotonic whether a sum only ever grows, or null
	 */
	public static UUID metricStream(UUID origin, String name, @Nullable String unit, String kind,
			@Nullable String temporality, @Nullable Boolean monotonic) {
		return new StreamHash(origin).add(name).add(unit).add(kind).add(temporality).add(monotonic).uuid();
	}

	private static boolean isHex(String text, int length) {
		if (text.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (hexDigit(text.charAt(i)) < 0) {
				return false;
			}
		}
		return true;
	}

	private static String normalized(String text, int length) {
		return (isLowerCaseHex(text) || !isHex(text, length)) ? text : text.toLowerCase(Locale.ROOT);
	}

	private static boolean isLowerCaseHex(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			// of hex digits only A to F do not have this bit
			if (hexDigit(c) < 0 || (c & 0x20) == 0) {
				return false;
			}
		}
		return true;
	}

	private static long parseHex(String text, int from) {
		long bits = 0;
		for (int i = from; i < from + 16; i++) {
			bits = (bits << 4) | hexDigit(text.charAt(i));
		}
		return bits;
	}

	private static int hexDigit(char digit) {
		return (digit < HEX_DIGITS.length) ? HEX_DIGITS[digit] : -1;
	}

	private static byte[] hexDigits() {
		byte[] digits = new byte['f' + 1];
		for (char c = 0; c < digits.length; c++) {
			digits[c] = (byte) Character.digit(c, 16);
		}
		return digits;
	}

	private record MetricId(String name, String serviceName, UUID id) {
	}

}
