package io.observatory.storage.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.capture.ai.ChatApplication;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The spans of a chat as the tracer hands them to an exporter: those of Spring AI, with
 * what capture adds to them.
 */
final class ChatSpans {

	private static final List<SpanData> SPANS = collected();

	private ChatSpans() {
	}

	/** Returns the spans of one call of a chat client. */
	static List<SpanData> get() {
		return SPANS;
	}

	private static List<SpanData> collected() {
		try (ConfigurableApplicationContext application = App.onSharedDataSource(Postgres.url(Postgres.emptyDatabase()))
			.with(Collected.class)
			.with("management.tracing.sampling.probability", 1)
			.capturing("opentelemetry")
			.run()) {
			application.getBean(ChatClient.class).prompt("What is the weather in Rome?").call().content();
			application.getBean(SdkTracerProvider.class).forceFlush().join(30, TimeUnit.SECONDS);
			return new ArrayList<>(application.getBean(InMemorySpanExporter.class).getFinishedSpanItems());
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ChatApplication.class)
	static class Collected {

		@Bean
		InMemorySpanExporter collectingExporter() {
			return InMemorySpanExporter.create();
		}

	}

}
