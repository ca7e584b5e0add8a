package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sample.SampleApplication;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.resource.ResourceUrlProvider;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * The pages over HTTP: what they show of telemetry that means no good, what they let in,
 * and what their connection may do.
 */
class PagesIT {

	private static final String MARKUP = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>\u202eexe.";

	private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

	private static final String SPAN = "00f067aa0ba902b7";

	private static final String BIG_TRACE = "5bf92f3577b34da6a3ce929d0e0e4736";

	private static final String NAME = "telemetry.example";

	private static final Instant NOW = Instant.now();

	/** Ten days, in milliseconds: what the other tests look for is newer. */
	private static final int LONG_AGO = -864_000_000;

	private static final HttpClient client = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	private static TestDatabase database;

	private static String emptyStart;

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		context = new SpringApplicationBuilder(SampleApplication.class)
			.run(database.arguments("--server.port=0", "--sample.grpc.port=0", "--sample.pages.allowed-hosts=" + NAME,
					"--observatory.storage.capture.logback.enabled=false",
					"--observatory.storage.capture.micrometer.enabled=false"));
		emptyStart = get("/").body();
		sendSpans(List.of(hostileSpan()));
		sendSpans(IntStream.range(0, 5_000).mapToObj(PagesIT::spanOfTheBigTrace).toList());
		sendSpans(IntStream.range(0, 120).mapToObj(PagesIT::spanOfItsOwnTrace).toList());
		flush();
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
	}

	@Test
	void theStartPageSaysHowToSendWhileNothingIsStored() {
		assertThat(emptyStart).contains("Nothing is stored yet", "<span>" + base() + "</span>",
				"curl -s " + base() + "/v1/traces");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/traces", "/traces/" + TRACE, "/send", "/nowhere", "/?range=what" })
	void everyPageHasTheHeadersAndNothingThatTheyForbid(String path) {
		HttpResponse<String> page = get(path);
		assertThat(page.headers().firstValue("Content-Security-Policy")).get()
			.asString()
			.contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
			.doesNotContain("unsafe");
		assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
		assertThat(page.headers().firstValue("Cache-Control")).get().asString().contains("no-store");
		String tags = page.body().replaceAll("\"[^\"]*\"", "\"\"");
		assertThat(tags).doesNotContainPattern("<script(?![^>]* src=)")
			.doesNotContainPattern("(?i)<[a-z][^>]*\\s(style|on[a-z]+)=")
			.doesNotContain("<style", "javascript:", "https://");
	}

	@Test
	void whatThePagesLoadIsServedFromHere() {
		Matcher resource = Pattern.compile("(?:src|href)=\"(/[^\"]+\\.(?:js|css|svg))\"").matcher(get("/send").body());
		List<String> paths = new ArrayList<>();
		while (resource.find()) {
			paths.add(resource.group(1));
		}
		assertThat(paths).hasSizeGreaterThanOrEqualTo(6)
			.allSatisfy((path) -> assertThat(get(path).statusCode()).as(path).isEqualTo(200));
	}

	/** It was half of the time that a list of traces took. */
	@Test
	void noLinkBetweenPagesIsLookedForAmongTheFiles() {
		assertThat(context.getBean(ResourceUrlProvider.class).getHandlerMap()).containsOnlyKeys("/assets/**",
				"/webjars/**");
	}

	@Test
	void theIntakeIsAsItWouldBeWithoutPages() {
		HttpResponse<String> response = post("/v1/traces", Map.of("resourceSpans", List.of()));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().map()).doesNotContainKeys("Set-Cookie", "Content-Security-Policy",
				"X-Frame-Options");
	}

	@Test
	void theIntakeKnowsNoParametersOfPages() {
		assertThat(post("/v1/traces?range=what", Map.of("resourceSpans", List.of())).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/traces?min=1e99", "/traces?min=9223372036854775807", "/traces?min=-1", "/traces?q=%00",
			"/traces?service=a%00b", "/traces?score=helpful%3Cbad", "/traces?score=a%00b",
			"/traces?before=999999999999999999999_x",
			"/traces?before=-999999999999999999_00000000-0000-0000-0000-000000000000",
			"/traces?after=1_------------------------------------",
			"/?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
			"/?from=-999999999-01-01T00:00:00Z&to=-999999999-01-02T00:00:00Z", "/traces/" + TRACE + "?page=x",
			"/traces/" + TRACE + "?span=%00", "/traces/" + TRACE + "/attribute?span=x" })
	void aParameterThatCannotBeIsRefusedWithAReason(String path) {
		HttpResponse<String> page = get(path);
		assertThat(page.statusCode()).as(page.body()).isEqualTo(400);
		assertThat(page.body()).contains("This link asks for something that is not there");
	}

	@ParameterizedTest
	@ValueSource(strings = { "?page=-1", "?page=2147483647", "?span", "?span=&page=" })
	void aPageThatThereIsNotIsTheNearestOne(String parameters) {
		assertThat(get("/traces/" + TRACE + parameters).statusCode()).isEqualTo(200);
	}

	@Test
	void aSumThatIsTooLargeIsTheLargestNumber() {
		assertThat(context.getBean(PagesDatabase.class)
			.jdbc()
			.sql("SELECT 1e20::numeric AS tokens")
			.query((row, number) -> PagesDatabase.number(row, "tokens"))
			.single()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void aFormFromElsewhereIsRefused() {
		HttpResponse<String> response = send(request("/traces").POST(BodyPublishers.noBody()));
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).contains("This form was sent from a page that is too old, or from elsewhere.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/stats", "/actuator/health", "/actuator/observatory" })
	void whatProgramsReadIsNeitherStoredNorTakenForSomethingElse(String path) {
		HttpResponse<String> response = send(request(path).setHeader("Accept", "application/json"));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		assertThat(response.headers().firstValue("Cache-Control")).get().asString().contains("no-store");
		assertThat(response.headers().map()).doesNotContainKey("Set-Cookie");
	}

	@Test
	void rowsAreCountedByTheConnectionsOfThePages() {
		whileTracesAreLocked(() -> {
			HttpResponse<String> heldUp = await().until(
					() -> send(request("/api/stats").setHeader("Accept", "application/json")),
					(response) -> response.statusCode() != 200);
			assertThat(heldUp.statusCode()).isEqualTo(503);
			assertThat(heldUp.body()).contains("\"error\":\"The rows of the tables could not be counted")
				.doesNotContain("SELECT");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://attacker.example", "http://localhost:3000", "https://telemetry.example:8443",
			"null", "" })
	void noOtherSiteCanHaveABrowserControlTheWriters(String origin) {
		assertThat(flushFrom(origin)).isEqualTo(400);
	}

	@Test
	void aPageOfThisApplicationCanAlsoBehindAProxy() {
		assertThat(flushFrom(base())).isEqualTo(200);
		assertThat(flushFrom("https://" + NAME)).isEqualTo(200);
	}

	private static int flushFrom(String origin) {
		return send(request("/actuator/observatory").setHeader("Origin", origin)
			.setHeader("Accept", "application/json")
			.POST(BodyPublishers.noBody())).statusCode();
	}

	@Test
	void aForeignNameThatLeadsHereIsRefusedByAllButTheIntake() {
		assertThat(statusFor("GET /traces", "attacker.example")).contains("400");
		assertThat(statusFor("GET /actuator/observatory", "attacker.example")).contains("400");
		assertThat(statusFor("GET /traces", "localhost:4318")).contains("200");
		assertThat(statusFor("GET /traces", "[::1]:4318")).contains("200");
		assertThat(statusFor("GET /traces", NAME)).contains("200");
		assertThat(statusFor("GET /api/stats", "attacker.example")).contains("400");
		assertThat(statusFor("GET /api/stats", "localhost:4318")).contains("200");
		assertThat(statusFor("GET /v1/../api/stats", "attacker.example")).contains("400");
		// found, but not by GET
		assertThat(statusFor("GET /v1/traces", "collector.internal")).contains("405");
		assertThat(statusFor("GET /api/llm-spans", "collector.internal")).contains("405");
	}

	@Test
	void thePagesCannotWriteAndEachQuestionEnds() {
		PagesDatabase pages = context.getBean(PagesDatabase.class);
		assertThatThrownBy(() -> pages.jdbc().sql("DELETE FROM traces").update())
			.hasStackTraceContaining("cannot execute DELETE in a read-only transaction");
		assertThat(pages.jdbc().sql("SHOW statement_timeout").query(String.class).single()).isEqualTo("5s");
		assertThat(pages.jdbc().sql("SHOW application_name").query(String.class).single())
			.isEqualTo("observatory-pages");
	}

	@Test
	void aQuestionThatIsEndedOrHeldUpSaysWhatToDo() {
		whileTracesAreLocked(() -> {
			CompletableFuture<HttpResponse<String>> ended = CompletableFuture.supplyAsync(() -> get("/traces"));
			await().atMost(Duration.ofSeconds(30)).until(PagesIT::cancelWhatWaits);
			assertThat(ended).succeedsWithin(Duration.ofSeconds(30)).satisfies((page) -> {
				assertThat(page.statusCode()).isEqualTo(504);
				assertThat(page.body()).contains("Choose a shorter time range").doesNotContain("SELECT");
			});

			HttpResponse<String> heldUp = get("/traces");
			assertThat(heldUp.statusCode()).isEqualTo(503);
			assertThat(heldUp.body()).contains("Try again in a moment").doesNotContain("SELECT");
		});
		assertThat(get("/traces").statusCode()).isEqualTo(200);
	}

	private static void whileTracesAreLocked(Runnable action) {
		new TransactionTemplate(new JdbcTransactionManager(Objects.requireNonNull(database.jdbc().getDataSource())))
			.executeWithoutResult((transaction) -> {
				database.jdbc().execute("LOCK TABLE observatory.traces");
				action.run();
			});
	}

	/** As the server does when the time is over. */
	private static boolean cancelWhatWaits() {
		return database.jdbc().queryForList("""
				SELECT pg_cancel_backend(pid) FROM pg_stat_activity
				 WHERE application_name = 'observatory-pages' AND wait_event_type = 'Lock'
				""").size() == 1;
	}

	@Test
	void markupOfTelemetryIsShownAsText() {
		String escaped = HtmlUtils.htmlEscape(MARKUP.substring(0, 20));
		for (String path : List.of("/traces?range=24h", "/traces/" + TRACE, "/?range=24h",
				"/traces/" + TRACE + "/attribute?name=big&span=" + SPAN)) {
			assertThat(get(path).body()).as(path)
				.doesNotContain("<script>alert", "<img src=x", "<b>big")
				.containsAnyOf(escaped, "&lt;script&gt;", "&lt;b&gt;big");
		}
	}

	@Test
	void aLongAttributeIsCutUntilItIsAskedFor() {
		String page = get("/traces/" + TRACE).body();
		assertThat(page).contains("Show all 100,006 characters").hasSizeLessThan(40_000);
		Matcher link = Pattern.compile("href=\"([^\"]+/attribute\\?[^\"]+name=big)\"").matcher(page);
		assertThat(link.find()).isTrue();
		assertThat(get(HtmlUtils.htmlUnescape(link.group(1))).body()).contains("A".repeat(100_000));
	}

	@Test
	void aConversationIsShownAndWhatIsNoneAsText() {
		assertThat(get("/traces/" + TRACE).body()).contains("message user", "How are &lt;you&gt;?",
				"calls tool weather", "message assistant", "[{&quot;role&quot;:&quot;assis");
	}

	/** Forty calls, each in its own trace, whose id is not safe in a path. */
	@Test
	void aConversationIsShownTurnByTurnWhicheverTracesItIsIn() {
		String id = "chat/1 ü";
		sendSpans(IntStream.range(0, 40).mapToObj((i) -> callOfTheConversation(id, i)).toList());
		flush();
		List<String> asked = new ArrayList<>();
		assertThat(get("/traces/" + "c%031x".formatted(3)).body()).contains("/conversations?id=chat%2F1");
		for (String next = "/conversations?id=chat%2F1%20%C3%BC"; next != null;) {
			String page = get(next).body();
			assertThat(page).contains("<dd id=\"calls\">40</dd>", "<dd id=\"tokens\">600</dd>")
				.doesNotContain("EARLIER");
			Matcher turn = Pattern.compile("question (\\d+)\\?").matcher(page);
			turn.results().forEach((one) -> asked.add(one.group(1)));
			next = link(page, "page-next");
		}
		assertThat(asked).containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(Integer::toString).toList());
	}

	private static Map<String, Object> callOfTheConversation(String id, int i) {
		return span("c%031x".formatted(i), "c%015x".formatted(i), null, "chat", LONG_AGO + i, 1,
				Map.of("langfuse.observation.type", "generation", "session.id", id, "langfuse.observation.model.name",
						"gpt-4o", "langfuse.observation.usage_details", "{\"input\":10,\"output\":5}",
						"langfuse.observation.input",
						"[{\"role\":\"user\",\"content\":\"EARLIER\"},{\"role\":\"assistant\",\"content\":\"EARLIER\"},"
								+ "{\"role\":\"user\",\"content\":\"question " + i + "?\"}]",
						"langfuse.observation.output", "answer"));
	}

	@Test
	void scoresAreShownBesideWhatTheyAreAboutAndFindIt() {
		String trace = "5c04ed".repeat(5) + "00";
		String span = "5c04ed5c04ed5c04";
		sendSpans(List.of(
				span(trace, span, null, "chat", LONG_AGO, 1,
						Map.of("gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o", "gen_ai.response.id",
								"scored-response", "gen_ai.conversation.id", "scored-conversation")),
				span(trace, "5c04ed5c04ed5c05", span, "tool", LONG_AGO, 1, Map.of())));
		Map<String, String> ofSpan = Map.of("traceId", trace, "spanId", span);
		sendScores(score(Map.of("traceId", trace), "helpful", false, "Wrong <b>town."),
				score(ofSpan, "correct", 4, "Nearly right."), score(ofSpan, "verdict", "pass", "It passed."),
				score(Map.of("responseId", "scored-response"), "relevance", 0.25, "Off topic."),
				score(Map.of("conversationId", "scored-conversation"), "mood", "good", "They laughed."));
		flush();

		assertThat(get("/traces/" + trace).body())
			.contains("helpful", "false", "Wrong &lt;b&gt;town.", "Nearly right.", "It passed.", "Off topic.",
					"by reviewer,", "span=" + span + "\">of a span")
			.doesNotContain("They laughed.");
		assertThat(get("/traces/" + trace + "?span=5c04ed5c04ed5c05").body()).doesNotContain("id=\"span-scores\"");
		assertThat(get("/conversations?id=scored-conversation").body()).contains("They laughed.",
				"Wrong &lt;b&gt;town.", "Nearly right.", "It passed.", "Off topic.");
		assertThat(List.of("helpful", "helpful=false", "helpful = 0", "correct>3", "correct >= 4", "verdict=pass",
				"relevance < 0.5"))
			.allSatisfy((score) -> assertThat(tracesScored(score)).contains(trace));
		assertThat(
				List.of("helpful=true", "correct>4", "correct < 4", "verdict=fail", "mood", "relevance<0.25", "none"))
			.allSatisfy((score) -> assertThat(tracesScored(score)).doesNotContain(trace));
	}

	private static List<String> tracesScored(String condition) {
		Instant time = NOW.plusMillis(LONG_AGO);
		return traces(get("/traces?from=%s&to=%s&score=%s".formatted(time.minus(Duration.ofHours(1)),
				time.plus(Duration.ofHours(1)), URLEncoder.encode(condition, StandardCharsets.UTF_8)))
			.body());
	}

	private static Map<String, Object> score(Map<String, String> about, String name, Object value, String comment) {
		Map<String, Object> score = new HashMap<>(about);
		score.putAll(Map.of("name", name, "value", value, "comment", comment, "source", "reviewer"));
		return score;
	}

	@SafeVarargs
	private static void sendScores(Map<String, Object>... scores) {
		assertThat(post("/api/scores", scores).statusCode()).isEqualTo(202);
	}

	/** The public case of OpenTelemetry's events as log records, in three generations. */
	@Test
	void whatLogRecordsOfASpanSayIsItsConversation() {
		String trace = "d".repeat(32);
		String spanId = "d".repeat(16);
		sendSpans(List.of(span(trace, spanId, null, "chat", LONG_AGO, 1,
				Map.of("gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o-mini"))));
		post("/v1/logs", Map.of("resourceLogs", List.of(Map.of("scopeLogs", List.of(Map.of("logRecords", List.of(
				log(trace, spanId, "gen_ai.user.message",
						Map.of("kvlistValue", Map.of("values",
								List.of(Map.of("key", "content", "value", Map.of("stringValue", "LOG-QUESTION?")))))),
				log(trace, spanId, "gen_ai.choice", Map.of("stringValue",
						"{\"index\":0,\"finish_reason\":\"stop\",\"message\":{\"content\":\"LOG-ANSWER.\"}}")))))))));
		flush();
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(get("/traces/" + trace).body())
				.contains("message user", "message assistant")
				.containsPattern("(?s)id=\"span-conversation\".*LOG-QUESTION\\?.*LOG-ANSWER\\.[^{]*</article>"));
	}

	private static Map<String, Object> log(String trace, String span, String event, Map<String, Object> body) {
		return Map.of("traceId", trace, "spanId", span, "timeUnixNano",
				Long.toString(ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now())), "eventName", event, "body",
				body);
	}

	@Test
	void everySpanOfALargeTraceIsOnOneOfItsPages() {
		Set<String> spans = new LinkedHashSet<>();
		String next = "/traces/" + BIG_TRACE;
		int pages = 0;
		while (next != null) {
			String page = get(next).body();
			assertThat(page).hasSizeLessThan(700_000);
			Matcher span = Pattern.compile("id=\"s-([0-9a-f]{16})\"").matcher(page);
			while (span.find()) {
				assertThat(spans.add(span.group(1))).as("span %s once", span.group(1)).isTrue();
			}
			next = link(page, "page-next");
			pages++;
		}
		assertThat(spans).hasSize(5_000);
		assertThat(pages).isEqualTo(10);
		assertThat(get("/traces/" + BIG_TRACE + "?span=" + spanId(4_321)).body())
			.containsPattern("id=\"s-" + spanId(4_321) + "\"[^>]*aria-current=\"true\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "&sort=slowest" })
	void everyTraceIsListedOnceThereAndBack(String order) {
		assertListedOnceThereAndBack("/traces?range=24h&service=list" + order, 120);
	}

	/** More than one step of a search reads. */
	@Test
	void soIsEachOfManyThatStartAtTheSameTime() {
		Instant from = NOW.minus(Duration.ofDays(5));
		database.jdbc().update("""
				INSERT INTO observatory.traces (id, trace_id, root_span_name, service_name, start_time, status)
				SELECT md5('moment' || n)::uuid, md5('moment' || n), 'tick', 'moment', ?::timestamptz, 'ok'
				  FROM generate_series(1, 620) AS n
				""", from.toString());
		assertListedOnceThereAndBack("/traces?from=" + from.minusSeconds(9) + "&to=" + from.plusSeconds(9) + "&q=tick",
				620);
	}

	private static void assertListedOnceThereAndBack(String path, int count) {
		List<String> there = new ArrayList<>();
		String next = path;
		String last = next;
		while (next != null) {
			last = next;
			String page = get(next).body();
			there.addAll(traces(page));
			next = link(page, "page-next");
		}
		assertThat(there).doesNotHaveDuplicates().hasSize(count);

		List<String> back = new ArrayList<>(traces(get(last).body()));
		for (String previous = link(get(last).body(), "page-previous"); previous != null;) {
			String page = get(previous).body();
			back.addAll(0, traces(page));
			previous = link(page, "page-previous");
		}
		assertThat(back).isEqualTo(there);
	}

	/** One of 700 among 10,000, of which twenty start at the same time. */
	@ParameterizedTest
	@ValueSource(strings = { "", "&sort=slowest" })
	void whatIsRareIsFoundAmongMany(String order) {
		Instant from = NOW.minus(Duration.ofDays(4)).truncatedTo(ChronoUnit.SECONDS);
		database.jdbc().update("DELETE FROM observatory.traces WHERE service_name = 'rare'");
		database.jdbc()
			.update("""
					INSERT INTO observatory.traces (id, trace_id, root_span_name, service_name, start_time, duration_us, status)
					SELECT md5(n::text)::uuid, md5(n::text), CASE WHEN n % 700 = 0 THEN 'needle ' ELSE 'hay ' END || n,
					       'rare', ?::timestamptz + n / 20 * interval '1 s', n % 1000 * 1000, 'ok'
					  FROM generate_series(0, 9999) AS n
					""",
					from.toString());
		String path = "/traces?from=" + from + "&to=" + from.plus(Duration.ofHours(1)) + order;
		List<String> needles = new ArrayList<>();
		for (String next = path + "&q=needle"; next != null;) {
			String page = get(next).body();
			needles.addAll(traces(page));
			next = link(page, "page-next");
		}
		String again = await().until(() -> send(request(path + "&q=needle").header("HX-Trigger", "more")).body(),
				(page) -> !page.contains("earched back to") && !page.contains("slowest since"));
		assertThat(traces(again))
			.isEqualTo(
					database.jdbc()
						.queryForList("""
								SELECT trace_id FROM observatory.traces WHERE root_span_name LIKE 'needle%'
								 ORDER BY """ + (order.isEmpty() ? " start_time DESC" : " duration_us DESC")
								+ ", id DESC", String.class))
			.hasSize(15);
		if (order.isEmpty()) {
			assertThat(needles).isEqualTo(traces(again));
			assertThat(get(path + "&q=needle&after=" + micros(from) + "_00000000-0000-0000-0000-000000000000").body())
				.contains("Nothing older in this time.")
				.doesNotContain("page-previous");
		}
		// there is nothing older to look for
		assertThat(again).doesNotContain("id=\"more\"", "page-next");
	}

	@Test
	void filtersAreAppliedAndAPercentSignIsOne() {
		assertThat(traces(get("/traces?range=24h&q=call+7%25").body())).hasSize(1);
		assertThat(traces(get("/traces?range=24h&q=CALL+7").body())).hasSize(11);
		assertThat(traces(get("/traces?range=24h&service=list&status=error").body())).hasSize(12);
		assertThat(traces(get("/traces?range=24h&service=list&min=110").body())).hasSize(10);
		assertThat(traces(get("/traces?range=24h&model=gpt-4o").body())).hasSize(1);
		assertThat(send(request("/traces?q=" + TRACE)).headers().firstValue("Location"))
			.hasValue(base() + "/traces/" + TRACE);
	}

	@Test
	void theOverviewCountsWhatIsStored() {
		assertThat(get("/?range=24h").body()).containsPattern("data-tile=\"Calls\"[^$]*<div class=\"value\">1</div>")
			.contains("100 %", "gpt-4o");
	}

	/**
	 * What there is of them at once, and all of them when the page has asked again. More
	 * than a quick server reads at once.
	 */
	@Test
	void theOverviewOfManyCallsIsReadInSteps() {
		Instant from = NOW.minus(Duration.ofDays(3)).truncatedTo(ChronoUnit.SECONDS);
		TraceWriter writer = context.getBean(TraceWriter.class);
		for (int i = 0; i < 40_000; i++) {
			writer.writeSpan(TraceSpan.builder()
				.traceId("%032x".formatted(0x5000_0000L + i))
				.spanId("%016x".formatted(0x5000_0000L + i))
				.name("chat")
				.serviceName("many")
				.startTime(from.plusMillis(80L * i))
				.endTime(from.plusMillis(80L * i + 200))
				.attributes(Map.of("gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o"))
				.build());
		}
		flush();
		String path = "/?from=" + from + "&to=" + from.plus(Duration.ofHours(1));
		assertThat(get(path).body()).contains("id=\"more\"", "earlier ones are being read")
			.doesNotContain("<td class=\"n\">40,000</td>");
		String all = await().until(() -> send(request(path).header("HX-Trigger", "more")).body(),
				(page) -> !page.contains("id=\"more\""));
		assertThat(all).contains("<td class=\"n\">40,000</td>", "200 ms").doesNotContain("calls since");
	}

	private static Map<String, Object> hostileSpan() {
		Map<String, Object> span = span(TRACE, SPAN, null, MARKUP, 0, 700, Map.of(MARKUP, MARKUP, "big",
				"<b>big" + "A".repeat(100_000), "gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o",
				"gen_ai.input.messages", """
						[{"role":"user","parts":[{"type":"text","content":"How are <you>?"}]},
						 {"role":"assistant","parts":[{"type":"tool_call","name":"weather","arguments":{}}]}]""",
				"gen_ai.output.messages", "[{\"role\":\"assistant\",\"content\":\"<script>alert(3)"));
		span.put("status", Map.of("code", 2, "message", MARKUP));
		return span;
	}

	/** A trace that goes on does not say until when: its page looks at all days. */
	@Test
	void spansOfDaysThatTheTraceDoesNotNameAreOnItsPage() {
		String trace = "5c04ed5c04ed5c04ed5c04ed5c04edaa";
		Map<String, Object> first = span(trace, "5c04ed5c04edaa01", null, "the first day", 2 * LONG_AGO, 1, Map.of());
		Map<String, Object> later = span(trace, "5c04ed5c04edaa02", "5c04ed5c04edaa01", "ten days later", LONG_AGO, 1,
				Map.of("color", "of the later one"));
		sendSpans(Stream.of(first, later).map(PagesIT::notEnded).toList());
		flush();
		assertThat(get("/traces/" + trace).body()).contains("the first day", "ten days later");
		assertThat(get("/traces/" + trace + "?span=5c04ed5c04edaa02").body()).contains("of the later one");
	}

	private static Map<String, Object> notEnded(Map<String, Object> span) {
		span.remove("endTimeUnixNano");
		return span;
	}

	private static Map<String, Object> spanOfTheBigTrace(int i) {
		// in every hundred a circle of two, and one whose parent is nowhere
		String parent = switch (i % 100) {
			case 0 -> (i == 0) ? null : spanId(0);
			case 1 -> spanId(i + 1);
			case 3 -> "ffffffffffffffff";
			default -> spanId(i - 1);
		};
		return span(BIG_TRACE, spanId(i), parent, "span " + i, i, 5, Map.of());
	}

	private static Map<String, Object> spanOfItsOwnTrace(int i) {
		Map<String, Object> span = span("a%031x".formatted(i), "a%015x".formatted(i), null, "call " + i + "%", i, i,
				Map.of());
		if (i % 10 == 0) {
			span.put("status", Map.of("code", 2));
		}
		return span;
	}

	private static String spanId(int i) {
		return "b%015x".formatted(i);
	}

	private static Map<String, Object> span(String trace, String id, String parent, String name, int start,
			int duration, Map<String, String> attributes) {
		Map<String, Object> span = new HashMap<>();
		span.put("traceId", trace);
		span.put("spanId", id);
		span.put("parentSpanId", (parent != null) ? parent : "");
		span.put("name", name);
		Instant from = NOW.minusSeconds(60).plusMillis(start);
		span.put("startTimeUnixNano", nanos(from));
		span.put("endTimeUnixNano", nanos(from.plusMillis(duration)));
		span.put("attributes",
				attributes.entrySet()
					.stream()
					.map((one) -> Map.of("key", one.getKey(), "value", Map.of("stringValue", one.getValue())))
					.toList());
		return span;
	}

	private static long micros(Instant time) {
		return ChronoUnit.MICROS.between(Instant.EPOCH, time);
	}

	private static String nanos(Instant time) {
		return Long.toString(Duration.between(Instant.EPOCH, time).toNanos());
	}

	private static void sendSpans(List<Map<String, Object>> spans) {
		String service = (spans.size() == 120) ? "list" : MARKUP;
		Map<String, Object> resource = Map.of("attributes",
				List.of(Map.of("key", "service.name", "value", Map.of("stringValue", service))));
		HttpResponse<String> response = post("/v1/traces", Map.of("resourceSpans",
				List.of(Map.of("resource", resource, "scopeSpans", List.of(Map.of("spans", spans))))));
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
	}

	private static void flush() {
		assertThat(post("/actuator/observatory", Map.of()).statusCode()).isEqualTo(200);
	}

	private static List<String> traces(String page) {
		Matcher link = Pattern.compile("href=\"/traces/([0-9a-f]{32})\"").matcher(page);
		List<String> traces = new ArrayList<>();
		while (link.find()) {
			traces.add(link.group(1));
		}
		return traces;
	}

	private static String link(String page, String id) {
		Matcher link = Pattern.compile("id=\"" + id + "\"[^>]* href=\"([^\"]+)\"").matcher(page);
		return link.find() ? HtmlUtils.htmlUnescape(link.group(1)) : null;
	}

	private static String base() {
		return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(base() + path))
			.timeout(Duration.ofSeconds(60))
			.header("Accept", "text/html");
	}

	private static HttpResponse<String> get(String path) {
		return send(request(path).GET());
	}

	private static HttpResponse<String> post(String path, Object body) {
		return send(request(path).setHeader("Accept", "application/json")
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) {
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

	/** The JDK's client sets the host itself. */
	private static String statusFor(String request, String host) {
		URI uri = URI.create(base());
		try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream()
				.write((request + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return response.lines().findFirst().orElse("");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
