package io.observatory.storage.sample.mapping;

import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.opentelemetry.proto.trace.v1.Span;
import org.jspecify.annotations.Nullable;

/**
 * Spans of OTLP as {@link TraceSpan}s. Values without a column are kept in the
 * attributes, under the names of {@link OtelAttributes}. GenAI attributes are kept as
 * they were sent. A span without a valid trace id, span id or start is a bad record.
 */
public final class TraceMapping {

	private TraceMapping() {
	}

	/**
	 * Returns a span.
	 * @param span the span
	 * @param origin what produced it
	 * @throws BadRecordException naming the field, when it cannot be stored
	 */
	public static TraceSpan span(Span span, Origin origin) {
		return TraceSpan.builder()
			.traceId(HexId.requiredTrace(span.getTraceId(), "Span.trace_id"))
			.spanId(HexId.requiredSpan(span.getSpanId(), "Span.span_id"))
			.parentSpanId(HexId.parentSpan(span.getParentSpanId(), "Span.parent_span_id"))
			.name(span.getName())
			.kind(kind(span.getKind()))
			.serviceName(origin.serviceName())
			.startTime(UnixNanos.required(span.getStartTimeUnixNano(), "Span.start_time_unix_nano"))
			.endTime(UnixNanos.orNull(span.getEndTimeUnixNano()))
			.status(status(span.getStatus()))
			.statusMessage(EmptyText.toNull(span.getStatus().getMessage()))
			.attributes(attributes(span, origin))
			.events(span.getEventsList().stream().map(TraceMapping::event).toList())
			.links(span.getLinksList().stream().map(TraceMapping::link).toList())
			.build();
	}

	private static Map<String, ?> attributes(Span span, Origin origin) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(span.getAttributesList());
		OtelAttributes.putMap(attributes, OtelAttributes.RESOURCE, origin.resource());
		OtelAttributes.putMap(attributes, OtelAttributes.SCOPE, origin.scope().asMap());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.scope().schemaUrl());
		OtelAttributes.putText(attributes, OtelAttributes.TRACE_STATE, span.getTraceState());
		OtelAttributes.putCount(attributes, OtelAttributes.FLAGS, span.getFlags());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES, span.getDroppedAttributesCount());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_EVENTS, span.getDroppedEventsCount());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_LINKS, span.getDroppedLinksCount());
		return attributes;
	}

	private static SpanEvent event(Span.Event event) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(event.getAttributesList());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES, event.getDroppedAttributesCount());
		return new SpanEvent(event.getName(), UnixNanos.instant(event.getTimeUnixNano()), attributes);
	}

	private static SpanLink link(Span.Link link) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(link.getAttributesList());
		OtelAttributes.putText(attributes, OtelAttributes.TRACE_STATE, link.getTraceState());
		OtelAttributes.putCount(attributes, OtelAttributes.FLAGS, link.getFlags());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES, link.getDroppedAttributesCount());
		// a link may have ids of all zeros, for the sake of its attributes
		return new SpanLink(HexId.text(link.getTraceId()), HexId.text(link.getSpanId()), attributes);
	}

	private static SpanKind kind(Span.SpanKind kind) {
		return switch (kind) {
			case SPAN_KIND_SERVER -> SpanKind.SERVER;
			case SPAN_KIND_CLIENT -> SpanKind.CLIENT;
			case SPAN_KIND_PRODUCER -> SpanKind.PRODUCER;
			case SPAN_KIND_CONSUMER -> SpanKind.CONSUMER;
			// OTLP: a receiver may take an unspecified kind for an internal one
			case SPAN_KIND_INTERNAL, SPAN_KIND_UNSPECIFIED, UNRECOGNIZED -> SpanKind.INTERNAL;
		};
	}

	private static Status status(io.opentelemetry.proto.trace.v1.Status status) {
		return switch (status.getCode()) {
			case STATUS_CODE_OK -> Status.OK;
			case STATUS_CODE_ERROR -> Status.ERROR;
			case STATUS_CODE_UNSET, UNRECOGNIZED -> Status.UNSET;
		};
	}

}
