package io.observatory.storage.table;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;

/**
 * What must be stored, by the rules and not by SQL: all records at once, the winner of
 * each span, then each trace from its winning declaration and its spans.
 */
public final class TraceModel {

	private static final Comparator<String> BYTES = Comparator
		.comparing((text) -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

	/** The later end, then the rest; an open span is the worst. */
	private static final Comparator<TraceSpan> VERSION = Comparator
		.comparing((TraceSpan span) -> end(span), Comparator.nullsFirst(Comparator.naturalOrder()))
		.thenComparing((span) -> micros(span.startTime()))
		.thenComparing((span) -> duration(span), Comparator.nullsFirst(Comparator.naturalOrder()))
		.thenComparing((span) -> span.status().text())
		.thenComparing(TraceSpan::name)
		.thenComparing(TraceSpan::serviceName)
		.thenComparing((span) -> text(span.parentSpanId()))
		.thenComparing((span) -> text(span.statusMessage()))
		.thenComparing(TraceSpan::attributes, TraceModel::compareJson)
		.thenComparing(TraceModel::events, TraceModel::compareJson)
		.thenComparing(TraceModel::links, TraceModel::compareJson);

	/** The later declared end, then the rest of what is declared. */
	private static final Comparator<Trace> DECLARATION = Comparator
		.comparing((Trace trace) -> end(trace), Comparator.nullsFirst(Comparator.naturalOrder()))
		.thenComparing((trace) -> micros(trace.startTime()))
		.thenComparing((trace) -> duration(trace), Comparator.nullsFirst(Comparator.naturalOrder()))
		.thenComparing((trace) -> (trace.status() != Status.UNSET) ? trace.status().text() : "")
		.thenComparing((trace) -> (trace.status() != Status.UNSET) ? text(trace.statusMessage()) : "")
		.thenComparing((trace) -> text(trace.rootSpanName()))
		.thenComparing(Trace::serviceName)
		.thenComparing(Trace::attributes, TraceModel::compareJson)
		.thenComparing((trace) -> trace.resourceAttributes().isEmpty() ? null : trace.resourceAttributes(),
				TraceModel::compareJson);

	/** A root first, then the earliest, then the smallest id. */
	private static final Comparator<TraceSpan> LEAD = Comparator
		.comparing((TraceSpan span) -> span.parentSpanId() != null)
		.thenComparing((span) -> micros(span.startTime()))
		.thenComparing((span) -> spanId(span.spanId()), BYTES);

	private TraceModel() {
	}

	/**
	 * Returns the rows that the records must come to.
	 */
	public static TraceRows of(Collection<Record> records) {
		Map<String, TraceSpan> spans = new HashMap<>();
		Map<String, Trace> declared = new HashMap<>();
		for (Record record : records) {
			if (record instanceof TraceSpan span) {
				spans.merge(spanId(span.spanId()), span, (a, b) -> (VERSION.compare(a, b) >= 0) ? a : b);
			}
			else if (record instanceof Trace trace) {
				declared.merge(traceId(trace.traceId()), trace, (a, b) -> (DECLARATION.compare(a, b) >= 0) ? a : b);
			}
		}
		Map<String, List<TraceSpan>> byTrace = new HashMap<>();
		declared.keySet().forEach((id) -> byTrace.put(id, new ArrayList<>()));
		spans.values()
			.forEach((span) -> byTrace.computeIfAbsent(traceId(span.traceId()), (id) -> new ArrayList<>()).add(span));
		Map<Object, Map<String, Object>> traceRows = new HashMap<>();
		byTrace.forEach((id, ofTrace) -> traceRows.put(uuid(id), traceRow(id, declared.get(id), ofTrace)));
		Map<Object, Map<String, Object>> spanRows = new HashMap<>();
		spans.forEach((id, span) -> spanRows.put(id, spanRow(id, span)));
		return new TraceRows(traceRows, spanRows);
	}

	private static Map<String, Object> traceRow(String id, Trace declared, List<TraceSpan> spans) {
		TraceSpan lead = spans.stream().min(LEAD).orElse(null);
		TraceSpan root = (lead != null && lead.parentSpanId() == null) ? lead : null;
		Map<String, Object> row = new HashMap<>();
		row.put("id", uuid(id));
		row.put("trace_id", id);
		row.put("span_count", spans.size());
		row.put("service_name", (declared != null) ? declared.serviceName() : lead.serviceName());
		row.put("attributes", json((declared != null) ? declared.attributes() : Map.of()));
		boolean hasRootName = declared != null && declared.rootSpanName() != null;
		row.put("root_span_name", hasRootName ? declared.rootSpanName() : (root != null) ? root.name() : null);
		boolean hasResource = declared != null && !declared.resourceAttributes().isEmpty();
		Object derivedResource = (root != null) ? root.attributes().get("otel.resource") : null;
		row.put("resource_attributes", json(
				hasResource ? declared.resourceAttributes() : (derivedResource != null) ? derivedResource : Map.of()));
		int fields = (declared == null) ? 0 : 1 | times(row, declared, spans) | status(row, declared, spans, root)
				| (hasRootName ? 8 : 0) | (hasResource ? 16 : 0);
		if (declared == null) {
			times(row, null, spans);
			status(row, null, spans, root);
		}
		row.put("declared", fields);
		row.put("lead_span_id", (lead != null) ? spanId(lead.spanId()) : null);
		row.put("lead_start", (lead != null) ? micros(lead.startTime()) : null);
		row.put("lead_is_root", (lead != null) ? root != null : null);
		return row;
	}

	private static int times(Map<String, Object> row, Trace declared, List<TraceSpan> spans) {
		Instant start = (declared != null) ? micros(declared.startTime())
				: spans.stream().map((span) -> micros(span.startTime())).min(Comparator.naturalOrder()).orElseThrow();
		boolean hasEnd = declared != null && end(declared) != null;
		Instant end = hasEnd ? end(declared)
				: spans.stream()
					.map(TraceModel::end)
					.filter((time) -> time != null)
					.max(Comparator.naturalOrder())
					.orElse(null);
		row.put("start_time", start);
		row.put("end_time", end);
		row.put("duration_us", hasEnd ? duration(declared) : (end != null) ? between(start, end) : null);
		return hasEnd ? 2 : 0;
	}

	private static int status(Map<String, Object> row, Trace declared, List<TraceSpan> spans, TraceSpan root) {
		if (declared != null && declared.status() != Status.UNSET) {
			row.put("status", declared.status().text());
			row.put("status_message", declared.statusMessage());
			return 4;
		}
		Status worst = spans.stream().map(TraceSpan::status).max(Comparator.naturalOrder()).orElse(Status.UNSET);
		row.put("status", worst.text());
		row.put("status_message", (root != null) ? root.statusMessage() : null);
		return 0;
	}

	private static Map<String, Object> spanRow(String id, TraceSpan span) {
		String traceId = traceId(span.traceId());
		UUID trace = uuid(traceId);
		Map<String, Object> row = new HashMap<>();
		row.put("id",
				named(ByteBuffer.allocate(16)
					.putLong(trace.getMostSignificantBits())
					.putLong(trace.getLeastSignificantBits())
					.array(), id));
		row.put("trace_id", trace);
		row.put("span_id", id);
		row.put("parent_span_id", (span.parentSpanId() != null) ? spanId(span.parentSpanId()) : null);
		row.put("name", span.name());
		row.put("kind", span.kind().text());
		row.put("service_name", span.serviceName());
		row.put("start_time", micros(span.startTime()));
		row.put("end_time", end(span));
		row.put("duration_us", duration(span));
		row.put("status", span.status().text());
		row.put("status_message", span.statusMessage());
		row.put("attributes", json(span.attributes()));
		row.put("events", span.events().isEmpty() ? null : json(events(span)));
		row.put("links", span.links().isEmpty() ? null : json(links(span)));
		row.put("external_trace_id", isHex(traceId, 32) ? null : traceId);
		return row;
	}

	private static Instant end(TraceSpan span) {
		return end(span.startTime(), span.endTime(), span.durationUs());
	}

	private static Instant end(Trace trace) {
		return end(trace.startTime(), trace.endTime(), trace.durationUs());
	}

	private static Instant end(Instant start, Instant end, Long duration) {
		return (end != null) ? micros(end)
				: (duration != null) ? micros(start).plus(duration, ChronoUnit.MICROS) : null;
	}

	private static Long duration(TraceSpan span) {
		return (span.durationUs() != null) ? span.durationUs()
				: (span.endTime() != null) ? between(micros(span.startTime()), end(span)) : null;
	}

	private static Long duration(Trace trace) {
		return (trace.durationUs() != null) ? trace.durationUs()
				: (trace.endTime() != null) ? between(micros(trace.startTime()), end(trace)) : null;
	}

	private static Long between(Instant start, Instant end) {
		return Duration.between(start, end).toNanos() / 1000;
	}

	private static Instant micros(Instant time) {
		return time.truncatedTo(ChronoUnit.MICROS);
	}

	private static String text(String text) {
		return (text != null) ? text : "";
	}

	private static List<Map<String, ?>> events(TraceSpan span) {
		List<Map<String, ?>> events = new ArrayList<>();
		for (SpanEvent event : span.events()) {
			events.add(Map.of("name", event.name(), "timestamp", event.timestamp().toString(), "attributes",
					event.attributes()));
		}
		return events.isEmpty() ? null : events;
	}

	private static List<Map<String, ?>> links(TraceSpan span) {
		List<Map<String, ?>> links = new ArrayList<>();
		for (SpanLink link : span.links()) {
			links.add(Map.of("trace_id", traceId(link.traceId()), "span_id", spanId(link.spanId()), "attributes",
					link.attributes()));
		}
		return links.isEmpty() ? null : links;
	}

	private static String traceId(String id) {
		return isHex(id, 32) ? id.toLowerCase(Locale.ROOT) : id;
	}

	private static String spanId(String id) {
		return isHex(id, 16) ? id.toLowerCase(Locale.ROOT) : id;
	}

	private static boolean isHex(String id, int length) {
		return id.length() == length && id.matches("[0-9a-fA-F]+");
	}

	private static UUID uuid(String traceId) {
		return isHex(traceId, 32)
				? UUID.fromString(traceId.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"))
				: named(new byte[0], traceId);
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

	/** As jsonb prints it: shorter names first, then by their bytes. */
	private static String json(Object value) {
		if (value instanceof Map<?, ?> map) {
			return names(map).stream()
				.map((name) -> "\"" + name + "\": " + json(map.get(name)))
				.collect(Collectors.joining(", ", "{", "}"));
		}
		if (value instanceof List<?> list) {
			return list.stream().map(TraceModel::json).collect(Collectors.joining(", ", "[", "]"));
		}
		return (value instanceof String text) ? "\"" + text + "\"" : String.valueOf(value);
	}

	private static List<String> names(Map<?, ?> map) {
		return map.keySet()
			.stream()
			.map(String.class::cast)
			.sorted(Comparator.comparing(String::length).thenComparing(BYTES))
			.toList();
	}

	/**
	 * As jsonb compares (PostgreSQL manual, "JSON Types", btree ordering): null, string,
	 * number, boolean, array, object; the one with more elements is the greater.
	 */
	private static int compareJson(Object a, Object b) {
		if (typeOf(a) != typeOf(b)) {
			return Integer.compare(typeOf(a), typeOf(b));
		}
		if (a instanceof String text) {
			return BYTES.compare(text, (String) b);
		}
		if (a instanceof Number number) {
			return Long.compare(number.longValue(), ((Number) b).longValue());
		}
		if (a instanceof Boolean bool) {
			return bool.compareTo((Boolean) b);
		}
		if (a instanceof List<?> list) {
			return compareElements(list, (List<?>) b);
		}
		return (a == null) ? 0 : compareElements(members((Map<?, ?>) a), members((Map<?, ?>) b));
	}

	private static int compareElements(List<?> a, List<?> b) {
		int order = Integer.compare(a.size(), b.size());
		for (int i = 0; order == 0 && i < a.size(); i++) {
			order = compareJson(a.get(i), b.get(i));
		}
		return order;
	}

	private static List<Object> members(Map<?, ?> map) {
		List<Object> members = new ArrayList<>();
		for (String name : names(map)) {
			members.add(name);
			members.add(map.get(name));
		}
		return members;
	}

	private static int typeOf(Object value) {
		return (value == null) ? 0 : (value instanceof String) ? 1
				: (value instanceof Number) ? 2 : (value instanceof Boolean) ? 3 : (value instanceof List) ? 4 : 5;
	}

}
