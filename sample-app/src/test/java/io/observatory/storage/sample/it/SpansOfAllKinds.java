package io.observatory.storage.sample.it;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;

/**
 * Two traces that between them have all that a span can have: one of three levels, and
 * one whose root is in another process.
 */
final class SpansOfAllKinds {

	private SpansOfAllKinds() {
	}

	static void record(Tracer tracer, String secret) {
		Span root = tracer.spanBuilder("GET /orders").setSpanKind(SpanKind.SERVER).startSpan();
		allAttributes(root, secret);
		Span child = tracer.spanBuilder("SELECT orders")
			.setSpanKind(SpanKind.CLIENT)
			.setParent(Context.root().with(root))
			.addLink(remote("11111111111111111111111111111111", "2222222222222222"),
					Attributes.builder().put("why", "batch").put("too", "many").build())
			.addLink(root.getSpanContext())
			.addLink(remote("33333333333333333333333333333333", "4444444444444444"))
			.startSpan();
		allEvents(child);
		Span grandchild = tracer.spanBuilder("compute").setParent(Context.root().with(child)).startSpan();
		grandchild.end();
		child.setStatus(StatusCode.ERROR, "deadlock");
		child.end();
		root.setStatus(StatusCode.OK);
		root.end();
		tracer.spanBuilder("consume")
			.setSpanKind(SpanKind.CONSUMER)
			.setParent(
					Context.root().with(Span.wrap(remote(IdGenerator.random().generateTraceId(), "6666666666666666"))))
			.startSpan()
			.end();
		tracer.spanBuilder("produce").setSpanKind(SpanKind.PRODUCER).setNoParent().startSpan().end();
	}

	private static void allAttributes(Span span, String secret) {
		span.setAttribute("string", secret + " ✓");
		span.setAttribute("long", Long.MAX_VALUE);
		span.setAttribute("double", 1.0 / 3);
		span.setAttribute("large", 1e300);
		span.setAttribute("nan", Double.NaN);
		span.setAttribute("boolean", true);
		span.setAttribute("empty", "");
		span.setAttribute(AttributeKey.stringArrayKey("strings"), List.of("a", "b"));
		span.setAttribute(AttributeKey.longArrayKey("longs"), List.of(1L, -2L));
		span.setAttribute(AttributeKey.doubleArrayKey("doubles"), List.of(0.5, 2.0));
		span.setAttribute(AttributeKey.booleanArrayKey("booleans"), List.of(true, false));
		span.setAttribute("twelfth", 12);
		span.setAttribute("dropped", "one too many");
	}

	private static void allEvents(Span span) {
		span.addEvent("plain");
		span.addEvent("timed", Attributes.builder().put("n", 1).put("m", 2).put("dropped", 3).build(),
				1_741_064_767_123_456_789L, TimeUnit.NANOSECONDS);
		span.addEvent("third");
		span.addEvent("dropped");
	}

	private static SpanContext remote(String traceId, String spanId) {
		return SpanContext.createFromRemoteParent(traceId, spanId, TraceFlags.getSampled(),
				TraceState.builder().put("vendor", "x1").put("other", "y").build());
	}

}
