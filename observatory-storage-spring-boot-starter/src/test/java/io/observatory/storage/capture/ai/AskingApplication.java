package io.observatory.storage.capture.ai;

import java.util.List;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * An application with everything on that asks each provider, with tools and without,
 * streamed and not, one time in vain, and ends.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = JdbcSessionAutoConfiguration.class)
@Import(ProvidersApplication.class)
public class AskingApplication {

	/** How many calls of models these are. */
	static final int CALLS = 2 * (3 + 3 + 1);

	public static void main(String[] args) {
		try (ConfigurableApplicationContext context = SpringApplication.run(AskingApplication.class, args)) {
			List.of("openAi", "anthropic")
				.forEach((provider) -> ask(context.getBean(provider + "Client", ChatClient.class)));
		}
		// threads of the providers' libraries live on
		System.exit(0);
	}

	private static void ask(ChatClient client) {
		client.prompt("What is the weather in Rome?").tools(new ChatApplication.Weather()).call().content();
		client.prompt("What is the weather in Rome?")
			.tools(new ChatApplication.Weather())
			.stream()
			.content()
			.blockLast();
		try {
			client.prompt(FakeProviders.STATUS + 429).call().content();
			throw new AssertionError("There was to be no answer");
		}
		catch (RuntimeException ex) {
			// as asked
		}
	}

}
