package io.observatory.storage.capture;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.TraceSpan;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's event {@code gen_ai.evaluation.result} (semantic conventions for
 * generative AI, "Events", in development) as a {@link Score}, whether it came with a
 * span or as a log record. The event itself is stored, too, so nothing of it is lost.
 * <p>
 * It is about the span that it belongs to; a log record without one is about the response
 * that it names, else about its trace, else about its conversation. An event without a
 * name, without anything to be about, or with neither a value nor a label, as of an
 * evaluation that failed, is no score.
 */
public final class EvaluationResult {

	private static final String EVENT = "gen_ai.evaluation.result";

	private static final String NAME = "gen_ai.evaluation.name";

	private static final String VALUE = "gen_ai.evaluation.score.value";

	private static final String LABEL = "gen_ai.evaluation.score.label";

	private static final String EXPLANATION = "gen_ai.evaluation.explanation";

	private static final String RESPONSE_ID = "gen_ai.response.id";

	private EvaluationResult() {
	}

	/** Returns the scores among the events of a span. */
	public static List<Score> in(TraceSpan span) {
		if (span.events().isEmpty()) {
			return List.of();
		}
		List<Score> scores = List.of();
		for (SpanEvent event : span.events()) {
			if (EVENT.equals(event.name())) {
				Score.Builder score = Score.builder().traceId(span.traceId()).spanId(span.spanId());
				scores = with(scores, score, event.attributes(), event.timestamp(), span.serviceName());
			}
		}
		return scores;
	}

	/** Returns the score that a log record is, or none. */
	public static List<Score> in(LogRecord log) {
		if (!EVENT.equals(log.attributes().get(OtelAttributes.EVENT_NAME))
				&& !EVENT.equals(log.attributes().get(OtelAttributes.OLDER_EVENT_NAME))) {
			return List.of();
		}
		Score.Builder score = target(log);
		return (score != null) ? with(List.of(), score, log.attributes(), log.timestamp(), log.serviceName())
				: List.of();
	}

	private static Score.@Nullable Builder target(LogRecord log) {
		String responseId = text(log.attributes(), RESPONSE_ID);
		if (log.traceId() != null && (log.spanId() != null || responseId == null)) {
			return Score.builder().traceId(log.traceId()).spanId(log.spanId());
		}
		if (responseId != null) {
			return Score.builder().responseId(responseId);
		}
		String conversationId = text(log.attributes(), LlmAttributes.CONVERSATION_ID);
		if (conversationId == null) {
			conversationId = text(log.attributes(), "session.id");
		}
		return (conversationId != null) ? Score.builder().conversationId(conversationId) : null;
	}

	private static List<Score> with(List<Score> scores, Score.Builder score, Map<String, ?> event, Instant time,
			String serviceName) {
		String name = text(event, NAME);
		Double value = number(event.get(VALUE));
		String label = text(event, LABEL);
		if (name == null || (value == null && label == null)) {
			return scores;
		}
		List<Score> more = new ArrayList<>(scores);
		more.add(score.name(name)
			.source(Score.Source.EVALUATION)
			.value(value)
			.label(label)
			.comment(text(event, EXPLANATION))
			.timestamp(time)
			.serviceName(serviceName)
			.build());
		return more;
	}

	private static @Nullable String text(Map<String, ?> attributes, String name) {
		Object value = attributes.get(name);
		return (value == null || value.toString().isEmpty()) ? null : value.toString();
	}

	/** Some senders have all values as texts. */
	private static @Nullable Double number(@Nullable Object value) {
		if (value instanceof Boolean flag) {
			return flag ? 1.0 : 0.0;
		}
		try {
			double number = (value != null) ? Double.parseDouble(value.toString()) : Double.NaN;
			return Double.isFinite(number) ? number : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
