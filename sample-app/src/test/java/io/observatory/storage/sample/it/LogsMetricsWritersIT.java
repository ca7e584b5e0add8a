package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.observatory.storage.sample.SampleApplication;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pages of logs, metrics and writers, as a browser without a script has them.
 */
class LogsMetricsWritersIT {

	private static final Pattern LINE = Pattern.compile("id=\"log-([0-9a-f-]{36})\"");

	private static final Pattern OLDER = Pattern.compile("<a id=\"older\"[^>]* href=\"([^\"]+)\"");

	private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

	private static final HttpClient client = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	private static TestDatabase database;

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		context = new SpringApplicationBuilder(SampleApplication.class).run(database.arguments("--server.port=0",
				"--sample.grpc.port=0", "--observatory.storage.capture.logback.enabled=false",
				"--observatory.storage.capture.micrometer.enabled=false"));
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest
			.newBuilder(
					URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path))
			.timeout(Duration.ofSeconds(60));
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

	private static String page(String path) {
		HttpResponse<String> response = send(request(path));
		assertThat(response.statusCode()).as("GET %s: %s", path, response.body()).isEqualTo(200);
		return response.body();
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private static List<String> lines(String html) {
		return LINE.matcher(html).results().map((found) -> found.group(1)).toList();
	}

	private static @Nullable String found(Pattern pattern, String html) {
		Matcher matcher = pattern.matcher(html);
		return matcher.find() ? HtmlUtils.htmlUnescape(matcher.group(1)) : null;
	}

	/** The lines of all pages, in their order. */
	private static List<String> linesOfAllPages(String path) {
		List<String> lines = new ArrayList<>();
		for (String next = path; next != null;) {
			String html = page(next);
			lines.addAll(lines(html));
			next = found(OLDER, html);
		}
		return lines;
	}

	private static void insertLogs(String service, int count, String body) {
		database.jdbc().update("""
				INSERT INTO observatory.logs (id, timestamp, severity_number, body, service_name, trace_id)
				SELECT gen_random_uuid(), now() - (n / 20) * interval '1 s', 1 + n % 24, ? || n, ?,
				       replace(gen_random_uuid()::text, '-', '')
				  FROM generate_series(0, ? - 1) AS n
				""", body, service, count);
	}

	private static List<String> stored(String condition, Object... arguments) {
		return database.jdbc()
			.queryForList(
					"SELECT id::text FROM observatory.logs WHERE " + condition + " ORDER BY timestamp DESC, id DESC",
					String.class, arguments);
	}

	@Test
	void pagesShowEachRecordOnceNewestFirst() {
		// many at the same time, in more services than one statement reads
		insertLogs("paging-a", 130, "paged ");
		insertLogs("paging-b", 60, "paged ");
		IntStream.range(0, 60).forEach((number) -> insertLogs("paging-" + number, 1, "paged "));
		assertThat(linesOfAllPages("/logs?q=" + encode("paged "))).isEqualTo(stored("service_name LIKE 'paging-%'"))
			.hasSize(250);
		assertThat(linesOfAllPages("/logs?service=paging-a")).isEqualTo(stored("service_name = 'paging-a'"))
			.hasSize(130);
	}

	@Test
	void theLeastSeverityFilters() {
		insertLogs("severe", 48, "x");
		assertThat(linesOfAllPages("/logs?service=severe&severity=error"))
			.isEqualTo(stored("service_name = 'severe' AND severity_number >= 17"))
			.hasSize(16);
	}

	@Test
	void theTextIsSearchedForAsItIs() {
		List<String> bodies = List.of("100% sure", "100 are sure", "snake_case", "snakeXcase", "C:\\dir", "C:dir");
		bodies.forEach((body) -> insertLogs("search", 1, body));
		for (String text : List.of("100%", "SNAKE_case", "c:\\d")) {
			assertThat(lines(page("/logs?service=search&q=" + encode(text)))).as("found for %s", text).hasSize(1);
		}
		assertThat(lines(page("/logs?service=search&q=%25"))).hasSize(1);
	}

	@Test
	void aRecordIsShownAsTextWhateverItSays() {
		String markup = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>";
		database.jdbc()
			.update("""
					INSERT INTO observatory.logs (id, timestamp, body, service_name, attributes)
					VALUES (gen_random_uuid(), now(), ?, ?, jsonb_build_object(?::text, ?::text, 'large', repeat('y', 100000),
					        'exception.stacktrace', ?::text))
					""",
					markup, markup, markup, markup, markup);
		String list = page("/logs?q=" + encode("<script>"));
		assertThat(lines(list)).hasSize(1);
		String link = found(Pattern.compile("hx-get=\"(/logs/record[^\"]+)\""), list);
		String record = page(String.valueOf(link));
		assertThat(list + record).doesNotContain("<script>alert").doesNotContain("<img");
		assertThat(record).contains("y".repeat(100_000)).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
	}

	@Test
	void whatALinkMayNotSayIsExplained() {
		for (String path : List.of("/logs?severity=bad", "/logs?before=x", "/logs?range=x", "/metrics?id=x",
				"/logs/record?service=a&at=x&id=x")) {
			HttpResponse<String> response = send(request(path));
			assertThat(response.statusCode()).as("GET %s", path).isEqualTo(400);
			assertThat(response.body()).contains("must be");
		}
		assertThat(send(request("/logs?q=%00")).statusCode()).isEqualTo(400);
	}

	@Test
	void aCounterIsShownAsARate() {
		database.jdbc().update("""
				INSERT INTO observatory.metrics (id, name, metric_type, service_name)
				VALUES ('00000000-0000-8000-8000-00000000abcd', 'requests', 'counter', 'shop')
				""");
		database.jdbc().update("""
				INSERT INTO observatory.metric_data_points (id, metric_id, timestamp, value, attributes)
				SELECT gen_random_uuid(), '00000000-0000-8000-8000-00000000abcd', now() - n * interval '1 min',
				       1000000 - 120 * n, jsonb_build_object('otel.temporality', 'cumulative', 'region', region)
				  FROM generate_series(0, 30) AS n, unnest(ARRAY['north', 'south']) AS region
				""");
		assertThat(page("/metrics")).contains("requests");
		JsonNode drawn = chart("/metrics?id=00000000-0000-8000-8000-00000000abcd");
		List<Double> rates = new ArrayList<>();
		drawn.path("data").path(1).forEach((rate) -> {
			if (!rate.isNull()) {
				rates.add(Math.rint(rate.doubleValue() * 1000) / 1000);
			}
		});
		assertThat(rates).hasSizeBetween(30, 32).containsOnly(4.0);
		JsonNode split = chart("/metrics?id=00000000-0000-8000-8000-00000000abcd&by=region");
		assertThat(split.path("lines").findValuesAsString("name")).containsExactlyInAnyOrder("north", "south");
	}

	private static JsonNode chart(String path) {
		String json = found(Pattern.compile("data-chart=\"([^\"]+)\""), page(path));
		return JsonMapper.shared().readTree(String.valueOf(json));
	}

	@Test
	void aFormWithoutATokenIsRefused() {
		HttpResponse<String> response = post("/writers/traces/pause", "", "");
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(state("traces")).isEqualTo(WriterStatus.State.RUNNING);
	}

	/** Another port of this host can set the cookie, too, and so knows the token. */
	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:3000", "http://127.0.0.1:3000", "https://attacker.example", "null" })
	void aFormOfAnotherSiteIsRefusedWithAToken(String origin) {
		HttpResponse<String> form = send(request("/writers/traces/pause"));
		HttpRequest.Builder request = request("/writers/traces/pause").header("Origin", origin)
			.header("Cookie", cookie(form))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString("_csrf=" + encode(String.valueOf(found(TOKEN, form.body())))));
		assertThat(send(request).statusCode()).isEqualTo(400);
		assertThat(state("traces")).isEqualTo(WriterStatus.State.RUNNING);
	}

	@Test
	void writersAreFlushedPausedAndResumed() {
		assertThat(confirmed("/writers/logs/pause")).contains("The writer of logs is paused.");
		assertThat(state("logs")).isEqualTo(WriterStatus.State.PAUSED);
		assertThat(page("/writers")).contains("href=\"/writers/logs/resume\"");
		assertThat(confirmed("/writers/logs/resume")).contains("The writer of logs goes on.");
		assertThat(state("logs")).isEqualTo(WriterStatus.State.RUNNING);
		assertThat(confirmed("/writers/logs/flush")).contains("Flushed logs");
	}

	@Test
	void deadLettersAreShownWithoutWhatTheyHoldAndReplayed() {
		database.jdbc().update("""
				INSERT INTO observatory.dead_letters (id, table_name, row_format, row_bytes, sql_state, reason)
				VALUES (gen_random_uuid(), 'logs', 1, 'damaged secret'::bytea, '22P05', 'untranslatable character')
				""");
		assertThat(page("/writers")).contains("untranslatable character").contains("22P05").doesNotContain("secret");
		assertThat(confirmed("/writers/dead-letters/replay")).contains("refused again");
	}

	/** What is shown once the form on a page of confirmation was sent. */
	private static String confirmed(String path) {
		HttpResponse<String> form = send(request(path));
		String token = found(TOKEN, form.body());
		HttpResponse<String> response = post(path, "_csrf=" + encode(String.valueOf(token)), cookie(form));
		assertThat(response.statusCode()).as("POST %s", path).isEqualTo(302);
		String location = response.headers().firstValue("Location").orElseThrow();
		return page(location.substring(location.indexOf("/writers")));
	}

	private static String cookie(HttpResponse<String> form) {
		return form.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
	}

	private static HttpResponse<String> post(String path, String body, String cookie) {
		HttpRequest.Builder request = request(path).header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(body));
		return send(cookie.isEmpty() ? request : request.header("Cookie", cookie));
	}

	private static WriterStatus.State state(String writer) {
		return context.getBeansOfType(Writer.class)
			.values()
			.stream()
			.filter((candidate) -> candidate.name().equals(writer))
			.findFirst()
			.orElseThrow()
			.status()
			.state();
	}

}
