package io.observatory.storage.sample.it;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/**
 * Results of evaluations as OpenTelemetry's convention has them
 * ({@code gen_ai.evaluation.result}), and what is none.
 */
final class Evaluations {

	private static final String EVENT = "gen_ai.evaluation.result";

	private Evaluations() {
	}

	/** Records some, and returns the span that most of them are about. */
	static SpanContext record(Tracer tracer, Logger logger, String own) {
		Span span = tracer.spanBuilder("chat gpt-4o").startSpan();
		span.addEvent(EVENT, result("Relevance").put("gen_ai.evaluation.score.value", 0.5).build());
		// later, and so it is the one that is kept
		span.addEvent(EVENT,
				result("Relevance").put("gen_ai.evaluation.score.value", 4.0)
					.put("gen_ai.evaluation.score.label", "relevant")
					.put("gen_ai.evaluation.explanation", "To the point.")
					.put("gen_ai.response.id", "resp-of-the-span")
					.build());
		span.addEvent(EVENT, result("Failed").put("error.type", "timeout").build());
		span.addEvent("another event", result("Another").put("gen_ai.evaluation.score.value", 1L).build());
		span.addEvent(EVENT, result("x".repeat(300)).put("gen_ai.evaluation.score.value", 1L).build());
		span.end();

		Context inSpan = Context.root().with(span);
		event(logger).setEventName(EVENT)
			.setContext(inSpan)
			.setAllAttributes(result("Groundedness").put("gen_ai.evaluation.score.value", 1L).build())
			.emit();
		event(logger).setContext(inSpan)
			.setAllAttributes(
					result("OlderEvent").put("event.name", EVENT).put("gen_ai.evaluation.score.value", "0.25").build())
			.emit();
		event(logger).setEventName(EVENT)
			.setAllAttributes(result("Correct").put("gen_ai.evaluation.score.label", "pass")
				.put("gen_ai.response.id", "resp " + own)
				.build())
			.emit();
		event(logger).setEventName(EVENT)
			.setAllAttributes(result("Solved").put("gen_ai.evaluation.score.value", Double.NaN)
				.put("gen_ai.evaluation.score.label", "yes")
				.put("gen_ai.conversation.id", "conversation " + own)
				.build())
			.emit();
		event(logger).setEventName(EVENT)
			.setAllAttributes(result("AboutNothing").put("gen_ai.evaluation.score.value", 1L).build())
			.emit();
		event(logger).setEventName("gen_ai.choice")
			.setContext(inSpan)
			.setAllAttributes(result("Another").put("gen_ai.evaluation.score.value", 1L).build())
			.emit();
		return span.getSpanContext();
	}

	private static LogRecordBuilder event(Logger logger) {
		return logger.logRecordBuilder().setContext(Context.root());
	}

	private static AttributesBuilder result(String name) {
		return Attributes.builder().put("gen_ai.evaluation.name", name);
	}

	/** Returns what is to be stored of them. */
	static List<List<Object>> expected(SpanContext span, String own) {
		return List.of(
				Arrays.asList(span.getTraceId(), span.getSpanId(), null, null, "Relevance", 4.0, "relevant",
						"To the point."),
				Arrays.asList(span.getTraceId(), span.getSpanId(), null, null, "Groundedness", 1.0, null, null),
				Arrays.asList(span.getTraceId(), span.getSpanId(), null, null, "OlderEvent", 0.25, null, null),
				Arrays.asList(null, null, null, "resp " + own, "Correct", null, "pass", null),
				Arrays.asList(null, null, "conversation " + own, null, "Solved", null, "yes", null));
	}

	/** Returns of a row what {@link #expected} has. */
	static List<Object> told(Map<String, Object> row) {
		return Arrays.asList(row.get("trace_id"), row.get("span_id"), row.get("conversation_id"),
				row.get("response_id"), row.get("name"), row.get("value"), row.get("label"), row.get("comment"));
	}

}
