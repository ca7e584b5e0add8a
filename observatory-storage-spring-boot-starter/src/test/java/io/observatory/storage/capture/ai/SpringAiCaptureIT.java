package io.observatory.storage.capture.ai;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Documented;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.observation.DefaultVectorStoreObservationConvention;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationDocumentation;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Spring AI in an application without a tracer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringAiCaptureIT {

	private static final String QUESTION = "What is the weather in Rome? CANARY-QUESTION";

	static final String WITH_TOOL = """
			spring_ai chat_client
			  tool _calling\s
			    call
			      chat gpt-4o
			    execute_tool weather
			    call
			      chat gpt-4o
			""";

	private static final String STREAMED_WITH_TOOL = WITH_TOOL.replace("    call\n", "    stream\n");

	private ConfigurableApplicationContext application;

	private JdbcTemplate jdbc;

	private TraceWriter writer;

	private ChatClient client;

	@BeforeAll
	void start() {
		String database = Postgres.migratedDatabase();
		this.jdbc = Postgres.jdbc(database);
		this.application = withoutTracer(App.onSharedDataSource(Postgres.url(database)))
			.with("observatory.storage.capture.prices[house-model].input", 7)
			.with("spring.ai.tools.observations.include-content", true)
			.run();
		this.writer = this.application.getBean(TraceWriter.class);
		this.client = this.application.getBean(ChatClient.class);
	}

	static App withoutTracer(App app) {
		return app.with(ChatApplication.class)
			.with("spring.application.name", "chat-app")
			.with("spring.autoconfigure.exclude",
					"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure."
							+ "OpenTelemetryTracingAutoConfiguration");
	}

	@AfterAll
	void stop() {
		Logs.assertConserved(this.writer);
		this.application.close();
	}

	@BeforeEach
	void empty() {
		this.writer.flush();
		this.jdbc.execute("TRUNCATE observatory.traces, observatory.trace_spans, observatory.logs");
	}

	@Test
	void aCallWithAToolIsOneTrace() {
		assertThat(ask(QUESTION)).isEqualTo(AnsweringChatModel.ANSWER);
		List<StoredSpan> spans = stored(7);
		assertThat(StoredSpan.tree(spans)).isEqualTo(WITH_TOOL);
		assertThat(spans).extracting(StoredSpan::trace).containsOnly(spans.get(0).trace());
		assertThat(spans).extracting(StoredSpan::service).containsOnly("chat-app");
		assertThat(spans).extracting(StoredSpan::status).containsOnly("ok");
		assertThat(this.jdbc.queryForList(
				"SELECT root_span_name || ' ' || span_count || ' ' || status FROM observatory.traces", String.class))
			.containsExactly("spring_ai chat_client 7 ok");
	}

	@Test
	void aChatHasItsValuesWithTheirTypes() {
		ask(QUESTION);
		StoredSpan last = named("chat gpt-4o", stored(7)).get(1);
		assertThat(last.kind()).isEqualTo("client");
		assertThat(last.attributes()).isEqualTo(Json.tree("""
				{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
				 "gen_ai.response.model": "gpt-4o-2024-08-06", "gen_ai.request.temperature": 0.5,
				 "gen_ai.request.max_tokens": 100, "gen_ai.response.id": "answer-1",
				 "gen_ai.response.finish_reasons": ["stop"], "gen_ai.usage.input_tokens": 1000,
				 "gen_ai.usage.output_tokens": 100, "llm.usage.total_tokens": 1100,
				 "spring.ai.model.request.tool.names": ["weather"], "gen_ai.conversation.id": "conversation-1",
				 "llm.cost.amount_usd": 0.0035, "llm.cost.prompt_usd": 0.0025, "llm.cost.completion_usd": 0.001,
				 "llm.cost.source": "%s", "gen_ai.convention.version": "1.41.1",
				 "llm.provider": "openai", "llm.model": "gpt-4o", "llm.usage.prompt_tokens": 1000,
				 "llm.usage.completion_tokens": 100, "llm.latency.total_ms": %d}
				""".formatted(AnsweringChatModel.PRICES, last.attribute("llm.latency.total_ms").asLong())));
	}

	@Test
	void toolAndClientAndAdvisorHaveTheirValues() {
		ask(QUESTION);
		List<StoredSpan> spans = stored(7);
		StoredSpan tool = named("execute_tool weather", spans).get(0);
		assertThat(tool.kind()).isEqualTo("internal");
		assertThat(tool.attribute("gen_ai.operation.name").asString()).isEqualTo("execute_tool");
		assertThat(tool.attribute("gen_ai.tool.name").asString()).isEqualTo("weather");
		assertThat(tool.attribute("gen_ai.tool.type").asString()).isEqualTo("function");
		assertThat(tool.attribute("gen_ai.tool.call.id").asString()).isEqualTo("call-1");
		assertThat(tool.attribute("gen_ai.tool.description").asString()).isEqualTo("the weather in a city");
		StoredSpan client = spans.get(0);
		assertThat(client.attribute("spring.ai.chat.client.stream").isBoolean()).isTrue();
		assertThat(client.attribute("spring.ai.chat.client.tool.names")).isEqualTo(Json.tree("[\"weather\"]"));
		assertThat(client.attribute("gen_ai.usage.input_tokens").isMissingNode()).isTrue();
		StoredSpan advisor = named("tool _calling ", spans).get(0);
		assertThat(advisor.attribute("spring.ai.advisor.name").asString()).isEqualTo("Tool Calling Advisor");
		assertThat(advisor.attribute("spring.ai.advisor.order").isIntegralNumber()).isTrue();
		assertThat(spans).extracting((span) -> span.attribute("gen_ai.conversation.id").asString())
			.containsOnly("conversation-1");
	}

	@Test
	void aStreamWithAToolIsOneTrace() {
		String answer = this.client.prompt(QUESTION)
			.tools(new ChatApplication.Weather())
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "conversation-1"))
			.stream()
			.content()
			.collectList()
			.map((chunks) -> String.join("", chunks))
			.block();
		assertThat(answer).isEqualTo(AnsweringChatModel.ANSWER);
		List<StoredSpan> spans = stored(7);
		assertThat(StoredSpan.tree(spans)).isEqualTo(STREAMED_WITH_TOOL);
		assertThat(spans).extracting(StoredSpan::trace).containsOnly(spans.get(0).trace());
		assertThat(named("chat gpt-4o", spans)).hasSize(2).allSatisfy((chat) -> {
			assertThat(chat.attribute("gen_ai.request.stream")).isEqualTo(Json.tree("true"));
			assertThat(chat.attribute("gen_ai.usage.input_tokens")).isEqualTo(Json.tree("1000"));
			assertThat(chat.attribute("gen_ai.response.time_to_first_chunk").isNumber()).isTrue();
			assertThat(chat.attribute("gen_ai.response.time_to_first_chunk").asDouble()).isBetween(0.0,
					chat.durationUs() / 1e6);
			assertThat(chat.attribute("llm.latency.ttft_ms").isIntegralNumber()).isTrue();
			assertThat(chat.attribute("gen_ai.conversation.id").asString()).isEqualTo("conversation-1");
		});
	}

	@Test
	void whatIsNotStreamedHasNoFirstChunk() {
		ask(QUESTION);
		assertThat(stored(7)).allSatisfy(
				(span) -> assertThat(span.attribute("gen_ai.response.time_to_first_chunk").isMissingNode()).isTrue());
	}

	@Test
	void aModelByItselfIsATraceOfItsOwn() {
		ChatModel model = this.application.getBean(ChatModel.class);
		model.call(new Prompt("one"));
		model.stream(new Prompt("two")).blockLast();
		List<StoredSpan> spans = stored(2);
		assertThat(spans).extracting(StoredSpan::parent).containsOnlyNulls();
		assertThat(spans.get(0).trace()).isNotEqualTo(spans.get(1).trace());
		assertThat(spans.get(1).attribute("gen_ai.response.time_to_first_chunk").isNumber()).isTrue();
	}

	@Test
	void callsBelowOneObservationShareItsTrace() {
		ObservationRegistry registry = this.application.getBean(ObservationRegistry.class);
		ChatModel model = this.application.getBean(ChatModel.class);
		Observation.createNotStarted("http.server.requests", registry).observe(() -> {
			model.call(new Prompt("one"));
			Observation.createNotStarted("inner", registry).observe(() -> {
				ask(QUESTION);
				model.stream(new Prompt("two")).blockLast();
			});
		});
		List<StoredSpan> spans = stored(9);
		assertThat(spans).extracting(StoredSpan::trace).containsOnly(spans.get(0).trace());
		assertThat(spans).filteredOn((span) -> span.parent() == null)
			.extracting(StoredSpan::name)
			.containsExactly("chat gpt-4o", "spring_ai chat_client", "chat gpt-4o");
	}

	@Test
	void anErrorIsOneAllTheWayUp() {
		assertThatThrownBy(() -> this.client.prompt(AnsweringChatModel.FAIL + " CANARY-ERROR").call().content())
			.isInstanceOf(IllegalStateException.class);
		assertThatThrownBy(
				() -> this.client.prompt(AnsweringChatModel.FAIL + " CANARY-ERROR").stream().content().blockLast())
			.isInstanceOf(IllegalStateException.class);
		assertThat(stored(8)).allSatisfy((span) -> {
			assertThat(span.status()).isEqualTo("error");
			assertThat(span.message()).isNull();
			assertThat(span.attribute("error.type").asString()).isEqualTo("java.lang.IllegalStateException");
		});
		assertThat(this.jdbc.queryForList("SELECT status FROM observatory.traces", String.class))
			.containsExactly("error", "error");
		assertNowhere("CANARY");
	}

	@Test
	void aCancelledStreamIsNeitherOkNorAnError() {
		this.application.getBean(ChatModel.class).stream(new Prompt("one")).take(1).blockLast();
		StoredSpan span = stored(1).get(0);
		assertThat(span.status()).isEqualTo("unset");
		assertThat(span.attribute("gen_ai.response.time_to_first_chunk").isNumber()).isTrue();
	}

	@Test
	void streamsSideBySideKeepApart() throws InterruptedException {
		int streams = 20;
		CountDownLatch done = new CountDownLatch(streams);
		for (int i = 0; i < streams; i++) {
			this.client.prompt(QUESTION)
				.tools(new ChatApplication.Weather())
				.stream()
				.content()
				.subscribeOn(Schedulers.parallel())
				.doFinally((signal) -> done.countDown())
				.subscribe();
		}
		assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
		List<StoredSpan> spans = stored(streams * 7);
		assertThat(spans.stream().map(StoredSpan::trace).distinct()).hasSize(streams)
			.allSatisfy((trace) -> assertThat(
					StoredSpan.tree(spans.stream().filter((span) -> span.trace().equals(trace)).toList()))
				.isEqualTo(STREAMED_WITH_TOOL));
	}

	@Test
	void embeddingsAndVectorStores() {
		ObservationRegistry registry = this.application.getBean(ObservationRegistry.class);
		EmbeddingModelObservationContext embedding = EmbeddingModelObservationContext.builder()
			.embeddingRequest(new EmbeddingRequest(List.of("CANARY-TEXT"),
					EmbeddingOptions.builder().model("text-embedding-3-small").dimensions(256).build()))
			.provider("openai")
			.build();
		EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION
			.observation(null, new DefaultEmbeddingModelObservationConvention(), () -> embedding, registry)
			.observe(() -> embedding.setResponse(new EmbeddingResponse(List.of(new Embedding(new float[] { 1 }, 0)),
					new EmbeddingResponseMetadata("text-embedding-3-small", new DefaultUsage(1_000_000, 0)))));
		VectorStoreObservationContext store = VectorStoreObservationContext.builder("pg_vector", "query")
			.collectionName("documents")
			.dimensions(256)
			.queryRequest(SearchRequest.builder().query("CANARY-QUERY").topK(3).similarityThreshold(0.5).build())
			.build();
		VectorStoreObservationDocumentation.AI_VECTOR_STORE
			.observation(null, new DefaultVectorStoreObservationConvention(), () -> store, registry)
			.observe(() -> store.setQueryResponse(List.of(new Document("CANARY-DOCUMENT"), new Document("b"))));
		List<StoredSpan> spans = stored(2);
		StoredSpan embeddings = named("embedding text-embedding-3-small", spans).get(0);
		assertThat(embeddings.attribute("gen_ai.operation.name").asString()).isEqualTo("embeddings");
		assertThat(embeddings.attribute("gen_ai.embeddings.dimension.count")).isEqualTo(Json.tree("256"));
		assertThat(embeddings.attribute("gen_ai.usage.input_tokens")).isEqualTo(Json.tree("1000000"));
		assertThat(embeddings.attribute("llm.cost.amount_usd")).isEqualTo(Json.tree("0.02"));
		StoredSpan query = named("pg_vector query", spans).get(0);
		assertThat(query.attribute("db.vector.query.top_k")).isEqualTo(Json.tree("3"));
		assertThat(query.attribute("db.vector.query.similarity_threshold")).isEqualTo(Json.tree("0.5"));
		assertThat(query.attribute("db.vector.dimension_count")).isEqualTo(Json.tree("256"));
		assertThat(query.attribute("db.response.returned_rows")).isEqualTo(Json.tree("2"));
		assertNowhere("CANARY");
	}

	@Test
	void contentIsNowhereUnlessAskedFor() {
		ask(QUESTION);
		this.client.prompt(QUESTION).tools(new ChatApplication.Weather()).stream().content().blockLast();
		stored(14);
		assertNowhere("CANARY");
		assertNowhere("Rome");
	}

	@Test
	void theDocumentedQuestionsHaveTheirAnswers() {
		ask(QUESTION);
		ask(QUESTION);
		this.client.prompt("two")
			.advisors((a) -> a.param(ChatMemory.CONVERSATION_ID, "conversation-2"))
			.call()
			.content();
		assertThatThrownBy(() -> this.client.prompt(AnsweringChatModel.FAIL).call().content())
			.isInstanceOf(IllegalStateException.class);
		stored(2 * 7 + 4 + 4);
		logOfTheFailure();
		Map<String, List<Map<String, Object>>> answers = new HashMap<>();
		Documented.sql("capture.md").forEach((name, sql) -> answers.put(name, this.jdbc.queryForList(sql)));
		Documented.sql("sql.md").forEach((name, sql) -> answers.put(name, this.jdbc.queryForList(sql)));
		assertThat(answers.get("cost-per-model-and-day")).hasSize(2)
			.first()
			.satisfies((row) -> assertThat(row).containsEntry("model", AnsweringChatModel.MODEL)
				.containsEntry("calls", 5L)
				.containsEntry("input_tokens", new BigDecimal("5000"))
				.containsEntry("output_tokens", new BigDecimal("500"))
				.containsEntry("cost_usd", new BigDecimal("0.0175")));
		assertThat(answers.get("cost-of-the-week")).hasSize(2);
		assertThat(answers.get("cost-per-service-and-user")).singleElement()
			.satisfies(
					(row) -> assertThat(row).containsEntry("calls", 6L).containsEntry("usd", new BigDecimal("0.0175")));
		assertThat(answers.get("cost-against-the-week-before")).first()
			.satisfies((row) -> assertThat(row).containsEntry("this_week", new BigDecimal("0.0175"))
				.containsEntry("week_before", null));
		assertThat(answers.get("slowest-calls")).hasSize(6)
			.isSortedAccordingTo(
					Comparator.comparing((Map<String, Object> row) -> (BigDecimal) row.get("ms")).reversed())
			.allSatisfy((row) -> assertThat(row).containsEntry("root_span_name", "spring_ai chat_client"));
		assertThat(answers.get("latency-per-model")).extracting("model", "calls")
			.containsExactly(tuple(AnsweringChatModel.MODEL, 5L), tuple("gpt-4o", 1L));
		assertThat(answers.get("latency-per-hour")).extracting("name").contains("chat gpt-4o", "execute_tool weather");
		assertThat(answers.get("tokens-per-conversation")).extracting("conversation_id", "calls")
			.containsExactly(tuple("conversation-1", 4L), tuple("conversation-2", 1L));
		assertThat(answers.get("calls-of-a-conversation")).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("model", AnsweringChatModel.MODEL)
				.containsEntry("asked", null));
		assertThat(answers.get("error-rate")).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("request_model", "gpt-4o")
				.containsEntry("calls", 6L)
				.containsEntry("errors", 1L)
				.containsEntry("percent", new BigDecimal("16.67")));
		assertThat(answers.get("logs-of-a-failed-call")).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("span_name", "chat gpt-4o"));
		assertThat(answers.get("cut-answers")).extracting("calls", "cut_off")
			.containsExactlyInAnyOrder(tuple(5L, 0L), tuple(1L, 0L));
		// nobody had a conversation as long or gave a score; the others are asked where
		// there are requests and meters
		assertThat(answers.entrySet()).filteredOn((answer) -> answer.getValue().isEmpty())
			.extracting(Map.Entry::getKey)
			.containsExactlyInAnyOrder("long-conversations", "requests-per-minute", "requests-per-pod",
					"growth-of-counters", "scores-per-model", "worst-answers", "scores-of-conversations",
					"users-against-evaluations");
	}

	private void logOfTheFailure() {
		this.jdbc.update("INSERT INTO observatory.logs (id, timestamp, body, service_name, trace_id, span_id) "
				+ "SELECT gen_random_uuid(), now(), 'gave up', service_name, trace_id, span_id "
				+ "FROM observatory.llm_calls WHERE failed");
	}

	private String ask(String question) {
		return this.client.prompt(question)
			.tools(new ChatApplication.Weather())
			.advisors((advisors) -> advisors.param(ChatMemory.CONVERSATION_ID, "conversation-1"))
			.call()
			.content();
	}

	/** A stream stops its observations after it told that it was done. */
	private List<StoredSpan> stored(int count) {
		await().untilAsserted(() -> {
			this.writer.flush();
			assertThat(StoredSpan.all(this.jdbc)).hasSize(count);
		});
		WriteStats stats = Logs.assertConserved(this.writer);
		assertThat(stats.droppedTotal() + stats.deadLettered()).isZero();
		return StoredSpan.all(this.jdbc);
	}

	private static List<StoredSpan> named(String name, List<StoredSpan> spans) {
		List<StoredSpan> named = spans.stream().filter((span) -> span.name().equals(name)).toList();
		assertThat(named).isNotEmpty();
		return named;
	}

	private void assertNowhere(String text) {
		assertThat(Everything.in(this.jdbc)).doesNotContain(text);
	}

}
