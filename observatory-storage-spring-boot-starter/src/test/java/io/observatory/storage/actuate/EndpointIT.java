package io.observatory.storage.actuate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Trace;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.testing.TcpProxy;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint, over HTTP.
 */
class EndpointIT {

	private String database;

	@BeforeEach
	void database() {
		this.database = Postgres.migratedDatabase();
	}

	@Test
	void showsEveryWriter() throws Exception {
		try (ConfigurableApplicationContext context = app().run()) {
			context.getBean(LogWriter.class).writeLogs(Logs.logs(3));
			HttpResponse<String> response = send(context, "GET", "");
			assertThat(response.statusCode()).isEqualTo(200);
			JsonNode report = json(response);
			assertThat(report.path("schema").path("state").asString()).isEqualTo("READY");
			assertThat(report.path("writers").propertyNames()).containsExactlyInAnyOrder("logs", "metrics", "traces");
			JsonNode logs = report.path("writers").path("logs");
			assertThat(logs.path("status").path("state").asString()).isEqualTo("RUNNING");
			assertThat(logs.path("buffer").path("rows").asInt()).isEqualTo(3);
			assertThat(logs.path("writes").path("accepted").asInt()).isEqualTo(3);
			assertThat(response.body()).doesNotContain("hello");
		}
	}

	@Test
	void showsOneWriter() throws Exception {
		try (ConfigurableApplicationContext context = app().run()) {
			JsonNode report = json(send(context, "GET", "/traces"));
			assertThat(report.path("buffer").path("maxRows").asLong()).isEqualTo(1_000_000);
		}
	}

	@Test
	void knowsNoOtherWriterAndSaysWhichThereAre() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			for (HttpResponse<String> response : List.of(send(context, "GET", "/other"),
					send(context, "POST", "/other"), post(context, "/other", "{\"action\":\"pause\"}"))) {
				assertThat(response.statusCode()).isEqualTo(404);
				assertThat(error(response)).isEqualTo("there is no such writer: the writers are logs, metrics, traces");
			}
		}
	}

	@Test
	void controlsOnlyWhenAllowed() throws Exception {
		try (ConfigurableApplicationContext context = app().run()) {
			assertThat(send(context, "POST", "").statusCode()).isEqualTo(405);
			assertThat(post(context, "", "{\"action\":\"pause\"}").statusCode()).isEqualTo(405);
			assertThat(post(context, "/dead-letters", "{\"action\":\"replay\"}").statusCode()).isEqualTo(405);
			assertThat(context.getBean(LogWriter.class).status().state()).isEqualTo(State.RUNNING);
		}
	}

	@Test
	void pausesAndResumesOneAndAll() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			LogWriter logs = context.getBean(LogWriter.class);
			MetricWriter metrics = context.getBean(MetricWriter.class);
			JsonNode paused = json(post(context, "/logs", "{\"action\":\"pause\"}"));
			assertThat(paused.path("status").path("state").asString()).isEqualTo("PAUSED");
			assertThat(logs.status().state()).isEqualTo(State.PAUSED);
			assertThat(metrics.status().state()).isEqualTo(State.RUNNING);
			JsonNode all = json(post(context, "", "{\"action\":\"pause\"}"));
			assertThat(all.propertyNames()).containsExactlyInAnyOrder("logs", "metrics", "traces");
			assertThat(metrics.status().state()).isEqualTo(State.PAUSED);
			json(post(context, "", "{\"action\":\"resume\"}"));
			assertThat(logs.status().state()).isEqualTo(State.RUNNING);
			assertThat(metrics.status().state()).isEqualTo(State.RUNNING);
			List<LogRecord> records = Logs.logs(3);
			logs.writeLogs(records);
			JsonNode flushed = json(post(context, "/logs", "{\"action\":\"flush\"}"));
			assertThat(flushed.path("result").path("stored").asInt()).isEqualTo(3);
			assertThat(json(post(context, "", "{}")).path("logs").path("result").path("rows").asInt()).isZero();
			Logs.assertStored(Postgres.jdbc(this.database), logs, records);
		}
	}

	@Test
	void whatDoesNotStoreToPostgresStaysPaused() throws Exception {
		try (ConfigurableApplicationContext context = App.onH2()
			.web()
			.with("management.endpoint.observatory.access", "unrestricted")
			.run()) {
			HttpResponse<String> response = post(context, "/logs", "{\"action\":\"resume\"}");
			assertThat(response.statusCode()).isEqualTo(400);
			assertThat(error(response)).contains("not PostgreSQL");
			assertThat(context.getBean(LogWriter.class).status().state()).isEqualTo(State.PAUSED);
		}
	}

	@Test
	void aBadValueIsRefusedAndSaid() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			assertRefused(context, "", "{\"action\":\"stop\"}", "action must be flush, pause or resume");
			assertRefused(context, "/logs", "{\"action\":\"replay\"}", "action must be flush, pause or resume");
			assertThat(send(context, "POST", "/dead-letters").statusCode()).isEqualTo(400);
			assertRefused(context, "/dead-letters", "{}", "action must be replay or purge");
			assertRefused(context, "/dead-letters", "{\"action\":\"pause\"}", "action must be replay or purge");
			assertRefused(context, "/dead-letters", "{\"action\":\"purge\"}", "olderThan must be a duration");
			for (String age : List.of("soon", "30", "-1d", "99999999999999999999d", "999999999999d", "36501d")) {
				assertRefused(context, "/dead-letters", "{\"action\":\"purge\",\"olderThan\":\"" + age + "\"}",
						"olderThan must be a duration");
			}
			for (String limit : List.of("0", "10001", "\"many\"", "-1")) {
				assertRefused(context, "/dead-letters", "{\"action\":\"replay\",\"limit\":" + limit + "}",
						"limit must be a whole number between 1 and 10000");
			}
			assertRefused(context, "/dead-letters", "{\"action\":\"replay\",\"table\":\"users\"}",
					"There is no table users");
			assertRefused(context, "/dead-letters", "{\"action\":\"replay\",\"id\":\"7\"}", "id must be a UUID");
			assertRefused(context, "/dead-letters",
					"{\"action\":\"replay\",\"table\":\"logs\",\"id\":\"" + new UUID(0, 7) + "\"}", "not both");
		}
	}

	/** As curl sends a body unless told otherwise. */
	@Test
	void aBodyThatIsNotJsonIsNotTakenForNone() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			writer.writeLogs(Logs.logs(3));
			HttpResponse<String> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri(context, ""))
					.header("Content-Type", "application/x-www-form-urlencoded")
					.POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"pause\"}"))
					.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).isEqualTo(415);
			assertThat(writer.writeStats().buffered()).isEqualTo(3);
		}
	}

	@Test
	void showsReplaysAndPurgesDeadLettersWithoutWhatTheyHold() throws Exception {
		JdbcTemplate jdbc = Postgres.jdbc(this.database);
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			assertThat(json(send(context, "GET", "/dead-letters")).path("count").asInt()).isZero();
			LogWriter writer = context.getBean(LogWriter.class);
			jdbc.execute("ALTER TABLE observatory.logs ADD CONSTRAINT refusing CHECK (body <> 'hello') NOT VALID");
			List<LogRecord> logs = Logs.logs(5);
			writer.writeLogs(logs);
			assertThat(writer.flush().deadLettered()).isEqualTo(5);

			HttpResponse<String> shown = send(context, "GET", "/dead-letters");
			assertThat(shown.statusCode()).isEqualTo(200);
			assertThat(json(shown).path("count").asInt()).isEqualTo(5);
			JsonNode kind = json(shown).path("counts").path(0);
			assertThat(kind.path("table").asString()).isEqualTo("logs");
			assertThat(kind.path("sqlState").asString()).isEqualTo("23514");
			assertThat(kind.path("constraint").asString()).isEqualTo("refusing");
			assertThat(kind.path("letters").asInt()).isEqualTo(5);
			assertThat(Instant.parse(kind.path("oldest").asString())).isBeforeOrEqualTo(Instant.now());
			assertThat(shown.body()).doesNotContain("hello");

			assertReplay(post(context, "/dead-letters", "{\"action\":\"replay\"}"), 0, 5, 5);
			jdbc.execute("ALTER TABLE observatory.logs DROP CONSTRAINT refusing");
			UUID one = context.getBean(DeadLetterQueue.class).list(null, 1).get(0).id();
			assertReplay(post(context, "/dead-letters", "{\"action\":\"replay\",\"id\":\"" + one + "\"}"), 1, 0, 0);
			assertReplay(post(context, "/dead-letters", "{\"action\":\"replay\",\"table\":\"logs\",\"limit\":2}"), 2, 0,
					2);
			assertThat(Logs.storedIds(jdbc)).hasSize(3).isSubsetOf(Logs.ids(logs));
			HttpResponse<String> young = post(context, "/dead-letters", "{\"action\":\"purge\",\"olderThan\":\"1d\"}");
			assertThat(json(young).path("purged").asInt()).isZero();
			jdbc.update("UPDATE observatory.dead_letters SET failed_at = now() - interval '25 hours'");
			HttpResponse<String> old = post(context, "/dead-letters", "{\"action\":\"purge\",\"olderThan\":\"1d\"}");
			assertThat(json(old).path("purged").asInt()).isEqualTo(2);
			assertThat(json(send(context, "GET", "/dead-letters")).path("count").asInt()).isZero();
		}
	}

	@Test
	void anOperationOnDeadLettersThatFailsSaysWhy() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			Postgres.jdbc(this.database).execute("ALTER TABLE observatory.dead_letters RENAME TO elsewhere");
			for (HttpResponse<String> response : List.of(send(context, "GET", "/dead-letters"),
					post(context, "/dead-letters", "{\"action\":\"replay\"}"),
					post(context, "/dead-letters", "{\"action\":\"purge\",\"olderThan\":\"1d\"}"))) {
				assertThat(response.statusCode()).isEqualTo(500);
				assertThat(error(response)).contains("failed", "42P01");
				assertThat(json(response).path("error").path("sqlState").asString()).isEqualTo("42P01");
				assertThat(json(response).path("error").path("retryable").asBoolean()).isFalse();
			}
		}
	}

	@Test
	void theUsersOwnAccessToDeadLettersIsUsed() throws Exception {
		Postgres.jdbc(this.database).execute("CREATE SCHEMA other");
		Postgres.jdbc(this.database)
			.execute("CREATE TABLE other.dead_letters AS SELECT gen_random_uuid() AS id, 'logs' AS table_name, "
					+ "'22021' AS sql_state, NULL AS constraint_name, 'elsewhere' AS reason, now() AS failed_at");
		try (ConfigurableApplicationContext context = app().with(OwnDeadLetters.class).run()) {
			JsonNode report = json(send(context, "GET", "/dead-letters"));
			assertThat(report.path("counts").path(0).path("reason").asString()).isEqualTo("elsewhere");
		}
	}

	@Test
	void flushesOneAndAll() throws Exception {
		try (ConfigurableApplicationContext context = unrestricted().run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			List<LogRecord> logs = Logs.logs(7);
			writer.writeLogs(logs);
			HttpResponse<String> response = send(context, "POST", "/logs");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(json(response).path("result").path("stored").asInt()).isEqualTo(7);
			assertThat(json(response).path("error").isNull()).isTrue();
			Logs.assertStored(Postgres.jdbc(this.database), writer, logs);
			JsonNode all = json(send(context, "POST", ""));
			assertThat(all.propertyNames()).containsExactlyInAnyOrder("logs", "metrics", "traces");
			assertThat(all.path("logs").path("result").path("rows").asInt()).isZero();
		}
	}

	@Test
	void aFlushThatFailsSaysWhy() throws Exception {
		try (TcpProxy proxy = new TcpProxy(Postgres.port())) {
			proxy.open();
			try (ConfigurableApplicationContext context = App
				.onOwnPool(Postgres.url(this.database, proxy.port()) + "&password=hunter2")
				.with("observatory.storage.datasource.connection-timeout", "250ms")
				.with("observatory.storage.close-timeout", "1s")
				.with("management.endpoint.observatory.access", "unrestricted")
				.web()
				.run()) {
				proxy.close();
				LogWriter writer = context.getBean(LogWriter.class);
				List<LogRecord> logs = Logs.logs(7);
				writer.writeLogs(logs);
				HttpResponse<String> response = send(context, "POST", "");
				assertThat(response.statusCode()).isEqualTo(200);
				JsonNode report = json(response).path("logs");
				assertThat(report.path("result").isNull()).isTrue();
				assertThat(report.path("error").path("message").asString()).isNotBlank();
				assertThat(report.path("error").path("retryable").asBoolean()).isTrue();
				assertThat(response.body()).doesNotContain("hunter2", "hello");
				proxy.open();
				Logs.awaitStored(Postgres.jdbc(this.database), writer, logs);
			}
		}
	}

	@Test
	void showsHowLongRecordsAreKeptAndWhatWasRemovedLast() throws Exception {
		JdbcTemplate jdbc = Postgres.jdbc(this.database);
		try (ConfigurableApplicationContext context = app().run()) {
			JsonNode retention = json(send(context, "GET", "")).path("retention");
			assertThat(retention.path("keep").path("traces").isNull()).isTrue();
			assertThat(retention.path("lastRun").isNull()).isTrue();
			jdbc.execute("""
					INSERT INTO observatory.traces (id, trace_id, service_name, start_time, status, span_count)
					SELECT gen_random_uuid(), 'trace ' || days, 'test', now() - make_interval(days => days), 'ok', 0
					FROM unnest(ARRAY[2, 6, 8, 30]) AS days;
					INSERT INTO observatory.dead_letters (id, table_name, row_format, row_bytes, reason, failed_at)
					VALUES (gen_random_uuid(), 'logs', 1, '', 'test', now() - interval '8 days')""");
		}
		try (ConfigurableApplicationContext context = app().with("observatory.storage.retention.traces", "7d")
			.with("observatory.storage.retention.dead-letters", "7d")
			.run()) {
			await().untilAsserted(() -> {
				JsonNode retention = json(send(context, "GET", "")).path("retention");
				assertThat(Duration.parse(retention.path("keep").path("traces").asString()))
					.isEqualTo(Duration.ofDays(7));
				assertThat(retention.path("keep").path("logs").isNull()).isTrue();
				JsonNode run = retention.path("lastRun");
				assertThat(run.path("endedAt").isString()).as("the run has ended").isTrue();
				assertThat(Instant.parse(run.path("endedAt").asString())).isBeforeOrEqualTo(Instant.now());
				assertThat(run.path("removed").path("traces").asInt()).isEqualTo(2);
				assertThat(run.path("removed").path("deadLetters").asInt()).isEqualTo(1);
				assertThat(run.path("failure").isNull()).isTrue();
			});
			LogRecord.Builder old = LogRecord.builder()
				.serviceName("test")
				.timestamp(Instant.now().minus(Duration.ofDays(8)));
			context.getBean(LogWriter.class).writeLog(old.build());
			context.getBean(TraceWriter.class)
				.writeTrace(
						Trace.builder().traceId("late").serviceName("test").startTime(old.build().timestamp()).build());
			JsonNode writers = json(send(context, "GET", "")).path("writers");
			assertThat(writers.path("traces").path("writes").path("dropped").path("EXPIRED").asInt()).isEqualTo(1);
			assertThat(writers.path("logs").path("writes").path("dropped").path("EXPIRED").asInt()).isZero();
		}
		assertThat(jdbc.queryForList("SELECT trace_id FROM observatory.traces", String.class))
			.containsExactlyInAnyOrder("trace 2", "trace 6");
	}

	private App unrestricted() {
		return app().with("management.endpoint.observatory.access", "unrestricted");
	}

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.with("observatory.storage.logs.flush-interval", "1h")
			.web();
	}

	private static HttpResponse<String> send(ConfigurableApplicationContext context, String method, String path)
			throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri(context, path))
				.method(method, HttpRequest.BodyPublishers.noBody())
				.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static HttpResponse<String> post(ConfigurableApplicationContext context, String path, String body)
			throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri(context, path))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static URI uri(ConfigurableApplicationContext context, String path) {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		return URI.create("http://localhost:" + port + "/actuator/observatory" + path);
	}

	private static void assertRefused(ConfigurableApplicationContext context, String path, String body, String why)
			throws IOException, InterruptedException {
		HttpResponse<String> response = post(context, path, body);
		assertThat(response.statusCode()).as(body).isEqualTo(400);
		assertThat(error(response)).as(body).contains(why);
	}

	private static void assertReplay(HttpResponse<String> response, int replayed, int failedAgain, int remaining) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(json(response).path("replayed").asInt()).isEqualTo(replayed);
		assertThat(json(response).path("failedAgain").asInt()).isEqualTo(failedAgain);
		assertThat(json(response).path("remaining").asInt()).isEqualTo(remaining);
	}

	private static String error(HttpResponse<String> response) {
		return json(response).path("error").path("message").asString();
	}

	private static JsonNode json(HttpResponse<String> response) {
		return JsonMapper.shared().readTree(response.body());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDeadLetters {

		@Bean
		DeadLetterQueue deadLetterQueue(DataSource dataSource) {
			return new DeadLetterQueue(dataSource, "other");
		}

	}

}
