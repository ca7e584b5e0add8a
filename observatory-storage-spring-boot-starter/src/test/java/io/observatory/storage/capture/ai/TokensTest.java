package io.observatory.storage.capture.ai;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import com.anthropic.models.messages.MessageDeltaUsage;
import com.anthropic.models.messages.OutputTokensDetails;
import com.openai.models.completions.CompletionUsage;
import io.observatory.storage.llm.price.TokenUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Exceptions;

import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each provider's own counting, and the convention's.
 */
class TokensTest {

	@ParameterizedTest
	@ValueSource(strings = { "anthropic", "bedrock_converse" })
	void whatIsCachedBesideTheInputBecomesAPartOfIt(String provider) {
		assertThat(Tokens.of(provider, new DefaultUsage(10, 5, 15, null, 700L, 200L)))
			.isEqualTo(usage().prompt(910L).completion(5L).total(915L).cacheRead(700L).cacheWrite(200L).build());
		assertThat(Tokens.of(provider, new DefaultUsage(10, 5, 15, null, null, null)))
			.isEqualTo(usage().prompt(10L).completion(5L).total(15L).build());
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai", "deepseek", "mistral_ai", "a model of my own" })
	void whatIsCachedIsAPartOfTheInputOfOthers(String provider) {
		assertThat(Tokens.of(provider, new DefaultUsage(1000, 5, 1005, null, 700L, 200L)))
			.isEqualTo(usage().prompt(1000L).completion(5L).total(1005L).cacheRead(700L).cacheWrite(200L).build());
	}

	@Test
	void reasoningBesideTheOutputBecomesAPartOfIt() {
		assertThat(Tokens.of("google_genai", new DefaultUsage(1000, 50, 1250, null, 700L, null)))
			.isEqualTo(usage().prompt(1000L).completion(250L).total(1250L).cacheRead(700L).reasoning(200L).build());
		assertThat(Tokens.of("google_genai", new DefaultUsage(1000, 50, 1050)))
			.isEqualTo(usage().prompt(1000L).completion(50L).total(1050L).build());
	}

	@Test
	void reasoningIsInTheProvidersOwnObject() {
		CompletionUsage openAi = CompletionUsage.builder()
			.promptTokens(1000)
			.completionTokens(50)
			.totalTokens(1050)
			.promptTokensDetails(CompletionUsage.PromptTokensDetails.builder().cacheWriteTokens(30).build())
			.completionTokensDetails(CompletionUsage.CompletionTokensDetails.builder().reasoningTokens(40).build())
			.build();
		assertThat(Tokens.of("openai", new DefaultUsage(1000, 50, 1050, openAi, null, null)))
			.isEqualTo(usage().prompt(1000L).completion(50L).total(1050L).cacheWrite(30L).reasoning(40L).build());
		MessageDeltaUsage anthropic = MessageDeltaUsage.builder()
			.inputTokens(10)
			.outputTokens(50)
			.cacheCreationInputTokens(0L)
			.cacheReadInputTokens(0L)
			.serverToolUse(Optional.empty())
			.outputTokensDetails(OutputTokensDetails.builder().thinkingTokens(40).build())
			.build();
		assertThat(Tokens.of("anthropic", new DefaultUsage(10, 50, 60, anthropic, null, null)))
			.isEqualTo(usage().prompt(10L).completion(50L).total(60L).reasoning(40L).build());
	}

	@Test
	void whatWasNotToldIsNotKnown() {
		assertThat(Tokens.of("openai", null)).isNull();
		assertThat(Tokens.of("openai", new EmptyUsage())).isNull();
		assertThat(Tokens.of("anthropic", new DefaultUsage(0, 0, 0, null, 0L, 0L))).isNull();
		assertThat(Tokens.of("openai", new DefaultUsage(-1, 5, 4, "another's object", -1L, null)))
			.isEqualTo(usage().completion(5L).total(4L).build());
	}

	private static TokenUsage.Builder usage() {
		return TokenUsage.builder();
	}

	@Test
	void theTypeOfAFailureIsItsCauses() {
		Exception failure = new IllegalStateException();
		assertThat(ErrorType.of(failure)).isEqualTo("java.lang.IllegalStateException");
		assertThat(ErrorType.of(new CompletionException(new ExecutionException(failure))))
			.isEqualTo("java.lang.IllegalStateException");
		assertThat(ErrorType.of(Exceptions.propagate(new IOException(failure)))).isEqualTo("java.io.IOException");
		assertThat(ErrorType.of(new CompletionException("alone", null)))
			.isEqualTo("java.util.concurrent.CompletionException");
	}

}
