package io.observatory.storage.sample.chat;

import io.micrometer.observation.ObservationRegistry;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The chat, on with {@code demo.chat}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("demo.chat")
class ChatConfiguration {

	@Bean
	ShopModel shopModel(ObservationRegistry registry) {
		return new ShopModel(registry);
	}

	@Bean
	DemoChat demoChat(ChatClient.Builder builder, ObservationRegistry registry) {
		return new DemoChat(builder.defaultSystem(ShopModel.SYSTEM).defaultTools(new ShopTools()).build(), registry);
	}

}
