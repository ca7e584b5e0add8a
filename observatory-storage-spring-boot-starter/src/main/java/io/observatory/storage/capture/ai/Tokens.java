package io.observatory.storage.capture.ai;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import com.anthropic.models.messages.CacheCreation;
import com.anthropic.models.messages.MessageDeltaUsage;
import com.anthropic.models.messages.OutputTokensDetails;
import com.openai.models.completions.CompletionUsage;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.price.TokenUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Counts the tokens of a call as in OpenTelemetry's convention, however the provider
 * does: the input includes cached tokens, the output includes reasoning.
 * <p>
 * Anthropic, and Amazon Bedrock like it, count as input only what follows the cached
 * part. OpenAI includes cached tokens in those of the prompt. Google counts thoughts in
 * the total, but not among those of the candidates.
 */
final class Tokens {

	/**
	 * Providers, by Spring AI's names, that do not include cached tokens in the input.
	 */
	private static final Set<String> CACHED_BESIDE_INPUT = Set.of("anthropic", "bedrock_converse");

	/** Providers that do not include reasoning in the output. */
	private static final Set<String> REASONING_BESIDE_OUTPUT = Set.of("google_genai");

	/**
	 * How to read a provider's own object, by the name of its class, because an
	 * application has only the libraries of some providers.
	 */
	private static final Map<String, Function<Object, Details>> DETAILS = Map.of(
			"com.openai.models.completions.CompletionUsage", (usage) -> ofOpenAi((CompletionUsage) usage),
			"com.anthropic.models.messages.Usage", (usage) -> ofAnthropic((com.anthropic.models.messages.Usage) usage),
			"com.anthropic.models.messages.MessageDeltaUsage", (usage) -> ofAnthropic((MessageDeltaUsage) usage));

	private Tokens() {
	}

	private static Details ofOpenAi(CompletionUsage usage) {
		return new Details(
				usage.promptTokensDetails().flatMap(CompletionUsage.PromptTokensDetails::cacheWriteTokens).orElse(null),
				null,
				usage.completionTokensDetails()
					.flatMap(CompletionUsage.CompletionTokensDetails::reasoningTokens)
					.orElse(null));
	}

	private static Details ofAnthropic(com.anthropic.models.messages.Usage usage) {
		return new Details(null, usage.cacheCreation().map(CacheCreation::ephemeral1hInputTokens).orElse(null),
				usage.outputTokensDetails().map(OutputTokensDetails::thinkingTokens).orElse(null));
	}

	private static Details ofAnthropic(MessageDeltaUsage usage) {
		return new Details(null, null,
				usage.outputTokensDetails().map(OutputTokensDetails::thinkingTokens).orElse(null));
	}

	/**
	 * Adds the tokens of a call to its attributes; its cost depends on them.
	 */
	static void describe(@Nullable TokenUsage usage, Attributes attributes) {
		if (usage != null) {
			attributes.put(LlmAttributes.INPUT_TOKENS, usage.prompt());
			attributes.put(LlmAttributes.OUTPUT_TOKENS, usage.completion());
			attributes.put(LlmAttributes.TOTAL_TOKENS, usage.total());
			attributes.put(LlmAttributes.CACHE_READ_TOKENS, usage.cacheRead());
			attributes.put(LlmAttributes.CACHE_WRITE_TOKENS, usage.cacheWrite());
			attributes.put(LlmAttributes.CACHE_WRITE_HOUR_TOKENS, usage.cacheWriteHour());
			attributes.put(LlmAttributes.REASONING_TOKENS, usage.reasoning());
		}
	}

	/**
	 * Returns whether the provider reported the usage; if not, Spring AI reports zero.
	 */
	static boolean isKnown(@Nullable Usage usage) {
		return usage != null && (isPositive(usage.getPromptTokens()) || isPositive(usage.getCompletionTokens())
				|| isPositive(usage.getTotalTokens()));
	}

	private static boolean isPositive(@Nullable Integer tokens) {
		return tokens != null && tokens > 0;
	}

	/**
	 * Returns the tokens of a call, or null if the provider did not report them.
	 * @param provider the provider, by Spring AI's name
	 * @param usage the reported usage
	 */
	static @Nullable TokenUsage of(String provider, @Nullable Usage usage) {
		if (usage == null || !isKnown(usage)) {
			return null;
		}
		Details details = details(usage);
		TokenUsage told = TokenUsage.builder()
			.prompt(notNegative(usage.getPromptTokens()))
			.completion(notNegative(usage.getCompletionTokens()))
			.total(notNegative(usage.getTotalTokens()))
			.cacheRead(notNegative(usage.getCacheReadInputTokens()))
			.cacheWrite(notNegative(first(usage.getCacheWriteInputTokens(), details.cacheWrite())))
			.cacheWriteHour(notNegative(details.cacheWriteHour()))
			.reasoning(notNegative(details.reasoning()))
			.build();
		if (CACHED_BESIDE_INPUT.contains(provider)) {
			return withCachedInInput(told);
		}
		return REASONING_BESIDE_OUTPUT.contains(provider) ? withReasoningInOutput(told) : told;
	}

	private static TokenUsage withCachedInInput(TokenUsage told) {
		return TokenUsage.builder()
			.prompt(orZero(told.prompt()) + orZero(told.cacheRead()) + orZero(told.cacheWrite()))
			.completion(told.completion())
			.cacheRead(told.cacheRead())
			.cacheWrite(told.cacheWrite())
			.cacheWriteHour(told.cacheWriteHour())
			.reasoning(told.reasoning())
			.build();
	}

	private static TokenUsage withReasoningInOutput(TokenUsage told) {
		long reasoning = orZero(told.total()) - orZero(told.prompt()) - orZero(told.completion());
		if (reasoning <= 0) {
			return told;
		}
		return TokenUsage.builder()
			.prompt(told.prompt())
			.completion(orZero(told.completion()) + reasoning)
			.total(told.total())
			.cacheRead(told.cacheRead())
			.cacheWrite(told.cacheWrite())
			.reasoning(reasoning)
			.build();
	}

	private static Details details(Usage usage) {
		Object own = usage.getNativeUsage();
		Function<Object, Details> reader = (own != null) ? DETAILS.get(own.getClass().getName()) : null;
		return (own != null && reader != null) ? reader.apply(own) : Details.NONE;
	}

	private static @Nullable Long first(@Nullable Long one, @Nullable Long other) {
		return (one != null) ? one : other;
	}

	private static long orZero(@Nullable Long tokens) {
		return (tokens != null) ? tokens : 0;
	}

	private static @Nullable Long notNegative(@Nullable Number tokens) {
		return (tokens != null && tokens.longValue() >= 0) ? tokens.longValue() : null;
	}

	/** Numbers that Spring AI does not have itself. */
	private record Details(@Nullable Long cacheWrite, @Nullable Long cacheWriteHour, @Nullable Long reasoning) {

		private static final Details NONE = new Details(null, null, null);

	}

}
