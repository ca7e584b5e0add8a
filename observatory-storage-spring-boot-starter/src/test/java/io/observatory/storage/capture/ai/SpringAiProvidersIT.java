package io.observatory.storage.capture.ai;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.capture.ai.FakeProviders.Answered;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Spring AI's own models of OpenAI and of Anthropic: what is stored of their calls is
 * what the provider says it answered.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringAiProvidersIT {

	private final FakeProviders providers = new FakeProviders();

	private ConfigurableApplicationContext application;

	private JdbcTemplate jdbc;

	private TraceWriter writer;

	@BeforeAll
	void start() {
		String database = Postgres.migratedDatabase();
		this.jdbc = Postgres.jdbc(database);
		this.application = StoredCalls
			.priced(SpringAiCaptureIT.withoutTracer(App.onSharedDataSource(Postgres.url(database))))
			.with(ProvidersApplication.class)
			.with("logging.level.org.springframework.ai", "off")
			.with("providers.url", this.providers.url())
			.run();
		this.writer = this.application.getBean(TraceWriter.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
		this.providers.close();
	}

	@BeforeEach
	void empty() {
		this.writer.flush();
		this.jdbc.execute("TRUNCATE observatory.traces, observatory.trace_spans");
		this.providers.takeLog();
	}

	@ParameterizedTest
	@CsvSource({ "openAi, false", "openAi, true", "anthropic, false", "anthropic, true" })
	void twoRoundsOfToolsAreWhatTheProviderAnswered(String provider, boolean streamed) {
		ask(client(provider), "What is the weather in Rome?", streamed);
		List<Map<String, Object>> calls = stored(3);
		StoredCalls.assertEqual(calls, this.providers.takeLog());
		assertThat(calls).extracting("conversation_id").containsOnly("conversation-1");
		assertThat(calls)
			.allSatisfy((call) -> assertThat(call.get("time_to_first_chunk_us") != null).isEqualTo(streamed));
		assertThat(this.jdbc.queryForList("SELECT cost_usd FROM observatory.llm_conversations", BigDecimal.class))
			.hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "openAi, false", "openAi, true", "anthropic, false", "anthropic, true" })
	void aModelByItselfAndAnAnswerThatIsCutOff(String provider, boolean streamed) {
		ChatModel model = this.application.getBean(provider + "ChatModel", ChatModel.class);
		Prompt prompt = new Prompt(FakeProviders.LONG);
		if (streamed) {
			model.stream(prompt).blockLast();
		}
		else {
			model.call(prompt);
		}
		List<Map<String, Object>> calls = stored(1);
		StoredCalls.assertEqual(calls, this.providers.takeLog());
		assertThat(calls.get(0).get("time_to_first_chunk_us") != null).isEqualTo(streamed);
	}

	@ParameterizedTest
	@CsvSource({ "openAi, false, 429, com.openai.errors.RateLimitException",
			"openAi, true, 429, com.openai.errors.RateLimitException",
			"openAi, false, 500, com.openai.errors.InternalServerException",
			"openAi, true, 500, com.openai.errors.InternalServerException",
			"anthropic, false, 429, com.anthropic.errors.RateLimitException",
			"anthropic, true, 429, com.anthropic.errors.RateLimitException",
			"anthropic, false, 500, com.anthropic.errors.InternalServerException",
			"anthropic, true, 500, com.anthropic.errors.InternalServerException" })
	void aRefusalIsTheProvidersErrorAllTheWayUp(String provider, boolean streamed, int status, String error) {
		assertThatThrownBy(() -> ask(client(provider), FakeProviders.STATUS + status, streamed))
			.isInstanceOf(RuntimeException.class);
		assertThat(stored(1)).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("failed", true)
				.containsEntry("error_type", error)
				.containsEntry("input_tokens", null)
				.containsEntry("cost_usd", null));
		assertThat(this.jdbc.queryForList("SELECT DISTINCT attributes ->> 'error.type' FROM observatory.trace_spans",
				String.class))
			.containsExactly(error);
		assertThat(this.providers.takeLog()).extracting(Answered::status).containsExactly(status);
		assertThat(Everything.in(this.jdbc)).doesNotContain("CANARY");
	}

	@ParameterizedTest
	@CsvSource({ "openAi, false", "openAi, true", "anthropic, false", "anthropic, true" })
	void aTimeOutIsAnError(String provider, boolean streamed) {
		ChatModel model = impatient(provider);
		Prompt prompt = new Prompt(FakeProviders.SILENCE);
		assertThatThrownBy(() -> {
			if (streamed) {
				model.stream(prompt).blockLast();
			}
			else {
				model.call(prompt);
			}
		}).isInstanceOf(RuntimeException.class);
		assertThat(stored(1)).singleElement()
			.satisfies((call) -> assertThat(call).containsEntry("failed", true)
				.extractingByKey("error_type")
				.asString()
				.doesNotContain("CompletionException"));
	}

	private ChatModel impatient(String provider) {
		ObservationRegistry registry = this.application.getBean(ObservationRegistry.class);
		Duration timeout = Duration.ofMillis(300);
		return provider.equals("openAi") ? ProvidersApplication.openAi(this.providers.url(), registry, timeout)
				: ProvidersApplication.anthropic(this.providers.url(), registry, timeout);
	}

	@ParameterizedTest
	@ValueSource(strings = { "openAi", "anthropic" })
	void aCancelledStreamKeepsWhatIsKnown(String provider) {
		client(provider).prompt(FakeProviders.ENDLESS).stream().content().take(2).blockLast();
		Map<String, Object> call = stored(1).get(0);
		assertThat(call).containsEntry("status", "unset").containsEntry("cost_usd", null);
		assertThat(call.get("time_to_first_chunk_us")).isNotNull();
		// Anthropic's chunks have neither before the last one
		assertThat(call).containsEntry("response_model", provider.equals("openAi") ? FakeProviders.OPENAI_MODEL : null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "openAi", "anthropic" })
	void aStreamThatBreaksOffIsAnErrorAndKeepsWhatIsKnown(String provider) {
		assertThatThrownBy(() -> client(provider).prompt(FakeProviders.BREAK).stream().content().blockLast())
			.isInstanceOf(RuntimeException.class);
		Map<String, Object> call = stored(1).get(0);
		assertThat(call).containsEntry("failed", true);
		assertThat(call.get("time_to_first_chunk_us")).isNotNull();
	}

	private ChatClient client(String provider) {
		return this.application.getBean(provider + "Client", ChatClient.class);
	}

	private static void ask(ChatClient client, String question, boolean streamed) {
		ChatClient.ChatClientRequestSpec request = client.prompt(question)
			.tools(new ChatApplication.Weather())
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "conversation-1"));
		if (streamed) {
			request.stream().content().blockLast();
		}
		else {
			request.call().content();
		}
	}

	private List<Map<String, Object>> stored(int calls) {
		return StoredCalls.await(this.jdbc, this.writer, calls);
	}

}
