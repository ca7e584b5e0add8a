package io.observatory.storage.capture.ai;

import java.util.List;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Spring AI in an application with Micrometer Tracing: its values are on the tracer's own
 * spans, and there are no others.
 */
class SpringAiTracerIT {

	private final String database = Postgres.migratedDatabase();

	private final JdbcTemplate jdbc = Postgres.jdbc(this.database);

	@Test
	void valuesAreOnTheTracersSpanAndThereIsNoOther() {
		try (ConfigurableApplicationContext context = app().run()) {
			ask(context);
			List<SpanData> spans = exported(context, 7);
			SpanData chat = named("chat gpt-4o", spans);
			assertTyped(chat.getAttributes());
			assertEachNameOnce(spans);
			assertThat(named("execute_tool weather", spans).getAttributes().get(stringKey("gen_ai.tool.name")))
				.isEqualTo("weather");
			assertThat(spans.toString()).doesNotContain("CANARY");
			assertNothingStored(context);
		}
	}

	private static void assertTyped(Attributes attributes) {
		assertThat(attributes.get(longKey("gen_ai.usage.input_tokens"))).isEqualTo(1000);
		assertThat(attributes.get(longKey("gen_ai.usage.output_tokens"))).isEqualTo(100);
		assertThat(attributes.get(longKey("llm.usage.total_tokens"))).isEqualTo(1100);
		assertThat(attributes.get(longKey("gen_ai.request.max_tokens"))).isEqualTo(100);
		assertThat(attributes.get(doubleKey("gen_ai.request.temperature"))).isEqualTo(0.5);
		assertThat(attributes.get(doubleKey("llm.cost.amount_usd"))).isEqualTo(0.0035);
		assertThat(attributes.get(stringArrayKey("gen_ai.response.finish_reasons"))).hasSize(1);
		assertThat(attributes.get(stringKey("gen_ai.provider.name"))).isEqualTo("openai");
		assertThat(attributes.get(stringKey("gen_ai.conversation.id"))).isEqualTo("conversation-1");
		assertThat(attributes.get(stringKey("llm.cost.source"))).startsWith("genai-prices ");
	}

	/** OpenTelemetry takes a name twice if the types differ. */
	private static void assertEachNameOnce(List<SpanData> spans) {
		assertThat(spans).allSatisfy(
				(span) -> assertThat(span.getAttributes().asMap().keySet().stream().map(AttributeKey::getKey).toList())
					.doesNotHaveDuplicates());
	}

	@Test
	void streamsHaveTheirFirstChunkAndTheirParents() {
		try (ConfigurableApplicationContext context = app().run()) {
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			Observation.createNotStarted("outer", registry)
				.observe(() -> context.getBean(ChatClient.class)
					.prompt("What is the weather?")
					.tools(new ChatApplication.Weather())
					.stream()
					.content()
					.blockLast());
			List<SpanData> spans = exported(context, 8);
			assertThat(spans).extracting(SpanData::getTraceId).containsOnly(spans.get(0).getTraceId());
			Double firstChunk = named("chat gpt-4o", spans).getAttributes()
				.get(doubleKey("gen_ai.response.time_to_first_chunk"));
			assertThat(firstChunk).isNotNull().isNotNegative();
			assertEachNameOnce(spans);
			assertNothingStored(context);
		}
	}

	@Test
	void contentIsMaskedOnTheTracersSpanToo() {
		try (ConfigurableApplicationContext context = app().with("observatory.storage.capture.content", true).run()) {
			context.getBean(ChatModel.class).call("CANARY of alice@example.com");
			Attributes attributes = named("chat gpt-4o", exported(context, 1)).getAttributes();
			assertThat(Json.tree(attributes.get(stringKey("gen_ai.input.messages")))).isEqualTo(Json.tree("""
					[{"role": "user", "parts": [{"type": "text", "content": "CANARY of [redacted:email]"}]}]
					"""));
			assertThat(attributes.asMap().values().toString()).doesNotContain("alice");
			assertNothingStored(context);
		}
	}

	@Test
	void aTraceThatIsNotSampledIsNotStoredByOthersEither() {
		try (ConfigurableApplicationContext context = app(0).run()) {
			ask(context);
			exported(context, 0);
			assertNothingStored(context);
		}
	}

	private App app() {
		return app(1);
	}

	private App app(double probability) {
		return App.onSharedDataSource(Postgres.url(this.database))
			.with(TracedChat.class)
			.with("management.tracing.sampling.probability", probability);
	}

	private static void ask(ConfigurableApplicationContext context) {
		context.getBean(ChatClient.class)
			.prompt("What is the weather? CANARY-QUESTION")
			.tools(new ChatApplication.Weather())
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "conversation-1"))
			.call()
			.content();
	}

	private static List<SpanData> exported(ConfigurableApplicationContext context, int count) {
		InMemorySpanExporter exporter = context.getBean(InMemorySpanExporter.class);
		await().untilAsserted(() -> {
			context.getBean(SdkTracerProvider.class).forceFlush();
			assertThat(exporter.getFinishedSpanItems()).hasSize(count);
		});
		return exporter.getFinishedSpanItems();
	}

	private static SpanData named(String name, List<SpanData> spans) {
		return spans.stream().filter((span) -> span.getName().equals(name)).findFirst().orElseThrow();
	}

	private void assertNothingStored(ConfigurableApplicationContext context) {
		TraceWriter writer = context.getBean(TraceWriter.class);
		writer.flush();
		assertThat(writer.writeStats().accepted()).isZero();
		assertThat(this.jdbc.queryForMap("""
				SELECT (SELECT count(*) FROM observatory.traces) AS traces,
				       (SELECT count(*) FROM observatory.trace_spans) AS spans
				""")).isEqualTo(Map.of("traces", 0L, "spans", 0L));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ChatApplication.class)
	static class TracedChat {

		@Bean
		InMemorySpanExporter inMemorySpanExporter() {
			return InMemorySpanExporter.create();
		}

	}

}
