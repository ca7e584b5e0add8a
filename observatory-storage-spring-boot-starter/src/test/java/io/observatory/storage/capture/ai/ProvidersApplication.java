package io.observatory.storage.capture.ai;

import java.time.Duration;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application with Spring AI's own models of OpenAI and of Anthropic, and a client of
 * each, all at the address {@code providers.url}.
 */
@Configuration(proxyBeanMethods = false)
public class ProvidersApplication {

	@Bean
	OpenAiChatModel openAiChatModel(@Value("${providers.url}") String url, ObservationRegistry registry) {
		return openAi(url, registry, Duration.ofSeconds(30));
	}

	static OpenAiChatModel openAi(String url, ObservationRegistry registry, Duration timeout) {
		return OpenAiChatModel.builder()
			.options(OpenAiChatOptions.builder()
				.baseUrl(url + "/v1")
				.apiKey("none")
				.model("gpt-4.1")
				.timeout(timeout)
				.maxRetries(0)
				.build())
			.observationRegistry(registry)
			.build();
	}

	@Bean
	AnthropicChatModel anthropicChatModel(@Value("${providers.url}") String url, ObservationRegistry registry) {
		return anthropic(url, registry, Duration.ofSeconds(30));
	}

	static AnthropicChatModel anthropic(String url, ObservationRegistry registry, Duration timeout) {
		return AnthropicChatModel.builder()
			.options(AnthropicChatOptions.builder()
				.baseUrl(url)
				.apiKey("none")
				.model("claude-sonnet-4-5")
				.maxTokens(100)
				.timeout(timeout)
				.maxRetries(0)
				.build())
			.observationRegistry(registry)
			.build();
	}

	@Bean
	ChatClient openAiClient(OpenAiChatModel model, ObservationRegistry registry) {
		return ChatClient.create(model, registry);
	}

	@Bean
	ChatClient anthropicClient(AnthropicChatModel model, ObservationRegistry registry) {
		return ChatClient.create(model, registry);
	}

}
