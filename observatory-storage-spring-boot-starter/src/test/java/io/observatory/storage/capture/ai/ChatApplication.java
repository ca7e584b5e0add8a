package io.observatory.storage.capture.ai;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application with a chat and a tool.
 */
@Configuration(proxyBeanMethods = false)
public class ChatApplication {

	@Bean
	AnsweringChatModel answeringChatModel(ObservationRegistry registry) {
		return new AnsweringChatModel(registry);
	}

	@Bean
	ChatClient chatClient(ChatClient.Builder builder) {
		return builder.build();
	}

	static class Weather {

		@Tool(name = "weather", description = "the weather in a city")
		String weather(@ToolParam(required = false) String city, @ToolParam(required = false) String password) {
			return "sunny CANARY-RESULT, ask weather@example.com or pay with 4111 1111 1111 1111";
		}

	}

}
