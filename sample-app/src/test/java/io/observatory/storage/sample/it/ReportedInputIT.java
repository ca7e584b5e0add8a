package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observatory.storage.sample.SampleApplication;
import io.observatory.storage.table.Layout;
import io.observatory.storage.writer.Writer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Input that other receivers of OTLP were reported to get wrong (each test names the
 * public report), sent here, and what becomes of it in SQL and on the page. Times in the
 * files are relative to now: {@code @{-60s}}.
 */
class ReportedInputIT {

	private static final Pattern CHART = Pattern.compile("data-chart=\"([^\"]*)\"");

	private static final HttpClient client = HttpClient.newHttpClient();

	/** A whole second: times would else lie between two of a chart. */
	private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

	private static ConfigurableApplicationContext context;

	private static TestDatabase database;

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		context = new SpringApplicationBuilder(SampleApplication.class)
			.run(database.arguments("--server.port=0", "--observatory.storage.capture.logback.enabled=false",
					"--observatory.storage.capture.micrometer.enabled=false"));
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
	}

	/** opentelemetry-js 3467, elastic/apm 742; otel-desktop-viewer 321. */
	@ParameterizedTest
	@CsvSource({ "two-scopes, http.client.requests, 0.25", "two-scopes-out-of-step, http.client.requests.b, 0.25",
			"two-pods, requests, 0.3333333", "two-pods-own-start, requests.own.start, 0.3333333",
			"two-pods-out-of-step, requests.oos, 0.3333333" })
	void countersOfTwoPodsOrScopesAddUpAndDoNotMix(String input, String metric, double perSecond) {
		send("metrics", input);
		assertThat(database.jdbc()
			.queryForObject("SELECT count(DISTINCT id) FROM observatory.metrics WHERE name = ?", Long.class, metric))
			.isEqualTo(2);
		assertThat(known(chart(metric, 0, "Per second")).subList(1, 7))
			.allSatisfy((rate) -> assertThat(rate).isCloseTo(perSecond, within(1e-6)));
	}

	/** openobserve 14644: whose point it is can be asked by SQL. */
	@Test
	void whosePointItIsCanBeAsked() {
		send("metrics", "two-hosts");
		assertThat(database.jdbc().queryForList("""
				SELECT m.resource_attributes ->> 'host.name' || ' ' || p.value
				  FROM observatory.metric_data_points AS p JOIN observatory.metrics AS m ON m.id = p.metric_id
				 WHERE m.name = 'system.memory.usage'""", String.class)).containsExactlyInAnyOrder("h1 100", "h2 900");
	}

	/** What docs/sql.md asks of metrics has an answer. */
	@Test
	void theDocumentedQuestionsHaveTheirAnswers() throws IOException {
		send("metrics", "two-pods-out-of-step");
		assertThat(database.jdbc().queryForList(documented("requests-per-pod"))).extracting("pod")
			.contains("pod-a", "pod-b");
		assertThat(database.jdbc().queryForList(documented("growth-of-counters")))
			.filteredOn((row) -> row.get("name").equals("requests.oos"))
			.extracting("growth")
			.containsExactly(90.0, 90.0);
	}

	private static String documented(String name) throws IOException {
		String page = Files.readString(Path.of("..", "docs", "sql.md"));
		int begin = page.indexOf("\n", page.indexOf("```sql " + name));
		return page.substring(begin, page.indexOf("```", begin));
	}

	/** opentelemetry-collector-contrib 17190, 22810; opentelemetry-specification 1646. */
	@ParameterizedTest
	@CsvSource({ "unknown-start, bytes.sent, Per second", "no-start, bytes.nostart, Per second",
			"unknown-start-histogram, lat, Values per second" })
	void theFirstPointOfAnUnknownStartAddsNothing(String input, String metric, String line) {
		send("metrics", input);
		String id = id(metric, null);
		List<Double> rates = known(charts("/metrics?range=1h&id=" + id).stream()
			.map((chart) -> values(chart, line))
			.filter((values) -> !values.isEmpty())
			.findFirst()
			.orElseThrow());
		assertThat(rates).hasSizeBetween(9, 11).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-6)));
	}

	/** micrometer 3934, prometheus 19424. */
	@Test
	void anInfiniteBoundIsABoundAndNoNumberIsNone() {
		assertThat(send("metrics", "infinite-bounds").at("/partialSuccess/rejectedDataPoints").asLong()).isEqualTo(1);
		assertThat(known(chart("inf.delta", 0, "p50"))).isNotEmpty()
			.allSatisfy((median) -> assertThat(median).isCloseTo(1000, within(1e-6)));
	}

	/** apm-agent-java 4465, elasticsearch 151760, SigNoz 1658, client_golang 1275. */
	@Test
	void whatAHistogramDoesNotSayIsUnknown() {
		send("metrics", "without-buckets");
		for (String metric : List.of("nobuckets", "onebucket", "nothing")) {
			for (String quantile : List.of("p50", "p95", "p99")) {
				assertThat(known(chart(metric, 0, quantile))).as(metric).isEmpty();
			}
		}
		assertThat(known(chart("nobuckets", 0, "Mean"))).isNotEmpty()
			.allSatisfy((mean) -> assertThat(mean).isCloseTo(2500, within(1e-6)));
		assertThat(known(chart("nothing", 0, "Mean"))).isEmpty();
		assertThat(known(chart("nansum", 0, "Mean"))).isEmpty();
		assertThat(database.jdbc().queryForMap("""
				SELECT p.sum, p.min, p.max, p.buckets
				  FROM observatory.metric_data_points AS p JOIN observatory.metrics AS m ON m.id = p.metric_id
				 WHERE m.name = 'nothing'""").values()).containsOnlyNulls();
	}

	/** opentelemetry-collector-contrib 47352, envoy 31016. */
	@Test
	void bucketsThatDoNotFitTheirBoundsAreCounted() {
		assertThat(send("metrics", "bounds-without-counts").at("/partialSuccess/rejectedDataPoints").asLong())
			.isGreaterThanOrEqualTo(3);
		assertThat(id("good", null)).isNotNull();
	}

	/** signoz-otel-collector 625, opentelemetry-collector-contrib 47728. */
	@Test
	void noBoundaryOfAnExponentialHistogramIsNoNumber() {
		send("metrics", "exponential");
		assertThat(database.jdbc()
			.queryForList("SELECT id FROM observatory.metric_data_points WHERE buckets::text LIKE '%NaN%'")).isEmpty();
		allPagesOf("shop-66");
		send("metrics", "exponential-rescaled");
		assertThat(known(chart("rescale", 1, "Values per second"))).isNotEmpty();
	}

	/** opentelemetry-collector-contrib 18460, consul 4254; telegraf 15467. */
	@ParameterizedTest
	@ValueSource(strings = { "summary", "quantiles", "large-numbers", "temporalities", "types-and-units", "exemplars",
			"old-points", "order-of-attributes", "two-pods" })
	void thePagesOfAllOfThemAnswer(String input) {
		JsonNode request = JsonMapper.shared().readTree(body(input));
		send("metrics", input);
		allPagesOf(request.at("/resourceMetrics/0/resource/attributes/0/value/stringValue").stringValue());
	}

	/** telegraf 15467. */
	@Test
	void aCountBeyondPostgresqlIsRefused() {
		assertThat(send("metrics", "large-numbers").at("/partialSuccess/rejectedDataPoints").asLong()).isEqualTo(2);
		assertThat(database.jdbc()
			.queryForList(
					"SELECT id FROM observatory.metric_data_points WHERE count < 0 OR buckets @? '$[*] ? (@.count < 0)'"))
			.isEmpty();
	}

	/** One name, but three kinds and units. */
	@Test
	void typesAndUnitsDoNotMix() {
		send("metrics", "types-and-units");
		assertThat(database.jdbc()
			.queryForList("""
					SELECT DISTINCT metric_type || ' ' || unit FROM observatory.metrics WHERE name = 'work'""",
					String.class))
			.containsExactlyInAnyOrder("gauge ms", "counter 1", "histogram s");
		assertThat(known(values(charts("/metrics?range=15m&id=" + id("work", "gauge")).get(0), "Average")))
			.containsOnly(250_000.0);
	}

	/** tempo 682, jaeger 6367, envoy 31045. */
	@Test
	void ofTwoSidesOfACallUnderOneIdBothAreStoredOrALetterSaysSo() {
		boolean bothFit = TestDatabase.LAYOUT == Layout.PARTITIONED;
		send("traces", "shared-span-id");
		send("traces", "shared-span-id-server");
		send("traces", "shared-span-id-client-later");
		assertThat(database.jdbc()
			.queryForList(
					"""
							SELECT name FROM observatory.trace_spans WHERE span_id IN ('5b017000aabbccdd', '5b017020aabbccdd')""",
					String.class))
			.containsExactlyInAnyOrder(bothFit ? new String[] { "GET", "get /orders", "server first", "client later" }
					: new String[] { "GET", "server first" });
		assertThat(letters("%another kind%")).hasSize(bothFit ? 0 : 2);
		send("traces", "span-id-of-two-traces");
		assertThat(letters("%another trace")).hasSize(bothFit ? 0 : 1);
		assertThat(database.jdbc()
			.queryForList("SELECT name FROM observatory.trace_spans WHERE span_id = '5b018000aabbccdd'", String.class))
			.hasSize(bothFit ? 2 : 1);
	}

	private static List<String> letters(String reason) {
		return database.jdbc()
			.queryForList("SELECT reason FROM observatory.dead_letters WHERE reason LIKE ?", String.class, reason);
	}

	/** signoz-otel-collector 814, jaeger 8165, openobserve 14337. */
	@Test
	void aSpanThatEndsBeforeItBeganHasNoGiantDuration() {
		send("traces", "end-before-start");
		assertThat(database.jdbc()
			.queryForObject("SELECT max(duration_us) FROM observatory.trace_spans WHERE service_name = 'shop-15'",
					Long.class))
			.isEqualTo(1_000_000);
		page("/traces/b09015000000000000000000beef0015");
	}

	/** traces-drilldown 304, highlight 7641, jaeger-ui 462. */
	@ParameterizedTest
	@CsvSource({ "no-root, b09019000000000000000000beef0019, orphan a",
			"circle, b09019090000000000000000beef0019, c1" })
	void aTraceWithoutARootIsNamedAfterWhatThereIs(String input, String trace, String name) {
		send("traces", input);
		assertThat(page("/traces/" + trace)).contains("<h1><bdi>" + name + "</bdi>");
		assertThat(page("/traces?range=1h")).contains("<bdi>" + name + "</bdi>");
	}

	/** opentelemetry-specification 4540, SigNoz 4970. */
	@Test
	void aSeverityIsKeptAsItIs() {
		send("logs", "severity-text");
		assertThat(send("logs", "severity-out-of-range").at("/partialSuccess").isMissingNode()).isTrue();
		assertThat(database.jdbc()
			.queryForList(
					"""
							SELECT severity_number FROM observatory.logs WHERE service_name = 'shop-51' AND severity_number IS NOT NULL
							 ORDER BY 1""",
					Integer.class))
			.containsExactly(-1, 9, 17, 25, 100);
		assertThat(page("/logs?service=shop-51")).contains("text only Critical", "sev -1", "sev 100");
	}

	/** SigNoz 8555, otel-tui 132. */
	@Test
	void anEventWithoutATextIsShownAndFoundByItsName() {
		send("logs", "event-without-body");
		send("logs", "log-bodies");
		assertThat(page("/logs?service=shop-52")).contains("user.signed_up", "legacy.event")
			.doesNotContain("(no text)");
		assertThat(page("/logs?q=signed_up")).contains("user.signed_up").doesNotContain("legacy.event");
		assertThat(page("/logs?q=legacy.ev")).contains("legacy.event");
		page("/logs?service=shop-53");
	}

	/**
	 * langfuse 14633, 13571, 9482, 16321; vercel/ai 12801, 6082; GreptimeDB 7875; vllm
	 * 20372; langsmith-sdk 3570; mellea 1035; opentelemetry-python-contrib 4038. Of each
	 * call: its span's name, operation, provider, model, tokens of input and output, all,
	 * cached and reasoning ones, microseconds to the first chunk, finish reasons,
	 * conversation.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					case-31; events-1.27 events-1.28; chat gpt-4o-mini|chat|-|gpt-4o-mini|11|5|16|-|-|-|-|-\
					, chat gpt-4o-mini|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop}|-
					case-33; messages-json messages-structured messages-list-of-json; \
					chat x|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop}|-, chat y|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop}|-\
					, chat z|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop}|-
					case-34; openinference; ChatCompletion|chat|openai|gpt-4o-mini|31|9|40|4|-|-|-|s-1
					case-35; vercel-ai; \
					ai.generateText.doGenerate|chat|openai|gpt-4o-mini-2024-07-18|26|12|38|8|-|-|{stop}|-
					case-37; usage-types; strings|chat|-|m-str|12|7|19|-|-|-|-|-, doubles|chat|-|m-dbl|12|15000000|15000012|-|-|-|-|-\
					, nan|chat|-|m-nan|-|-|-|-|-|-|-|-, minus one|chat|-|m-neg|-|-|-|-|-|-|-|-\
					, empty|chat|-|m-empty|-|-|-|-|-|-|-|-, huge|chat|-|m-huge|-|1|1|-|-|-|-|-
					case-38; reasoning-tokens; semconv|chat|-|gpt-4o-mini|11|5|16|-|3|-|-|-\
					, traceloop|chat|-|gpt-4o-mini|11|5|16|-|3|-|-|-, details|chat|-|gpt-4o-mini|11|5|16|-|3|-|-|-\
					, datadog|chat|-|gpt-4o-mini|11|5|16|-|3|-|-|-, gemini|chat|-|gpt-4o-mini|10|200|5210|-|-|-|-|-
					case-42; time-to-first-token; llm_request|chat|-|gpt-4o-mini|11|5|16|-|-|200000|-|-
					case-45; finish-reasons; list|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop,length}|-\
					, text|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop}|-, json text|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop,length}|-\
					, comma|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop,length}|-, singular|chat|-|gpt-4o-mini|11|5|16|-|-|-|{length}|-\
					, null in list|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop}|-, python repr|chat|-|gpt-4o-mini|11|5|16|-|-|-|{stop}|-\
					, empty|chat|-|gpt-4o-mini|11|5|16|-|-|-|{}|-
					case-46; both-generations; old first|chat|azure.ai.openai|both|2|-|2|-|-|-|-|-\
					, new first|chat|azure.ai.openai|both|2|-|2|-|-|-|-|-
					case-48; none-model; spring|chat|openai|gpt-4o|5|2|7|-|-|-|{stop}|-, NONE|chat|-|gpt-4o|-|-|-|-|-|-|-|-\
					, list model|chat|-|["a", "b"]|-|-|-|-|-|-|-|-
					""")
	void aCallIsWhatItsSenderSaid(String service, String inputs, String calls) {
		for (String input : inputs.split(" ")) {
			send("traces", input);
		}
		assertThat(String.join(", ",
				database.jdbc()
					.queryForList(
							"""
									SELECT concat_ws('|', name, operation, coalesce(provider, '-'), coalesce(model, '-'), coalesce(input_tokens::text, '-'),
									       coalesce(output_tokens::text, '-'), coalesce(total_tokens::text, '-'), coalesce(cached_tokens::text, '-'),
									       coalesce(reasoning_tokens::text, '-'), coalesce(time_to_first_chunk_us::text, '-'),
									       coalesce(finish_reasons::text, '-'), coalesce(conversation_id, '-'))
									  FROM observatory.llm_calls WHERE service_name = ? ORDER BY span_id""",
							String.class, service)))
			.isEqualTo(calls);
	}

	/**
	 * Operations that are calls, under one name each; rerank, retrieval, agents and tools
	 * are none.
	 */
	@Test
	void whatIsACallHasOneNameHoweverItIsSpelt() {
		send("traces", "operations");
		assertThat(database.jdbc()
			.queryForList(
					"""
							SELECT coalesce(request_model, '') || ' ' || operation FROM observatory.llm_calls WHERE service_name = 'case-44'""",
					String.class))
			.containsExactlyInAnyOrder("m-completion text_completion", "m-Chat chat", "m-CHAT chat", "m-responses chat",
					"m-messages chat", "m-converse chat", "m-audio generate_content", "m-image_generation image",
					"m-embedding embeddings", "m-text_completion text_completion",
					"m-generate_content generate_content", "m-none chat");
	}

	/**
	 * mellea 1035, opentelemetry-python-contrib 4038, langfuse 14633 and 13571, vercel/ai
	 * 12801.
	 */
	@ParameterizedTest
	@CsvSource({ "events-1.27, b09031000000000000000000beef0031, 5b031000aabbccdd, EVENT-QUESTION? EVENT-ANSWER.",
			"events-1.28, b09031000000000000000000beef0031, 5b031001aabbccdd, EVENT28-QUESTION? EVENT28-ANSWER.",
			"messages-json, b09033000000000000000000beef0033, 5b033000aabbccdd, "
					+ "V137-INSTR V137-SYSTEM V137-QUESTION? image/png V137-THINKS weather Rome rainy V137-ANSWER",
			"messages-structured, b09033000000000000000000beef0033, 5b033001aabbccdd, "
					+ "V137-SYSTEM V137-QUESTION? image/png V137-THINKS weather Rome rainy V137-ANSWER",
			"messages-list-of-json, b09033000000000000000000beef0033, 5b033002aabbccdd, "
					+ "V137-SYSTEM V137-QUESTION? image/png V137-THINKS weather Rome rainy V137-ANSWER",
			"openinference, b09034000000000000000000beef0034, 5b034000aabbccdd, OI-QUESTION? OI-ANSWER",
			"vercel-ai, b09035000000000000000000beef0035, 5b035001aabbccdd, AI-QUESTION? AI-ANSWER",
			"vercel-ai, b09035000000000000000000beef0035, 5b035002aabbccdd, Rome rain" })
	void aConversationIsWhatItsSenderSaid(String input, String trace, String span, String texts) {
		send("traces", input);
		assertThat(conversation(trace, span)).containsSubsequence(texts.split(" ")).doesNotContain("iVBORw0KGgo");
	}

	/** otel-tui 132, opentelemetry-python-contrib 4038. */
	@Test
	void aConversationInLogRecordsIsThatOfTheirSpan() {
		send("traces", "log-events-span");
		send("logs", "log-events");
		assertThat(conversation("b09032000000000000000000beef0032", "5b032000aabbccdd"))
			.containsSubsequence("LOG-QUESTION?", "LOG-ANSWER");
	}

	private static String conversation(String trace, String span) {
		String page = page("/traces/" + trace + "?span=" + span);
		int begin = page.indexOf("id=\"span-conversation\"");
		assertThat(begin).as("no conversation").isPositive();
		return page.substring(begin, page.indexOf("</section>", begin));
	}

	private static String body(String input) {
		return PublicCase.body("/otlp/" + input + ".json", NOW);
	}

	/** Returns the answer, when all that was accepted is stored. */
	private static JsonNode send(String signal, String input) {
		HttpResponse<String> response = exchange(request("/v1/" + signal).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body(input))));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		context.getBeansOfType(Writer.class).values().forEach(Writer::flush);
		return JsonMapper.shared().readTree(response.body());
	}

	private static void allPagesOf(String service) {
		List<String> ids = database.jdbc()
			.queryForList("SELECT id::text FROM observatory.metrics WHERE service_name = ?", String.class, service);
		assertThat(ids).isNotEmpty().allSatisfy((id) -> page("/metrics?range=1h&id=" + id));
	}

	private static String id(String metric, String type) {
		return database.jdbc()
			.queryForList(
					"SELECT id::text FROM observatory.metrics WHERE name = ? AND metric_type = coalesce(?, metric_type)",
					String.class, metric, type)
			.get(0);
	}

	private static List<Double> chart(String metric, int chart, String line) {
		return values(charts("/metrics?range=15m&id=" + id(metric, null)).get(chart), line);
	}

	private static List<JsonNode> charts(String path) {
		Matcher chart = CHART.matcher(page(path));
		List<JsonNode> charts = new ArrayList<>();
		while (chart.find()) {
			charts.add(JsonMapper.shared().readTree(HtmlUtils.htmlUnescape(chart.group(1))));
		}
		return charts;
	}

	private static List<Double> values(JsonNode chart, String line) {
		List<Double> values = new ArrayList<>();
		for (int i = 0; i < chart.path("lines").size(); i++) {
			if (chart.path("lines").get(i).path("name").stringValue().equals(line)) {
				chart.path("data")
					.get(i + 1)
					.forEach((value) -> values.add(value.isNull() ? null : value.doubleValue()));
			}
		}
		return values;
	}

	private static List<Double> known(List<Double> values) {
		return values.stream().filter(Objects::nonNull).toList();
	}

	private static String page(String path) {
		HttpResponse<String> response = exchange(request(path));
		assertThat(response.statusCode()).as("GET %s: %s", path, response.body()).isEqualTo(200);
		return response.body();
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest
			.newBuilder(
					URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path))
			.timeout(Duration.ofSeconds(60));
	}

	private static HttpResponse<String> exchange(HttpRequest.Builder request) {
		try {
			return client.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
