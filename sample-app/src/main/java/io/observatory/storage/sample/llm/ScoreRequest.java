package io.observatory.storage.sample.llm;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;

import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.Score;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Score} as JSON. Required are a name, a value or label, and what it is about. A
 * value may be a number, true, false, or a text, which is then the label. Without a
 * source it is a user's; without a time it was given now.
 */
record ScoreRequest(@Nullable String traceId, @Nullable String spanId, @Nullable String conversationId,
		@Nullable String responseId, @Nullable String name, Score.@Nullable Source source, @Nullable Object value,
		@Nullable String label, @Nullable String comment, @Nullable Instant timestamp, @Nullable String serviceName) {

	/** Reads scores. */
	static JsonRecords<Score> json(Clock clock) {
		return new JsonRecords<>("score", ScoreRequest.class, (request) -> request.toScore(clock.instant()));
	}

	/**
	 * Returns the score.
	 * @param now the time of one that has none
	 * @throws IllegalArgumentException when a field is missing or out of bounds, naming
	 * it
	 */
	Score toScore(Instant now) {
		if (this.name == null) {
			throw new IllegalArgumentException("name is required");
		}
		Score.Builder score = Score.builder()
			.traceId(this.traceId)
			.spanId(this.spanId)
			.conversationId(this.conversationId)
			.responseId(this.responseId)
			.name(this.name)
			.source(Objects.requireNonNullElse(this.source, Score.Source.USER))
			.comment(this.comment)
			.timestamp(Objects.requireNonNullElse(this.timestamp, now))
			.serviceName(Objects.requireNonNullElse(this.serviceName, LlmSpan.DEFAULT_SERVICE_NAME));
		setValue(score);
		return score.build();
	}

	private void setValue(Score.Builder score) {
		if (this.value instanceof Boolean flag) {
			score.value(flag.booleanValue());
		}
		else if (this.value instanceof Number number) {
			score.value(number);
		}
		else if (this.value instanceof String text) {
			score.label(text);
		}
		else if (this.value != null) {
			throw new IllegalArgumentException("value must be a number, a text, true or false");
		}
		if (this.label != null) {
			if (this.value instanceof String) {
				throw new IllegalArgumentException("label must not be given beside a value that is a text");
			}
			score.label(this.label);
		}
	}

}
