package io.observatory.storage.sample.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample on its own database: durable, kept over a restart, recovered after a kill.
 * The tests use one directory, as runs after each other do; a test goes on with the
 * process that the one before it has started.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedPostgresIT {

	@TempDir
	private static Path directory;

	private static SampleProcess sample;

	private static Path home() {
		return directory.resolve("home");
	}

	private static Path pidFile() {
		return home().resolve("pgdata/postmaster.pid");
	}

	private static SampleProcess start(String... more) {
		return SampleProcess.start(directory, arguments(more));
	}

	private static String[] arguments(String... more) {
		String[] arguments = new String[more.length + 2];
		arguments[0] = "--sample.postgres.directory=" + home();
		// the sample's own lines would be among the rows that are counted
		arguments[1] = "--observatory.storage.capture.logback.enabled=false";
		System.arraycopy(more, 0, arguments, 2, more.length);
		return arguments;
	}

	/**
	 * What a failed test has left; a server that is about to end gets the time for it.
	 */
	@AfterAll
	static void end() throws Exception {
		if (sample != null) {
			sample.close();
		}
		Optional<ProcessHandle> left = Files.exists(pidFile()) ? server() : Optional.empty();
		if (left.isPresent() && left.get().isAlive()) {
			left.get().onExit().completeOnTimeout(left.get(), 20, TimeUnit.SECONDS).get();
			left.get().destroyForcibly();
		}
	}

	private static Optional<ProcessHandle> server() throws IOException {
		return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile()).get(0).strip()));
	}

	private static long logs(SampleProcess sample) {
		return sample.get("/api/stats").get("tables").get("logs").asLong();
	}

	private static List<String> stored(SampleProcess sample) {
		return TestDatabase.embeddedIn(sample, home())
			.jdbc()
			.queryForList("SELECT body FROM observatory.logs WHERE body LIKE 'sent %' ORDER BY body", String.class);
	}

	private static void send(SampleProcess sample, String... bodies) {
		assertThat(sample.post("/v1/logs", "application/x-protobuf", OtlpLogs.request(bodies)).statusCode())
			.isEqualTo(200);
	}

	@Test
	@Order(1)
	void rowsSurviveARestart() {
		try (SampleProcess first = start()) {
			TestDatabase database = TestDatabase.embeddedIn(first, home());
			assertThat(database.jdbc().queryForObject("SHOW fsync", String.class)).isEqualTo("on");
			assertThat(database.jdbc().queryForObject("SHOW synchronous_commit", String.class)).isEqualTo("on");
			send(first, "sent 1", "sent 2");
			first.terminate();
			await("the server has ended").atMost(Duration.ofMinutes(1)).until(() -> !Files.exists(pidFile()));
		}
		sample = start();
		assertThat(stored(sample)).containsExactly("sent 1", "sent 2");
	}

	@Test
	@Order(2)
	void rowsSurviveAKill() throws IOException {
		send(sample, "sent 3");
		sample.flush();
		sample.kill();
		ProcessHandle orphan = server().orElseThrow();
		assertThat(orphan.isAlive()).as("the server is left").isTrue();
		sample = start("--demo.rate=800", "--demo.chat");
		assertThat(sample.log()).contains("Ending the PostgreSQL server (process " + orphan.pid() + ")");
		assertThat(stored(sample)).containsExactly("sent 1", "sent 2", "sent 3");
	}

	@Test
	@Order(3)
	void aSecondProcessLeavesTheFirstOnesServerAlone() {
		try (SampleProcess second = SampleProcess.launch(directory, arguments())) {
			assertThat(second.awaitExit()).isNotZero();
			assertThat(second.log()).contains("Another process uses the embedded PostgreSQL");
		}
		send(sample, "sent 4");
		sample.flush();
		assertThat(stored(sample)).containsExactly("sent 1", "sent 2", "sent 3", "sent 4");
		assertDemoIsStored(sample);
		assertChatIsStored(sample);
	}

	private static void assertDemoIsStored(SampleProcess sample) {
		await().atMost(Duration.ofMinutes(1))
			.until(() -> logs(sample) > 200 && sample.get("/api/stats").get("tables").get("scores").asLong() > 0);
		assertThat(sample.log()).containsPattern("Demo: \\d+ records/s, \\d+ in all")
			.containsPattern("Open http://127\\.0\\.0\\.1:\\d+/");
		sample.get("/api/stats").get("tables").properties().forEach((table) -> {
			if (!table.getKey().equals("trace_events")) {
				assertThat(table.getValue().asLong()).as(table.getKey()).isPositive();
			}
		});
	}

	/** Streamed and not: of each, the answer after the tool. */
	private static void assertChatIsStored(SampleProcess sample) {
		TestDatabase database = TestDatabase.embeddedIn(sample, home());
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(database.jdbc().queryForList("""
					SELECT DISTINCT tool.name || ', ' || advisor.name || ', ' || chat.name || ', '
					       || jsonb_typeof(chat.attributes -> 'gen_ai.usage.output_tokens')
					FROM observatory.trace_spans tool
					JOIN observatory.trace_spans advisor
					  ON advisor.parent_span_id = tool.parent_span_id AND advisor.start_time > tool.start_time
					JOIN observatory.trace_spans chat ON chat.parent_span_id = advisor.span_id
					WHERE tool.attributes ->> 'gen_ai.tool.name' = 'order_status'
					""", String.class)).containsExactlyInAnyOrder(
					"execute_tool order_status, call, chat gpt-4o-mini, number",
					"execute_tool order_status, stream, chat gpt-4o-mini, number"));
	}

}
