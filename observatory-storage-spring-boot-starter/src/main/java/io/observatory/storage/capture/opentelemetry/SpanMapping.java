package io.observatory.storage.capture.opentelemetry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's spans as {@link TraceSpan}s. What a span has no column for is kept in its
 * attributes, under the names of {@link OtelAttributes}.
 */
final class SpanMapping {

	/** What Micrometer Tracing makes of the SDK's spans, for Spring Boot's exporter. */
	static final String ASSEMBLED = "io.micrometer.tracing.otel.bridge.OtelFinishedSpan$MutableSpanData";

	private SpanMapping() {
	}

	static List<TraceSpan> spans(Collection<SpanData> spans) {
		List<TraceSpan> mapped = new ArrayList<>(spans.size());
		SdkOrigin origin = null;
		for (SpanData span : spans) {
			origin = SdkOrigin.of(span.getResource(), span.getInstrumentationScopeInfo(), origin);
			mapped.add(span(span, origin));
		}
		return mapped;
	}

	private static TraceSpan span(SpanData span, SdkOrigin origin) {
		return TraceSpan.builder()
			.traceId(span.getTraceId())
			.spanId(span.getSpanId())
			.parentSpanId(span.getParentSpanContext().isValid() ? span.getParentSpanId() : null)
			.name(span.getName())
			.kind(kind(span.getKind()))
			.serviceName(origin.serviceName())
			.startTime(SdkValues.time(span.getStartEpochNanos()))
			.endTime(SdkValues.timeOrNull(span.getEndEpochNanos()))
			.status(status(span.getStatus().getStatusCode()))
			.statusMessage(SdkValues.nullIfEmpty(span.getStatus().getDescription()))
			.attributes(attributes(span, origin))
			.events(each(span.getEvents(), SpanMapping::event))
			.links(each(span.getLinks(), SpanMapping::link))
			.build();
	}

	/**
	 * Most spans have none, and a Java stream would cost more than the rest of such a
	 * span.
	 */
	private static <S, T> List<T> each(List<S> from, Function<S, T> mapping) {
		return from.isEmpty() ? List.of() : from.stream().map(mapping).toList();
	}

	private static Map<String, ?> attributes(SpanData span, SdkOrigin origin) {
		// once, because Spring Boot's spans assemble them again at each call
		Attributes given = span.getAttributes();
		Map<String, @Nullable Object> attributes = SdkValues.map(given);
		OtelAttributes.putMap(attributes, OtelAttributes.RESOURCE, origin.resource());
		OtelAttributes.putMap(attributes, OtelAttributes.SCOPE, origin.scopeMap());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.schemaUrl());
		OtelAttributes.putText(attributes, OtelAttributes.TRACE_STATE,
				SdkValues.text(span.getSpanContext().getTraceState()));
		OtelAttributes.putCount(attributes, OtelAttributes.FLAGS,
				SdkValues.flags(span.getSpanContext(), span.getParentSpanContext().isRemote()));
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES, dropped(span, given));
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_EVENTS,
				span.getTotalRecordedEvents() - span.getEvents().size());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_LINKS,
				span.getTotalRecordedLinks() - span.getLinks().size());
		return attributes;
	}

	/**
	 * Spring Boot's spans do not know what was left out, and would assemble their
	 * attributes once more to say so.
	 */
	private static int dropped(SpanData span, Attributes given) {
		return ASSEMBLED.equals(span.getClass().getName()) ? 0 : span.getTotalAttributeCount() - given.size();
	}

	private static SpanEvent event(EventData event) {
		Map<String, @Nullable Object> attributes = SdkValues.map(event.getAttributes());
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES, event.getDroppedAttributesCount());
		return new SpanEvent(event.getName(), SdkValues.time(event.getEpochNanos()), attributes);
	}

	private static SpanLink link(LinkData link) {
		Map<String, @Nullable Object> attributes = SdkValues.map(link.getAttributes());
		OtelAttributes.putText(attributes, OtelAttributes.TRACE_STATE,
				SdkValues.text(link.getSpanContext().getTraceState()));
		OtelAttributes.putCount(attributes, OtelAttributes.FLAGS,
				SdkValues.flags(link.getSpanContext(), link.getSpanContext().isRemote()));
		OtelAttributes.putCount(attributes, OtelAttributes.DROPPED_ATTRIBUTES,
				link.getTotalAttributeCount() - link.getAttributes().size());
		return new SpanLink(link.getSpanContext().getTraceId(), link.getSpanContext().getSpanId(), attributes);
	}

	private static SpanKind kind(io.opentelemetry.api.trace.SpanKind kind) {
		return switch (kind) {
			case SERVER -> SpanKind.SERVER;
			case CLIENT -> SpanKind.CLIENT;
			case PRODUCER -> SpanKind.PRODUCER;
			case CONSUMER -> SpanKind.CONSUMER;
			case INTERNAL -> SpanKind.INTERNAL;
		};
	}

	private static Status status(StatusCode code) {
		return switch (code) {
			case OK -> Status.OK;
			case ERROR -> Status.ERROR;
			case UNSET -> Status.UNSET;
		};
	}

}
