package io.observatory.storage.sample.it;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.observatory.storage.model.Ids;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;

/**
 * The rows that spans of the SDK should become, and those of their traces.
 */
final class ExpectedTraces {

	/**
	 * OTLP: the flags say whether the parent is known to be remote, and whether it is.
	 */
	private static final int HAS_IS_REMOTE = 0x100;

	private static final int IS_REMOTE = 0x200;

	private ExpectedTraces() {
	}

	static List<Map<String, Object>> spans(List<SpanData> spans) {
		return spans.stream().map(ExpectedTraces::span).toList();
	}

	static List<Map<String, Object>> traces(List<SpanData> spans) {
		return spans.stream()
			.collect(Collectors.groupingBy(SpanData::getTraceId))
			.values()
			.stream()
			.map(ExpectedTraces::trace)
			.toList();
	}

	private static Map<String, Object> span(SpanData span) {
		Instant start = Expected.column(span.getStartEpochNanos());
		Instant end = Expected.column(span.getEndEpochNanos());
		Map<String, Object> row = new TreeMap<>();
		row.put("id", Ids.span(Ids.trace(span.getTraceId()), span.getSpanId()));
		row.put("trace_id", Ids.trace(span.getTraceId()));
		row.put("external_trace_id", null);
		row.put("span_id", span.getSpanId());
		row.put("parent_span_id", span.getParentSpanContext().isValid() ? span.getParentSpanId() : null);
		row.put("name", span.getName());
		row.put("kind", Expected.lowerCase(span.getKind()));
		row.put("service_name", Expected.service(span.getResource()));
		row.put("start_time", start);
		row.put("end_time", end);
		row.put("duration_us", ChronoUnit.MICROS.between(start, end));
		row.put("status", Expected.lowerCase(span.getStatus().getStatusCode()));
		row.put("status_message", Expected.emptyToNull(span.getStatus().getDescription()));
		row.put("attributes", Canonical.of(attributes(span)));
		row.put("events", orNull(span.getEvents().stream().map(ExpectedTraces::event).toList()));
		row.put("links", orNull(span.getLinks().stream().map(ExpectedTraces::link).toList()));
		return row;
	}

	private static Object orNull(List<?> list) {
		return list.isEmpty() ? null : Canonical.of(list);
	}

	private static Map<String, Object> attributes(SpanData span) {
		Map<String, Object> attributes = Expected.attributes(span.getAttributes());
		attributes.put("otel.resource", Expected.attributes(span.getResource().getAttributes()));
		attributes.put("otel.scope", Expected.scope(span.getInstrumentationScopeInfo()));
		Expected.putSchema(attributes, span.getInstrumentationScopeInfo());
		putTraceState(attributes, span.getSpanContext());
		attributes.put("otel.flags", flags(span.getSpanContext(), span.getParentSpanContext().isRemote()));
		Expected.putIfPositive(attributes, "otel.dropped_attributes_count",
				span.getTotalAttributeCount() - span.getAttributes().size());
		Expected.putIfPositive(attributes, "otel.dropped_events_count",
				span.getTotalRecordedEvents() - span.getEvents().size());
		Expected.putIfPositive(attributes, "otel.dropped_links_count",
				span.getTotalRecordedLinks() - span.getLinks().size());
		return attributes;
	}

	private static Map<String, Object> event(EventData event) {
		Map<String, Object> attributes = Expected.attributes(event.getAttributes());
		Expected.putIfPositive(attributes, "otel.dropped_attributes_count", event.getDroppedAttributesCount());
		return Map.of("name", event.getName(), "timestamp", Expected.nanos(event.getEpochNanos()).toString(),
				"attributes", attributes);
	}

	private static Map<String, Object> link(LinkData link) {
		Map<String, Object> attributes = Expected.attributes(link.getAttributes());
		putTraceState(attributes, link.getSpanContext());
		attributes.put("otel.flags", flags(link.getSpanContext(), link.getSpanContext().isRemote()));
		Expected.putIfPositive(attributes, "otel.dropped_attributes_count",
				link.getTotalAttributeCount() - link.getAttributes().size());
		return Map.of("trace_id", link.getSpanContext().getTraceId(), "span_id", link.getSpanContext().getSpanId(),
				"attributes", attributes);
	}

	private static void putTraceState(Map<String, Object> attributes, SpanContext context) {
		if (!context.getTraceState().isEmpty()) {
			attributes.put("otel.trace_state",
					context.getTraceState()
						.asMap()
						.entrySet()
						.stream()
						.map((entry) -> entry.getKey() + "=" + entry.getValue())
						.collect(Collectors.joining(",")));
		}
	}

	private static int flags(SpanContext context, boolean remote) {
		return context.getTraceFlags().asByte() | HAS_IS_REMOTE | (remote ? IS_REMOTE : 0);
	}

	private static Map<String, Object> trace(List<SpanData> spans) {
		SpanData lead = lead(spans);
		boolean root = isRoot(lead);
		Instant start = Expected.column(spans.stream().mapToLong(SpanData::getStartEpochNanos).min().getAsLong());
		Instant end = Expected.column(spans.stream().mapToLong(SpanData::getEndEpochNanos).max().getAsLong());
		Map<String, Object> row = new LinkedHashMap<>();
		row.put("id", Ids.trace(lead.getTraceId()));
		row.put("trace_id", lead.getTraceId());
		row.put("service_name", Expected.service(lead.getResource()));
		row.put("start_time", start);
		row.put("end_time", end);
		row.put("duration_us", ChronoUnit.MICROS.between(start, end));
		row.put("status", worst(spans));
		row.put("status_message", root ? Expected.emptyToNull(lead.getStatus().getDescription()) : null);
		row.put("root_span_name", root ? lead.getName() : null);
		row.put("attributes", Map.of());
		row.put("resource_attributes",
				root ? Canonical.of(Expected.attributes(lead.getResource().getAttributes())) : Map.of());
		row.put("span_count", (long) spans.size());
		row.put("declared", 0L);
		row.put("lead_span_id", lead.getSpanId());
		row.put("lead_start", Expected.column(lead.getStartEpochNanos()));
		row.put("lead_is_root", root);
		return new TreeMap<>(row);
	}

	private static SpanData lead(List<SpanData> spans) {
		return spans.stream()
			.min(Comparator.comparing((SpanData span) -> !isRoot(span))
				.thenComparing((span) -> Expected.column(span.getStartEpochNanos()))
				.thenComparing(SpanData::getSpanId))
			.orElseThrow();
	}

	private static boolean isRoot(SpanData span) {
		return !span.getParentSpanContext().isValid();
	}

	private static String worst(List<SpanData> spans) {
		List<StatusCode> codes = spans.stream().map((span) -> span.getStatus().getStatusCode()).toList();
		return codes.contains(StatusCode.ERROR) ? "error" : codes.contains(StatusCode.OK) ? "ok" : "unset";
	}

}
