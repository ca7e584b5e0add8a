package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Exports from a process whose heap is much smaller than the files. PostgreSQL reads them
 * back, and compares them with its views row by row. In the fault suite it is a million
 * calls.
 */
@Tag("faults")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExportIT {

	private static final boolean FULL = "full".equals(System.getProperty("faults.length"));

	private static final int CALLS = FULL ? 1_000_000 : 4_000;

	/** Of the content of a call, in characters. */
	private static final int CONTENT = FULL ? 600 : 20_000;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Until the first row: conversations are added up before. */
	private static final Duration FIRST_ROW = Duration.ofMinutes(FULL ? 10 : 1);

	private static final String RANGE = "from=2026-11-01T00:00:00Z&to=2026-11-30T00:00:00Z";

	@TempDir
	private static Path directory;

	private static TestDatabase database;

	private static SampleProcess sample;

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		sample = SampleProcess.start(directory, database.arguments("-Xmx100m"));
		fill();
	}

	@AfterAll
	static void stop() {
		if (sample != null) {
			sample.close();
		}
	}

	/** Names that mean something to a spreadsheet or to a reader of CSV, and content. */
	private static void fill() {
		database.jdbc().execute("""
				INSERT INTO observatory.traces (id, trace_id, service_name, start_time, status, span_count)
				SELECT md5('t' || n)::uuid, md5('t' || n), CASE WHEN n %% 4 = 0 THEN '=shop' ELSE 'shop' END,
				       timestamptz '2026-11-02 00:00:00Z' + n * interval '1 second', 'ok', 2
				  FROM generate_series(0, %d) AS n
				""".formatted(CALLS / 2 - 1));
		database.jdbc()
			.execute(
					"""
							INSERT INTO observatory.trace_spans (id, trace_id, span_id, name, kind, service_name, start_time, end_time,
							                                     duration_us, status, attributes)
							SELECT md5('s' || n)::uuid, md5('t' || n / 2)::uuid, substr(md5('s' || n), 1, 16),
							       (ARRAY['chat', '=1+1', '+x', '-x', '@x', E'\\t=x', 'a,b', 'say "yes"', E'two\\r\\nlines', '', '''',
							              '\uff1d1', E'Grüße \\U0001F600'])[1 + n %% 13],
							       'client', CASE WHEN n %% 4 = 0 THEN '=shop' ELSE 'shop' END, t.start, t.start + interval '1 second',
							       CASE WHEN n %% 10 > 0 THEN 1000000 + n END, CASE WHEN n %% 50 = 0 THEN 'error' ELSE 'ok' END,
							       jsonb_strip_nulls(jsonb_build_object('gen_ai.operation.name', 'chat', 'gen_ai.request.model',
							           (ARRAY['gpt-4o', '=model'])[1 + n %% 2], 'gen_ai.usage.input_tokens', n %% 5000,
							           'gen_ai.usage.output_tokens', CASE WHEN n %% 3 > 0 THEN n %% 700 END,
							           'llm.cost.amount_usd', n / 1000000.0, 'gen_ai.response.finish_reasons', ARRAY['stop', '-"x"'],
							           'gen_ai.conversation.id', 'talk ' || n / 10, 'user.id', '@user ' || n %% 7,
							           'gen_ai.input.messages', jsonb_build_array(jsonb_build_object('role', 'user', 'content',
							               repeat(md5(n::text) || E' =\\n"', %d / 36)))))
							  FROM generate_series(0, %d) AS n
							 CROSS JOIN LATERAL (SELECT timestamptz '2026-11-02 00:00:00Z' + n * interval '0.5 second') AS t (start)
							"""
						.formatted(CONTENT, CALLS - 1));
		database.jdbc().execute("ANALYZE observatory.traces, observatory.trace_spans");
	}

	@Test
	@Order(1)
	void callsAsCsvAreTheRowsOfTheView() {
		database.jdbc().execute("CREATE UNLOGGED TABLE calls AS SELECT * FROM observatory.llm_calls LIMIT 0");
		HttpResponse<InputStream> file = get("/calls.csv?" + RANGE);
		assertThat(file.headers().firstValue("Content-Type")).hasValue("text/csv;header=present;charset=UTF-8");
		assertThat(file.headers().firstValue("Content-Disposition")).hasValue("attachment; filename=\"calls.csv\"");
		assertThat(load(file.body(), "COPY calls FROM STDIN (FORMAT csv, HEADER match)")).isEqualTo(CALLS);
		assertSame("SELECT * FROM calls", "SELECT " + guardedColumns() + " FROM observatory.llm_calls");
	}

	/** As the views have them, with an apostrophe before what looks like a formula. */
	private static String guardedColumns() {
		return database.jdbc()
			.query("""
					SELECT column_name, data_type FROM information_schema.columns
					 WHERE table_schema = 'observatory' AND table_name = 'llm_calls' ORDER BY ordinal_position
					""",
					(row, number) -> row.getString(2).equals("text")
							? """
									CASE WHEN %1$s ~ E'^[-=+@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]' THEN '''' || %1$s ELSE %1$s END AS %1$s"""
								.formatted(row.getString(1))
							: row.getString(1))
			.stream()
			.collect(Collectors.joining(", "));
	}

	@Test
	@Order(2)
	void callsAsJsonLinesAreTheRowsOfTheView() {
		HttpResponse<InputStream> file = get("/calls.jsonl?" + RANGE);
		assertThat(file.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
		assertThat(loadLines("call_lines", file.body())).isEqualTo(CALLS);
		assertSame("SELECT c.* FROM call_lines, jsonb_populate_record(NULL::observatory.llm_calls, line) AS c",
				"SELECT * FROM observatory.llm_calls");
	}

	@Test
	@Order(3)
	void conversationsAreThoseOfTheView() {
		assertThat(loadLines("conversation_lines", get("/conversations.jsonl?" + RANGE).body())).isEqualTo(CALLS / 10);
		assertSame(
				"SELECT c.* FROM conversation_lines, jsonb_populate_record(NULL::observatory.llm_conversations, line) AS c",
				"SELECT * FROM observatory.llm_conversations");
		assertThat(text(get("/conversations.csv?" + RANGE)).lines().findFirst())
			.hasValue("conversation_id,first_call_time,last_call_time,calls,failed_calls,traces,models,users,"
					+ "input_tokens,output_tokens,total_tokens,cost_usd");
	}

	@Test
	@Order(4)
	void tracesAreThoseOfTheTable() {
		assertThat(loadLines("trace_lines", get("/traces.jsonl?" + RANGE).body())).isEqualTo(CALLS / 2);
		assertSame("""
				SELECT line ->> 'trace_id', line ->> 'service_name', (line ->> 'start_time')::timestamptz,
				       (line ->> 'spans')::int, (line ->> 'calls')::bigint, (line ->> 'input_tokens')::numeric,
				       (line ->> 'cost_usd')::numeric
				  FROM trace_lines
				""",
				"""
						SELECT t.trace_id, t.service_name, t.start_time, t.span_count, count(*), sum(c.input_tokens), sum(c.cost_usd)
						  FROM observatory.traces AS t JOIN observatory.llm_calls AS c ON c.trace_key = t.id
						 GROUP BY t.id
						""");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/?", "/traces?service=%3Dshop&sort=slowest&", "/traces?status=ok&model=gpt-4o&q=chat&",
			"/conversations?id=talk+3&" })
	void thePageOfAListLinksToItAsFilesWithItsFilters(String page) {
		Matcher link = Pattern.compile("<a (?=[^>]*id=\"export-)[^>]*href=\"([^\"]+)\"")
			.matcher(text(get(page + "from=2026-11-02T00:00:00Z&to=2026-11-02T00:10:00Z")));
		List<String> links = link.results().map((found) -> HtmlUtils.htmlUnescape(found.group(1))).toList();
		assertThat(links).isNotEmpty();
		links.forEach((path) -> assertThat(text(get(path)).lines().count()).as(path).isGreaterThan(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "service=%3Dshop", "model=%3Dmodel", "conversation=talk+7" })
	void filtersOfCallsAreThoseOfTheView(String filter) {
		Map<String, String> conditions = Map.of("service", "service_name = '=shop'", "model", "model = '=model'",
				"conversation", "conversation_id = 'talk 7'");
		String range = "&from=2026-11-02T00:00:00Z&to=2026-11-02T00:01:00Z";
		assertThat(text(get("/calls.jsonl?" + filter + range)).lines().count())
			.isEqualTo(count("SELECT count(*) FROM observatory.llm_calls WHERE start_time < '2026-11-02 00:01:00Z' AND "
					+ conditions.get(filter.replaceFirst("=.*", ""))));
	}

	@Test
	void ofTwoExportsNoneIsBegunButPagesAreShown() throws IOException {
		try (Socket first = unread("/calls.csv?" + RANGE); Socket second = unread("/calls.jsonl?" + RANGE)) {
			HttpResponse<InputStream> third = get("/calls.csv?" + RANGE);
			assertThat(third.statusCode()).isEqualTo(503);
			assertThat(text(third)).contains("Too many pages or exports at once").doesNotContain("SELECT");
			assertThat(get("/traces?" + RANGE).statusCode()).isEqualTo(200);
		}
		awaitNoneRunning();
	}

	@Test
	void aClientThatGoesAwayEndsItsQuery() throws IOException {
		unread("/calls.csv?" + RANGE).close();
		awaitNoneRunning();
	}

	@Test
	void aFileThatIsNotCompleteDoesNotLookAsIfItWere() throws IOException {
		try (Socket reader = unread("/calls.csv?" + RANGE)) {
			database.jdbc().queryForList("SELECT pg_terminate_backend(pid) FROM (" + RUNNING + ") AS running");
			String all = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(all).doesNotEndWith("\r\n0\r\n\r\n").doesNotContain("<html");
		}
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(sample.log()).contains("An export was given up").doesNotContain("SELECT"));
	}

	private static final String RUNNING = "SELECT pid FROM pg_stat_activity WHERE application_name = 'observatory-export'"
			+ " AND state <> 'idle' AND datname = current_database()";

	private static void awaitNoneRunning() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(database.jdbc().queryForList(RUNNING)).as("running exports").isEmpty());
	}

	/** Begins an export, and reads no more than its beginning. */
	private static Socket unread(String path) throws IOException {
		URI uri = sample.uri(path);
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new java.net.InetSocketAddress(uri.getHost(), uri.getPort()));
		socket.setSoTimeout((int) PATIENCE.toMillis());
		socket.getOutputStream()
			.write(("GET " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
			.isEqualTo("HTTP/1.1 200");
		return socket;
	}

	private HttpResponse<InputStream> get(String path) {
		try {
			return this.client.send(HttpRequest.newBuilder(sample.uri(path)).timeout(FIRST_ROW).build(),
					BodyHandlers.ofInputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static String text(HttpResponse<InputStream> response) {
		try (InputStream body = response.body()) {
			return new String(body.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * JSON has no control characters as they are, so one quotes and separates nothing.
	 */
	private static long loadLines(String table, InputStream lines) {
		database.jdbc().execute("CREATE UNLOGGED TABLE " + table + " (line jsonb)");
		return load(lines, "COPY " + table + " FROM STDIN (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')");
	}

	private static long load(InputStream file, String copy) {
		try (file; Connection connection = new DriverManagerDataSource(database.url()).getConnection()) {
			return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy, file);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertSame(String exported, String stored) {
		assertThat(count("SELECT count(*) FROM (" + exported + " EXCEPT ALL " + stored + ") AS more"))
			.as("exported, but not stored")
			.isZero();
		assertThat(count("SELECT count(*) FROM (" + stored + " EXCEPT ALL " + exported + ") AS missing"))
			.as("stored, but not exported")
			.isZero();
	}

	private static long count(String sql) {
		return database.jdbc().queryForObject(sql, Long.class);
	}

}
