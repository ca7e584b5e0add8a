package io.observatory.storage.capture.ai;

import java.util.List;

import io.observatory.storage.model.Redactor;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What people, models and tools said, when it is asked for.
 */
class SpringAiContentIT {

	private static final String SECRETS = "I am alice@example.com, my card is 4111 1111 1111 1111, "
			+ "my key sk-proj-0123456789abcdefghij and header Authorization: Bearer 0123456789abcdef";

	private final String database = Postgres.migratedDatabase();

	private final JdbcTemplate jdbc = Postgres.jdbc(this.database);

	/** What was in the database before it was emptied. */
	private String everything = "";

	@Test
	void isStoredMaskedAndCut() {
		try (ConfigurableApplicationContext context = app().with("observatory.storage.capture.attribute-names", "both")
			.with("observatory.storage.capture.max-content-length", 500)
			.run()) {
			isStoredMasked(context);
			longContentIsCutAfterItIsMasked(context);
			messagesOfErrorsAreContent(context);
		}
	}

	private void isStoredMasked(ConfigurableApplicationContext context) {
		context.getBean(ChatClient.class).prompt(SECRETS).tools(new ChatApplication.Weather()).call().content();
		List<StoredSpan> spans = stored(context, 7);
		StoredSpan chat = spans.stream().filter((span) -> span.name().equals("chat gpt-4o")).toList().get(1);
		String masked = "I am [redacted:email], my card is [redacted:card], my key [redacted:api-key] and header "
				+ "Authorization: Bearer [redacted:bearer]";
		assertThat(chat.attribute("gen_ai.input.messages")).isEqualTo(Json.tree("""
				[{"role": "user", "parts": [{"type": "text", "content": "%s"}]},
				 {"role": "assistant", "parts": [{"type": "tool_call", "id": "call-1", "name": "weather",
				   "arguments": "{\\"city\\":\\"Rome CANARY-ARGUMENT\\",\\"password\\":\\"[redacted]\\"}"}]},
				 {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call-1",
				   "response": "\\"sunny CANARY-RESULT, ask [redacted:email] or pay with [redacted:card]\\""}]}]
				""".formatted(masked)));
		assertThat(chat.attribute("gen_ai.output.messages")).isEqualTo(Json.tree("""
				[{"role": "assistant", "parts": [{"type": "text", "content": "%s"}], "finish_reason": "stop"}]
				""".formatted(AnsweringChatModel.ANSWER)));
		assertThat(chat.attribute("llm.input").path("messages").path(0)).isEqualTo(Json.tree("""
				{"role": "user", "content": "%s"}
				""".formatted(masked)));
		assertThat(chat.attribute("llm.output").path("content").asString()).isEqualTo(AnsweringChatModel.ANSWER);
		StoredSpan tool = spans.stream()
			.filter((span) -> span.name().startsWith("execute_tool"))
			.findFirst()
			.orElseThrow();
		assertThat(tool.attribute("gen_ai.tool.call.arguments").asString()).contains("CANARY-ARGUMENT", "[redacted]");
		assertThat(tool.attribute("gen_ai.tool.call.result").asString()).contains("CANARY-RESULT", "[redacted:card]");
		assertThat(this.everything).contains("CANARY-RESULT")
			.doesNotContain("example.com", "4111 1111", "0123456789abcdef", "hunter2");
	}

	private void longContentIsCutAfterItIsMasked(ConfigurableApplicationContext context) {
		String card = "4111 1111 1111 1111";
		// the bound lies within the number
		String question = "x".repeat(490) + " " + card + " " + "y".repeat(1000);
		context.getBean(ChatModel.class)
			.call(new Prompt(
					List.of(new SystemMessage("first"), new UserMessage("second"), new UserMessage(question))));
		JsonNode messages = stored(context, 1).get(0).attribute("gen_ai.input.messages");
		assertThat(messages).hasSize(3);
		assertThat(messages.path(0).path("parts").path(0).path("content").asString())
			.as("the system's message, which counts in the bound")
			.isEqualTo("first");
		assertThat(messages.path(1)).isEqualTo(Json.tree("{\"cut\": 1}"));
		assertThat(messages.path(2).path("parts").path(0).path("content").asString())
			.isEqualTo("x".repeat(490) + " [red…[cut from " + (490 + 1 + "[redacted:card]".length() + 1 + 1000) + "]");
		assertThat(this.everything).doesNotContain("4111 ");
	}

	private void messagesOfErrorsAreContent(ConfigurableApplicationContext context) {
		assertThatThrownBy(() -> context.getBean(ChatModel.class).call(AnsweringChatModel.FAIL + " alice@example.com"))
			.isInstanceOf(IllegalStateException.class);
		StoredSpan span = stored(context, 1).get(0);
		assertThat(span.message()).isEqualTo("cannot answer: please fail [redacted:email]");
		assertThat(span.attribute("error.type").asString()).isEqualTo("java.lang.IllegalStateException");
	}

	@Test
	void isLeftOutWhenTheRedactorFails() {
		try (ConfigurableApplicationContext context = app().with(FailingRedactor.class).run()) {
			context.getBean(ChatModel.class).call("CANARY");
			StoredSpan span = stored(context, 1).get(0);
			assertThat(span.attributes()).isEqualTo(Json.tree("{\"observatory.redaction\": \"failed\"}"));
			assertThat(this.everything).doesNotContain("CANARY");
		}
	}

	private App app() {
		return SpringAiCaptureIT.withoutTracer(App.onSharedDataSource(Postgres.url(this.database)))
			.with("observatory.storage.capture.content", true);
	}

	private List<StoredSpan> stored(ConfigurableApplicationContext context, int count) {
		await().untilAsserted(() -> {
			context.getBean(TraceWriter.class).flush();
			assertThat(StoredSpan.all(this.jdbc)).hasSize(count);
		});
		List<StoredSpan> spans = StoredSpan.all(this.jdbc);
		this.everything = Everything.in(this.jdbc);
		this.jdbc.execute("TRUNCATE observatory.traces, observatory.trace_spans");
		return spans;
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ChatApplication.class)
	static class FailingRedactor {

		@Bean
		Redactor failingRedactor() {
			return new Redactor() {
				@Override
				public TraceSpan redact(TraceSpan span) {
					throw new IllegalStateException(span.attributes().toString());
				}
			};
		}

	}

}
