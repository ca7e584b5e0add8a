package io.observatory.storage.fault;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;

/**
 * What must become of a record by the documented rules, without the encoder: the row it
 * is stored as, or that it is refused. An independent account of README's gotchas,
 * {@code InputPolicy.DEFAULT} and the records' Javadoc.
 */
final class StorageRules {

	/** The value of a JSON column of which something was cut. */
	static final String CUT = "(cut)";

	private static final int MAX_BYTES = 1 << 20;

	private static final int MAX_DEPTH = 256;

	private static final int MAX_DIGITS = 1000;

	private static final Duration MAX_AHEAD = Duration.ofDays(7);

	private static final long CENTURY_US = Duration.ofDays(36_500).toNanos() / 1000;

	private static final Comparator<String> AS_JSONB = Comparator.<String, byte[]>comparing(
			(name) -> name.getBytes(StandardCharsets.UTF_8),
			(a, b) -> (a.length != b.length) ? Integer.compare(a.length, b.length) : Arrays.compareUnsigned(a, b));

	private StorageRules() {
	}

	/** Says that a record is refused. */
	static final class Refused extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Refused(String why) {
			super(why, null, false, false);
		}

	}

	/** A row, by column; the columns that are not named are not said anything about. */
	record Row(String table, UUID id, Map<String, Object> columns) {
	}

	/**
	 * Returns the row that a record must become.
	 * @throws Refused when it must be refused
	 */
	static Row of(Record record) {
		Map<String, Object> row = new LinkedHashMap<>();
		String table;
		if (record instanceof LogRecord log) {
			table = "logs";
			log(log, row);
		}
		else if (record instanceof Trace trace) {
			table = "traces";
			trace(trace, row);
		}
		else if (record instanceof TraceSpan span) {
			table = "trace_spans";
			span(span, row);
		}
		else if (record instanceof TraceEvent event) {
			table = "trace_events";
			event(event, row);
		}
		else if (record instanceof Score score) {
			table = "scores";
			score(score, row);
		}
		else if (record instanceof Metric metric) {
			table = "metrics";
			metric(metric, row);
		}
		else {
			table = "metric_data_points";
			point((MetricDataPoint) record, row);
		}
		return new Row(table, (UUID) row.get("id"), row);
	}

	private static void log(LogRecord log, Map<String, Object> row) {
		row.put("id", required(log.id()));
		row.put("timestamp", time(log.timestamp()));
		row.put("observed_timestamp", optionalTime(log.observedTimestamp()));
		row.put("severity_number", log.severityNumber());
		row.put("severity_text", label(log.severityText()));
		row.put("body", text(log.body()));
		row.put("service_name", name(log.serviceName(), 255));
		row.put("trace_id", (log.traceId() != null) ? id(log.traceId(), 32) : null);
		row.put("span_id", (log.spanId() != null) ? id(log.spanId(), 16) : null);
		row.put("trace_flags", between(log.traceFlags(), 0, 255));
		row.put("attributes", json(log.attributes()));
		row.put("resource_attributes", json(log.resourceAttributes()));
		row.put("scope_name", label(log.scopeName()));
		row.put("scope_version", label(log.scopeVersion()));
		row.put("scope_attributes", json(log.scopeAttributes()));
	}

	private static void trace(Trace trace, Map<String, Object> row) {
		String traceId = id(trace.traceId(), 32);
		row.put("id", traceUuid(traceId));
		row.put("trace_id", traceId);
		row.put("service_name", name(trace.serviceName(), 255));
		Instant start = time(trace.startTime());
		Instant end = end(trace.startTime(), trace.endTime(), trace.durationUs());
		row.put("start_time", start);
		row.put("end_time", end);
		Long duration = duration(start, end, trace.durationUs());
		row.put("duration_us", (end != null) ? duration : null);
		boolean declared = required(trace.status()) != Status.UNSET;
		row.put("status", trace.status().text());
		row.put("status_message", declared ? text(trace.statusMessage()) : null);
		row.put("root_span_name", label(trace.rootSpanName()));
		row.put("attributes", json(trace.attributes()));
		row.put("resource_attributes", json(trace.resourceAttributes()));
		row.put("span_count", 0);
	}

	private static void span(TraceSpan span, Map<String, Object> row) {
		String traceId = id(span.traceId(), 32);
		String spanId = id(span.spanId(), 16);
		UUID trace = traceUuid(traceId);
		row.put("id", named(bytes(trace), spanId));
		row.put("trace_id", trace);
		row.put("span_id", spanId);
		row.put("parent_span_id", (span.parentSpanId() != null) ? id(span.parentSpanId(), 16) : null);
		row.put("name", required(label(span.name())));
		row.put("kind", required(span.kind()).text());
		row.put("service_name", name(span.serviceName(), 255));
		Instant start = time(span.startTime());
		Instant end = end(span.startTime(), span.endTime(), span.durationUs());
		row.put("start_time", start);
		row.put("end_time", end);
		row.put("duration_us", duration(start, end, span.durationUs()));
		row.put("status", required(span.status()).text());
		row.put("status_message", text(span.statusMessage()));
		row.put("attributes", json(span.attributes()));
		row.put("events", array(required(span.events()).stream().map(StorageRules::event).toList()));
		row.put("links", array(required(span.links()).stream().map(StorageRules::link).toList()));
		row.put("external_trace_id", isHex(traceId, 32) ? null : traceId);
	}

	private static void event(TraceEvent event, Map<String, Object> row) {
		UUID trace = traceUuid(id(event.traceId(), 32));
		row.put("id", required(event.id()));
		row.put("span_id", named(bytes(trace), id(event.spanId(), 16)));
		row.put("name", required(label(event.name())));
		row.put("timestamp", time(event.timestamp()));
		row.put("attributes", json(event.attributes()));
	}

	private static void score(Score score, Map<String, Object> row) {
		String traceId = (score.traceId() != null) ? id(score.traceId(), 32) : null;
		String spanId = (score.spanId() != null) ? id(score.spanId(), 16) : null;
		String conversation = (score.conversationId() != null) ? name(score.conversationId(), 128) : null;
		String response = (score.responseId() != null) ? name(score.responseId(), 128) : null;
		boolean isAboutOne = Stream.of(score.traceId(), conversation, response).filter(Objects::nonNull).count() == 1;
		boolean isValid = (score.value() != null) ? Double.isFinite(score.value()) : score.label() != null;
		if (!isAboutOne || !isValid || (spanId != null && traceId == null)) {
			throw new Refused("target or value");
		}
		UUID target = (traceId != null) ? traceUuid(traceId)
				: named(sized((conversation != null) ? "conversation" : "response",
						(conversation != null) ? conversation : response), "");
		String name = name(score.name(), 255);
		row.put("id", named(together(bytes(target), sized(spanId, name, required(score.source()).text())), ""));
		row.put("target_id", target);
		row.put("trace_id", traceId);
		row.put("span_id", spanId);
		row.put("conversation_id", conversation);
		row.put("response_id", response);
		row.put("name", name);
		row.put("source", score.source().text());
		row.put("value", (score.value() != null) ? score.value() + 0.0 : null);
		row.put("label", label(score.label()));
		row.put("comment", text(score.comment()));
		row.put("timestamp", time(score.timestamp()));
		row.put("service_name", name(score.serviceName(), 255));
	}

	private static void metric(Metric metric, Map<String, Object> row) {
		String name = name(metric.name(), 255);
		String service = name(metric.serviceName(), 255);
		row.put("id", metricUuid(name, service));
		row.put("name", name);
		row.put("description", text(metric.description()));
		row.put("unit", label(metric.unit()));
		row.put("metric_type", required(metric.type()).text());
		row.put("service_name", service);
		row.put("attributes", json(metric.attributes()));
		row.put("resource_attributes", json(metric.resourceAttributes()));
	}

	private static void point(MetricDataPoint point, Map<String, Object> row) {
		row.put("id", required(point.id()));
		row.put("metric_id", metricUuid(name(point.metricName(), 255), name(point.serviceName(), 255)));
		row.put("timestamp", time(point.timestamp()));
		row.put("value", point.value());
		row.put("count", notNegative(point.count()));
		row.put("sum", point.sum());
		row.put("min", point.min());
		row.put("max", point.max());
		row.put("buckets", array(required(point.buckets()).stream().map(StorageRules::bucket).toList()));
		row.put("quantiles", array(required(point.quantiles()).stream().map(StorageRules::quantile).toList()));
		row.put("exemplars", array(required(point.exemplars()).stream().map(StorageRules::exemplar).toList()));
		row.put("attributes", json(point.attributes()));
	}

	private static Map<String, Object> event(SpanEvent event) {
		return members("name", event.name(), "timestamp", event.timestamp(), "attributes", event.attributes());
	}

	private static Map<String, Object> link(SpanLink link) {
		return members("trace_id", lowerHex(link.traceId(), 32), "span_id", lowerHex(link.spanId(), 16), "attributes",
				link.attributes());
	}

	private static Map<String, Object> bucket(Bucket bucket) {
		return members("boundary", bucket.boundary(), "count", notNegative(bucket.count()));
	}

	private static Map<String, Object> quantile(Quantile quantile) {
		return members("quantile", quantile.quantile(), "value", quantile.value());
	}

	private static Map<String, Object> exemplar(Exemplar exemplar) {
		Map<String, Object> members = members("value", exemplar.value(), "timestamp", exemplar.timestamp());
		if (exemplar.traceId() != null) {
			members.put("trace_id", lowerHex(exemplar.traceId(), 32));
		}
		if (exemplar.spanId() != null) {
			members.put("span_id", lowerHex(exemplar.spanId(), 16));
		}
		if (!exemplar.attributes().isEmpty()) {
			members.put("attributes", exemplar.attributes());
		}
		return members;
	}

	private static Map<String, Object> members(Object... namesAndValues) {
		Map<String, Object> members = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			members.put((String) namesAndValues[i], namesAndValues[i + 1]);
		}
		return members;
	}

	// Text

	private static String name(String name, int longest) {
		if (required(name).isEmpty() || name.length() > longest) {
			throw new Refused("name");
		}
		return clean(name);
	}

	private static String id(String id, int hexDigits) {
		return lowerHex(name(id, 128), hexDigits);
	}

	private static String label(String label) {
		if (label == null) {
			return null;
		}
		String clean = clean(label);
		return (clean.length() <= 255) ? clean : cut(clean, 255);
	}

	private static String text(String text) {
		if (text == null) {
			return null;
		}
		String clean = clean(text);
		return (clean.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) ? clean : cut(clean, MAX_BYTES / 3);
	}

	/** Whole characters, and how many there were. */
	private static String cut(String text, int length) {
		String marker = "…[cut from " + text.length() + "]";
		int keep = length - marker.length();
		boolean inPair = Character.isHighSurrogate(text.charAt(keep - 1));
		return text.substring(0, inPair ? keep - 1 : keep) + marker;
	}

	/** What is no character, or NUL, is U+FFFD. */
	private static String clean(String text) {
		StringBuilder clean = new StringBuilder();
		text.codePoints()
			.map((point) -> (point == 0 || point >= 0xD800 && point <= 0xDFFF) ? 0xFFFD : point)
			.forEach(clean::appendCodePoint);
		return clean.toString();
	}

	private static boolean isHex(String text, int digits) {
		return text.matches("[0-9a-fA-F]{" + digits + "}");
	}

	private static String lowerHex(String id, int digits) {
		return isHex(id, digits) ? id.toLowerCase(Locale.ROOT) : id;
	}

	// Times and numbers

	private static Instant time(Instant time) {
		if (required(time).isBefore(Instant.EPOCH) || !time.isBefore(Instant.parse("+10000-01-01T00:00:00Z"))
				|| time.isAfter(Instant.now().plus(MAX_AHEAD))) {
			throw new Refused("time");
		}
		return time.truncatedTo(ChronoUnit.MICROS);
	}

	private static Instant optionalTime(Instant time) {
		return (time != null) ? time(time) : null;
	}

	private static Instant end(Instant start, Instant end, Long duration) {
		boolean follows = end == null && duration != null && duration >= 0 && duration <= CENTURY_US;
		return optionalTime(follows ? start.plus(duration, ChronoUnit.MICROS) : end);
	}

	private static Long duration(Instant start, Instant end, Long duration) {
		if (notNegative(duration) != null) {
			return duration;
		}
		return (end != null) ? Math.max(0, ChronoUnit.MICROS.between(start, end)) : null;
	}

	private static Long notNegative(Long number) {
		if (number != null && number < 0) {
			throw new Refused("negative");
		}
		return number;
	}

	private static Integer between(Integer number, int min, int max) {
		if (number != null && (number < min || number > max)) {
			throw new Refused("out of range");
		}
		return number;
	}

	private static <T> T required(T value) {
		if (value == null) {
			throw new Refused("null");
		}
		return value;
	}

	// JSON, as jsonb prints it

	private static String array(List<Map<String, Object>> elements) {
		return elements.isEmpty() ? null : json(elements);
	}

	private static String json(Object value) {
		StringBuilder json = new StringBuilder();
		try {
			write(required(value), 1, json);
		}
		catch (Oversized ex) {
			return CUT;
		}
		catch (Refused ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new Refused("cannot be read");
		}
		return (json.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) ? CUT : json.toString();
	}

	private static void write(Object value, int depth, StringBuilder json) {
		if (json.length() > 2 * MAX_BYTES) {
			throw new Oversized();
		}
		if (value == null || value instanceof Boolean) {
			json.append(value);
		}
		else if (value instanceof CharSequence || value instanceof Character || value instanceof Enum<?>
				|| value instanceof UUID || value instanceof TemporalAccessor) {
			string(value.toString(), json);
		}
		else if (value instanceof byte[] bytes) {
			string(Base64.getEncoder().encodeToString(bytes), json);
		}
		else if (value instanceof Number number) {
			number(number, json);
		}
		else {
			container(value, depth, json);
		}
	}

	private static void container(Object value, int depth, StringBuilder json) {
		boolean isContainer = value instanceof Map || value instanceof Collection || value.getClass().isArray();
		if (!isContainer) {
			throw new Refused("no JSON");
		}
		if (depth > MAX_DEPTH) {
			string("…[cut: nested too deep]", json);
		}
		else if (value instanceof Map<?, ?> map) {
			object(map, depth, json);
		}
		else {
			elements(value, depth, json);
		}
	}

	private static void elements(Object value, int depth, StringBuilder json) {
		List<Object> elements = new ArrayList<>();
		if (value instanceof Collection<?> collection) {
			elements.addAll(collection);
		}
		else {
			for (int i = 0; i < Array.getLength(value); i++) {
				elements.add(Array.get(value, i));
			}
		}
		String divider = "[";
		for (Object element : elements) {
			json.append(divider);
			write(element, depth + 1, json);
			divider = ", ";
		}
		json.append(elements.isEmpty() ? "[]" : "]");
	}

	/** Of two names that become the same the last one stays. */
	private static void object(Map<?, ?> map, int depth, StringBuilder json) {
		Map<String, Object> members = new TreeMap<>(AS_JSONB);
		for (Map.Entry<?, ?> member : map.entrySet()) {
			Object key = member.getKey();
			if (!(key instanceof CharSequence || key instanceof Enum<?> || key instanceof Number
					|| key instanceof Boolean || key instanceof UUID)) {
				throw new Refused("no name");
			}
			members.put(clean(key.toString()), member.getValue());
		}
		String divider = "{";
		for (Map.Entry<String, Object> member : members.entrySet()) {
			json.append(divider);
			string(member.getKey(), json);
			json.append(": ");
			write(member.getValue(), depth + 1, json);
			divider = ", ";
		}
		json.append(members.isEmpty() ? "{}" : "}");
	}

	private static void number(Number number, StringBuilder json) {
		if (number instanceof Double || number instanceof Float) {
			boolean finite = Double.isFinite(number.doubleValue());
			// numeric knows no negative zero
			json.append(
					finite ? new BigDecimal(number.toString()).toPlainString() : "\"" + number.doubleValue() + "\"");
		}
		else if (number instanceof BigDecimal || number instanceof BigInteger) {
			BigDecimal decimal = new BigDecimal(number.toString());
			long exponent = (long) decimal.precision() - decimal.scale();
			boolean fits = decimal.precision() <= MAX_DIGITS && Math.abs(exponent) <= MAX_DIGITS;
			json.append(fits ? plain(decimal) : "\"" + number + "\"");
		}
		else {
			json.append(number.longValue());
		}
	}

	private static String plain(BigDecimal decimal) {
		return decimal.toPlainString();
	}

	private static void string(String text, StringBuilder json) {
		json.append('"');
		for (char c : clean(text).toCharArray()) {
			int control = "\b\t\n\f\r".indexOf(c);
			if (control >= 0) {
				json.append('\\').append("btnfr".charAt(control));
			}
			else if (c == '"' || c == '\\') {
				json.append('\\').append(c);
			}
			else if (c < ' ') {
				json.append("\\u%04x".formatted((int) c));
			}
			else {
				json.append(c);
			}
		}
		json.append('"');
	}

	private static final class Oversized extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Oversized() {
			super("oversized", null, false, false);
		}

	}

	// Ids

	private static UUID traceUuid(String traceId) {
		return isHex(traceId, 32)
				? UUID.fromString(traceId.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"))
				: named(new byte[0], traceId);
	}

	private static UUID metricUuid(String name, String service) {
		return named((name + '\0').getBytes(StandardCharsets.UTF_8), service);
	}

	private static byte[] bytes(UUID id) {
		return ByteBuffer.allocate(16)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	/** Texts, each with a byte that says it is one and its length; 0 for none. */
	private static byte[] sized(String... texts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		for (String text : texts) {
			bytes.write((text != null) ? 1 : 0);
			if (text != null) {
				bytes.writeBytes(ByteBuffer.allocate(4).putInt(text.length()).array());
				bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
			}
		}
		return bytes.toByteArray();
	}

	private static byte[] together(byte[] first, byte[] second) {
		return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
	}

	/** A UUIDv8 of SHA-256. */
	private static UUID named(byte[] prefix, String name) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(prefix);
			byte[] hash = digest.digest(name.getBytes(StandardCharsets.UTF_8));
			hash[6] = (byte) (hash[6] & 0x0F | 0x80);
			hash[8] = (byte) (hash[8] & 0x3F | 0x80);
			ByteBuffer bits = ByteBuffer.wrap(hash);
			return new UUID(bits.getLong(), bits.getLong());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
