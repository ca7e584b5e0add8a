package io.observatory.storage.model;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What somebody or something thought of an answer. It is about exactly one of a trace, a
 * span of a trace, a conversation, and a response of a model. It has a value, a label or
 * both.
 * <p>
 * A score of the same name and source about the same thing replaces this one if its time
 * is later, whichever of them arrives first.
 *
 * @param traceId The trace that it is about, or that its span belongs to.
 * @param spanId The span that it is about; only together with a trace.
 * @param conversationId The conversation that it is about (OpenTelemetry's
 * {@code gen_ai.conversation.id}), at most 128 characters.
 * @param responseId The response that it is about (OpenTelemetry's
 * {@code gen_ai.response.id}), at most 128 characters, for those who know neither trace
 * nor span.
 * @param name What was judged, such as {@code helpful}, at most 255 characters.
 * @param source Whose opinion it is.
 * @param value The opinion as a finite number; 1 for true and 0 for false.
 * @param label The opinion as a text, such as {@code pass}; a longer one than 255
 * characters is cut. {@code true} or {@code false} with the value of a boolean.
 * @param comment The reasons.
 * @param timestamp When it was given.
 * @param serviceName The service that recorded it, at most 255 characters.
 */
public record Score(@Nullable String traceId, @Nullable String spanId, @Nullable String conversationId,
		@Nullable String responseId, String name, Source source, @Nullable Double value, @Nullable String label,
		@Nullable String comment, Instant timestamp, String serviceName) {

	public static Builder builder() {
		return new Builder();
	}

	/** Returns a builder with the values of this record. */
	public Builder toBuilder() {
		return builder().traceId(this.traceId)
			.spanId(this.spanId)
			.conversationId(this.conversationId)
			.responseId(this.responseId)
			.name(this.name)
			.source(this.source)
			.value(this.value)
			.label(this.label)
			.comment(this.comment)
			.timestamp(this.timestamp)
			.serviceName(this.serviceName);
	}

	@Override
	public String toString() {
		return "Score[name=" + this.name + ", source=" + this.source + "]";
	}

	/**
	 * Whose opinion a score is.
	 */
	public enum Source {

		/** Somebody who got the answer. */
		USER,

		/** Somebody whose task it is to judge answers. */
		REVIEWER,

		/** A program, such as a model that judges answers. */
		EVALUATION;

		/** Returns the text stored in {@code scores.source}. */
		public String text() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Builds a {@link Score}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable String traceId;

		private @Nullable String spanId;

		private @Nullable String conversationId;

		private @Nullable String responseId;

		private @Nullable String name;

		private @Nullable Source source;

		private @Nullable Double value;

		private @Nullable String label;

		private @Nullable String comment;

		private @Nullable Instant timestamp;

		private @Nullable String serviceName;

		private Builder() {
		}

		public Builder traceId(@Nullable String traceId) {
			this.traceId = traceId;
			return this;
		}

		public Builder spanId(@Nullable String spanId) {
			this.spanId = spanId;
			return this;
		}

		public Builder conversationId(@Nullable String conversationId) {
			this.conversationId = conversationId;
			return this;
		}

		public Builder responseId(@Nullable String responseId) {
			this.responseId = responseId;
			return this;
		}

		public Builder name(String name) {
			this.name = name;
			return this;
		}

		public Builder source(Source source) {
			this.source = source;
			return this;
		}

		public Builder value(@Nullable Number value) {
			this.value = (value != null) ? value.doubleValue() : null;
			return this;
		}

		/** Sets the value 1 with the label {@code true}, or 0 with {@code false}. */
		public Builder value(boolean value) {
			this.value = value ? 1.0 : 0.0;
			this.label = String.valueOf(value);
			return this;
		}

		public Builder label(@Nullable String label) {
			this.label = label;
			return this;
		}

		public Builder comment(@Nullable String comment) {
			this.comment = comment;
			return this;
		}

		public Builder timestamp(Instant timestamp) {
			this.timestamp = timestamp;
			return this;
		}

		public Builder serviceName(String serviceName) {
			this.serviceName = serviceName;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it
		 */
		public Score build() {
			return new Score(this.traceId, this.spanId, this.conversationId, this.responseId,
					Check.required(this.name, "Score", "name"), Check.required(this.source, "Score", "source"),
					this.value, this.label, this.comment, Check.required(this.timestamp, "Score", "timestamp"),
					Check.required(this.serviceName, "Score", "serviceName"));
		}

	}

}
