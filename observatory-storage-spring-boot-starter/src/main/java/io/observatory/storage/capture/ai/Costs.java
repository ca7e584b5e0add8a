package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.LlmAttributes;
import io.observatory.storage.llm.TokenUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Tokens, which decide what a call costs.
 */
final class Costs {

	/**
	 * Returns the usage, or null if the provider did not tell it: Spring AI says zero
	 * then.
	 */
	static @Nullable TokenUsage usage(@Nullable Usage usage) {
		if (usage == null) {
			return null;
		}
		Long prompt = number(usage.getPromptTokens());
		Long completion = number(usage.getCompletionTokens());
		Long total = number(usage.getTotalTokens());
		if (isZero(prompt) && isZero(completion) && isZero(total)) {
			return null;
		}
		return TokenUsage.builder()
			.prompt(prompt)
			.completion(completion)
			.total(total)
			.cacheRead(notNegative(usage.getCacheReadInputTokens()))
			.cacheWrite(notNegative(usage.getCacheWriteInputTokens()))
			.build();
	}

	private static @Nullable Long number(@Nullable Integer value) {
		return (value != null) ? notNegative(value.longValue()) : null;
	}

	private static @Nullable Long notNegative(@Nullable Long value) {
		return (value != null && value >= 0) ? value : null;
	}

	private static boolean isZero(@Nullable Long value) {
		return value == null || value == 0;
	}

	void add(Attributes attributes, String provider, @Nullable String requestModel, @Nullable String responseModel,
			@Nullable TokenUsage usage) {
		if (usage == null) {
			return;
		}
		attributes.put(LlmAttributes.INPUT_TOKENS, usage.prompt());
		attributes.put(LlmAttributes.OUTPUT_TOKENS, usage.completion());
		attributes.put(LlmAttributes.TOTAL_TOKENS, usage.total());
		attributes.put(LlmAttributes.CACHE_READ_TOKENS, usage.cacheRead());
		attributes.put(LlmAttributes.CACHE_WRITE_TOKENS, usage.cacheWrite());
		attributes.put(LlmAttributes.CACHE_WRITE_HOUR_TOKENS, usage.cacheWriteHour());
	}

}
