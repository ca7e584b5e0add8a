package io.observatory.storage.llm.price;

import io.observatory.storage.model.Check;
import org.jspecify.annotations.Nullable;

/**
 * How many tokens a call used; null is unknown, which is not 0. {@code toString()} shows
 * nothing of it.
 *
 * @param prompt tokens of the input, cached ones included; not negative
 * @param completion tokens of the output, reasoning included; not negative
 * @param total all tokens as the provider counts them; prompt + completion where it is
 * null and both are known; not negative
 * @param cacheRead input tokens taken from the provider's cache; not negative
 * @param cacheWrite input tokens written to the provider's cache; not negative
 * @param cacheWriteHour those of them that are kept there for an hour; not negative
 * @param reasoning output tokens spent on reasoning; not negative
 * @param promptAudio input tokens that are sound, cached ones not included; not negative
 * @param completionAudio output tokens that are sound; not negative
 */
public record TokenUsage(@Nullable Long prompt, @Nullable Long completion, @Nullable Long total,
		@Nullable Long cacheRead, @Nullable Long cacheWrite, @Nullable Long cacheWriteHour, @Nullable Long reasoning,
		@Nullable Long promptAudio, @Nullable Long completionAudio) {

	/**
	 * Checks the bounds and derives the total.
	 * @throws IllegalArgumentException when a number is negative, naming it
	 */
	public TokenUsage {
		Check.notNegative(prompt, "TokenUsage", "prompt");
		Check.notNegative(completion, "TokenUsage", "completion");
		Check.notNegative(total, "TokenUsage", "total");
		Check.notNegative(cacheRead, "TokenUsage", "cacheRead");
		Check.notNegative(cacheWrite, "TokenUsage", "cacheWrite");
		Check.notNegative(cacheWriteHour, "TokenUsage", "cacheWriteHour");
		Check.notNegative(reasoning, "TokenUsage", "reasoning");
		Check.notNegative(promptAudio, "TokenUsage", "promptAudio");
		Check.notNegative(completionAudio, "TokenUsage", "completionAudio");
		if (total == null && prompt != null && completion != null) {
			total = prompt + completion;
		}
	}

	/** Returns the usage of a call of which input and output are known. */
	public static TokenUsage of(long prompt, long completion) {
		return builder().prompt(prompt).completion(completion).build();
	}

	public static Builder builder() {
		return new Builder();
	}

	@Override
	public String toString() {
		return "TokenUsage";
	}

	/**
	 * Builds a {@link TokenUsage}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable Long prompt;

		private @Nullable Long completion;

		private @Nullable Long total;

		private @Nullable Long cacheRead;

		private @Nullable Long cacheWrite;

		private @Nullable Long cacheWriteHour;

		private @Nullable Long reasoning;

		private @Nullable Long promptAudio;

		private @Nullable Long completionAudio;

		private Builder() {
		}

		public Builder prompt(@Nullable Long prompt) {
			this.prompt = prompt;
			return this;
		}

		public Builder completion(@Nullable Long completion) {
			this.completion = completion;
			return this;
		}

		public Builder total(@Nullable Long total) {
			this.total = total;
			return this;
		}

		public Builder cacheRead(@Nullable Long cacheRead) {
			this.cacheRead = cacheRead;
			return this;
		}

		public Builder cacheWrite(@Nullable Long cacheWrite) {
			this.cacheWrite = cacheWrite;
			return this;
		}

		public Builder cacheWriteHour(@Nullable Long cacheWriteHour) {
			this.cacheWriteHour = cacheWriteHour;
			return this;
		}

		public Builder reasoning(@Nullable Long reasoning) {
			this.reasoning = reasoning;
			return this;
		}

		public Builder promptAudio(@Nullable Long promptAudio) {
			this.promptAudio = promptAudio;
			return this;
		}

		public Builder completionAudio(@Nullable Long completionAudio) {
			this.completionAudio = completionAudio;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws IllegalArgumentException when a number is negative, naming it
		 */
		public TokenUsage build() {
			return new TokenUsage(this.prompt, this.completion, this.total, this.cacheRead, this.cacheWrite,
					this.cacheWriteHour, this.reasoning, this.promptAudio, this.completionAudio);
		}

	}

}
