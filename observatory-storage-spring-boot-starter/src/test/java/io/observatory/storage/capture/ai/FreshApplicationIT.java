package io.observatory.storage.capture.ai;

import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.Rows;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.observation.DefaultVectorStoreObservationConvention;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationDocumentation;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * An application with web, actuator, Spring AI, Spring Boot's OpenTelemetry starter, this
 * starter and the URL of a database: what one request leaves there.
 */
class FreshApplicationIT {

	private static final String LOGGER = "desk.Weather";

	private static final String QUESTION = "What is the weather in Rome? CANARY-QUESTION";

	private static final String WITH_TOOL = SpringAiCaptureIT.WITH_TOOL;

	/** Name, type, unit; count or value; what the tokens are. */
	private static final List<String> METRICS = List.of("gen_ai.client.operation summary seconds 2",
			"gen_ai.client.token.usage counter 200 output", "gen_ai.client.token.usage counter 2000 input",
			"gen_ai.client.token.usage counter 2200 total", "http.server.requests summary seconds 1",
			"spring.ai.chat.client summary seconds 1", "spring.ai.tool summary seconds 1");

	private final String database = Postgres.migratedDatabase();

	private final JdbcTemplate jdbc = Postgres.jdbc(this.database);

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.web()
			.with(Desk.class)
			.capturing("opentelemetry", "logback", "micrometer")
			.with("spring.application.name", "weather-desk")
			.with("management.tracing.sampling.probability", 1)
			.with("logging.level." + LOGGER, "info")
			.with("spring.ai.tools.observations.include-content", true);
	}

	private App withoutTracer() {
		return SpringAiCaptureIT.withoutTracer(app()).with(Desk.class).with("spring.application.name", "weather-desk");
	}

	@Test
	void oneRequestIsOneTraceWithItsLogLinesAndMetrics() {
		request(app());
		List<StoredSpan> spans = StoredSpan.all(this.jdbc);
		assertThat(StoredSpan.tree(spans)).isEqualTo("http post /questions\n" + WITH_TOOL.indent(2));
		StoredSpan server = spans.get(0);
		assertTrace(spans, "http post /questions");
		assertThat(server.status()).isEqualTo("unset");
		assertSpan(server, "server", """
				{"method": "POST", "uri": "/questions", "status": "200", "outcome": "SUCCESS", "exception": "none",
				 "http.url": "/questions"}
				""");
		assertSpan(last("chat gpt-4o", spans), "internal",
				"""
						{"gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.provider.name": "openai",
						 "gen_ai.request.model": "gpt-4o", "gen_ai.response.model": "gpt-4o-2024-08-06", "gen_ai.request.temperature": 0.5,
						 "gen_ai.request.max_tokens": 100, "gen_ai.response.id": "answer-1",
						 "gen_ai.response.finish_reasons": ["stop"], "gen_ai.usage.input_tokens": 1000,
						 "gen_ai.usage.output_tokens": 100, "llm.usage.total_tokens": 1100,
						 "spring.ai.model.request.tool.names": ["weather"],
						 "llm.cost.amount_usd": 0.0035, "llm.cost.prompt_usd": 0.0025, "llm.cost.completion_usd": 0.001,
						 "llm.cost.source": "%s", "gen_ai.convention.version": "1.41.1",
						 "llm.provider": "openai", "llm.model": "gpt-4o", "llm.usage.prompt_tokens": 1000,
						 "llm.usage.completion_tokens": 100}
						"""
					.formatted(AnsweringChatModel.PRICES));
		StoredSpan tool = last("execute_tool weather", spans);
		assertSpan(tool, "internal", """
				{"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "weather", "gen_ai.tool.type": "function",
				 "gen_ai.tool.description": "the weather in a city", "gen_ai.tool.call.id": "call-1",
				 "gen_ai.provider.name": "spring_ai", "gen_ai.system": "spring_ai", "spring.ai.kind": "tool_call",
				 "spring.ai.tool.definition.name": "weather", "spring.ai.tool.type": "function",
				 "spring.ai.tool.definition.schema": %s, "gen_ai.convention.version": "1.41.1"}
				""".formatted(tool.attribute("spring.ai.tool.definition.schema")));
		assertThat(lines()).containsExactly(line("asked", server), line("looked out of the window", tool),
				line("answered", server));
		assertThat(metrics()).isEqualTo(METRICS);
		assertThat(Everything.in(this.jdbc)).doesNotContain("CANARY");
	}

	@Test
	void withoutATracerItIsOneTraceAllTheSame() {
		request(withoutTracer());
		List<StoredSpan> spans = StoredSpan.all(this.jdbc);
		assertThat(StoredSpan.tree(spans)).isEqualTo(WITH_TOOL);
		assertTrace(spans, "spring_ai chat_client");
		assertThat(last("chat gpt-4o", spans).attribute("gen_ai.usage.input_tokens")).isEqualTo(Json.tree("1000"));
		assertThat(lines()).containsExactly(line("asked"), line("looked out of the window"), line("answered"));
		assertThat(metrics()).isEqualTo(METRICS);
		assertThat(Everything.in(this.jdbc)).doesNotContain("CANARY");
	}

	@Test
	void whatIsSwitchedOffIsNotStored() {
		request(app().with("observatory.storage.capture.opentelemetry.enabled", false)
			.with("observatory.storage.capture.micrometer.enabled", false));
		assertThat(counts()).isEqualTo(Map.of("traces", 0L, "spans", 0L, "logs", 3L, "metrics", 0L, "points", 0L));
	}

	@Test
	void whatIsSwitchedOffWithoutATracerIsNotStored() {
		request(withoutTracer().with("observatory.storage.capture.spring-ai.enabled", false)
			.with("observatory.storage.capture.logback.enabled", false));
		assertThat(counts()).contains(Map.entry("traces", 0L), Map.entry("spans", 0L), Map.entry("logs", 0L));
		assertThat(metrics()).isEqualTo(METRICS);
	}

	@Test
	void contentIsNowhereUnlessAskedFor() {
		try (ConfigurableApplicationContext context = app().run()) {
			ChatClient client = context.getBean(ChatClient.class);
			client.prompt(QUESTION).tools(new Window()).stream().content().blockLast();
			assertThatThrownBy(() -> client.prompt(AnsweringChatModel.FAIL + " CANARY-ERROR").call().content())
				.isInstanceOf(IllegalStateException.class);
			VectorStoreObservationContext store = VectorStoreObservationContext.builder("pg_vector", "query")
				.queryRequest(SearchRequest.builder().query("CANARY-QUERY").filterExpression("a == 'CANARY'").build())
				.build();
			VectorStoreObservationDocumentation.AI_VECTOR_STORE
				.observation(null, new DefaultVectorStoreObservationConvention(), () -> store,
						context.getBean(ObservationRegistry.class))
				.observe(() -> {
				});
		}
		assertThat(Rows.count(this.database, "trace_spans")).isEqualTo(7 + 4 + 1);
		assertThat(Rows.of(this.database, "SELECT 1 FROM observatory.trace_spans WHERE status = 'error'")).hasSize(4);
		assertThat(Everything.in(this.jdbc)).doesNotContain("CANARY");
	}

	/**
	 * The end of the application stores what is not stored yet.
	 */
	private static void request(App app) {
		try (ConfigurableApplicationContext context = app.run()) {
			int port = ((WebServerApplicationContext) context).getWebServer().getPort();
			String answer = RestClient.create("http://localhost:" + port)
				.post()
				.uri("/questions")
				.body(QUESTION)
				.retrieve()
				.body(String.class);
			assertThat(answer).isEqualTo(AnsweringChatModel.ANSWER);
			// it is measured after it is answered, and registries are closed before the
			// server
			LongTaskTimer active = context.getBean(MeterRegistry.class)
				.get("http.server.requests.active")
				.longTaskTimer();
			await().until(() -> active.activeTasks() == 0);
		}
	}

	private void assertTrace(List<StoredSpan> spans, String root) {
		assertThat(spans).extracting(StoredSpan::trace).containsOnly(spans.get(0).trace());
		assertThat(spans).extracting(StoredSpan::service).containsOnly("weather-desk");
		assertThat(spans).filteredOn((span) -> !span.kind().equals("server"))
			.extracting(StoredSpan::status)
			.containsOnly("ok");
		assertThat(Rows.of(this.database,
				"SELECT id, root_span_name, span_count, service_name, status FROM observatory.traces"))
			.containsExactly(Map.of("id", spans.get(0).trace(), "root_span_name", root, "span_count", spans.size(),
					"service_name", "weather-desk", "status", "ok"));
	}

	private static void assertSpan(StoredSpan span, String kind, String attributes) {
		assertThat(span.kind()).isEqualTo(kind);
		assertThat(span.message()).isNull();
		assertThat(span.durationUs()).isPositive();
		ObjectNode own = ((ObjectNode) span.attributes()).deepCopy();
		JsonNode resource = own.remove("otel.resource");
		assertThat(resource.path("service.name").asString()).isEqualTo("weather-desk");
		assertThat(own.remove("otel.scope").path("name").asString()).isEqualTo("org.springframework.boot");
		// sampled, by a random trace id, and no parent in another process
		assertThat(own.remove("otel.flags")).isEqualTo(Json.tree(String.valueOf(0x103)));
		assertThat(own).isEqualTo(Json.tree(attributes));
	}

	private static StoredSpan last(String name, List<StoredSpan> spans) {
		return spans.stream().filter((span) -> span.name().equals(name)).reduce((a, b) -> b).orElseThrow();
	}

	/** All there are. */
	private List<String> lines() {
		return this.jdbc.queryForList("""
				SELECT concat_ws(' ', l.service_name, l.scope_name, l.severity_text, l.body, t.id, l.span_id)
				FROM observatory.logs l LEFT JOIN observatory.traces t ON t.trace_id = l.trace_id
				ORDER BY l.timestamp, l.id
				""", String.class);
	}

	private static String line(String body) {
		return "weather-desk " + LOGGER + " INFO " + body;
	}

	private static String line(String body, StoredSpan span) {
		return line(body) + " " + span.trace() + " " + span.spanId();
	}

	private List<String> metrics() {
		return this.jdbc.queryForList("""
				SELECT concat_ws(' ', m.name, m.metric_type, m.unit, p.count, p.value,
				                 p.attributes ->> 'gen_ai.token.type')
				FROM observatory.metrics m JOIN observatory.metric_data_points p ON p.metric_id = m.id
				WHERE m.service_name = 'weather-desk' AND m.name IN ('http.server.requests', 'gen_ai.client.operation',
				      'gen_ai.client.token.usage', 'spring.ai.chat.client', 'spring.ai.tool')
				ORDER BY 1
				""", String.class);
	}

	private Map<String, Object> counts() {
		return this.jdbc.queryForMap("""
				SELECT (SELECT count(*) FROM observatory.traces) AS traces,
				       (SELECT count(*) FROM observatory.trace_spans) AS spans,
				       (SELECT count(*) FROM observatory.logs) AS logs,
				       (SELECT count(*) FROM observatory.metrics) AS metrics,
				       (SELECT count(*) FROM observatory.metric_data_points) AS points
				""");
	}

	@Configuration(proxyBeanMethods = false)
	@Import(ChatApplication.class)
	@RestController
	static class Desk {

		private static final Logger logger = LoggerFactory.getLogger(LOGGER);

		private final ChatClient client;

		Desk(ChatClient client) {
			this.client = client;
		}

		@PostMapping("/questions")
		String answer(@RequestBody String question) {
			logger.info("asked");
			String answer = this.client.prompt(question).tools(new Window()).call().content();
			logger.info("answered");
			return answer;
		}

	}

	static class Window {

		@Tool(name = "weather", description = "the weather in a city")
		String weather(@ToolParam(required = false) String city) {
			Desk.logger.info("looked out of the window");
			return "sunny CANARY-RESULT";
		}

	}

}
