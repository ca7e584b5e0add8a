package io.observatory.storage.sample.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample on its own database: durable, kept over a restart, recovered after a kill.
 * Both tests use one directory, as two runs do.
 */
class EmbeddedPostgresIT {

	@TempDir
	private static Path directory;

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
	@AfterEach
	void endServer() throws Exception {
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

	/** The sample remembers for a second how many there were. */
	private static void awaitLogs(SampleProcess sample, long number) {
		await().untilAsserted(() -> assertThat(logs(sample)).isEqualTo(number));
	}

	private static void send(SampleProcess sample, String... bodies) {
		assertThat(sample.post("/v1/logs", "application/x-protobuf", OtlpLogs.request(bodies)).statusCode())
			.isEqualTo(200);
	}

	@Test
	void rowsSurviveARestartAndAKill() throws IOException {
		long before;
		try (SampleProcess sample = start()) {
			before = logs(sample);
			TestDatabase database = TestDatabase.embeddedIn(sample, home());
			assertThat(database.jdbc().queryForObject("SHOW fsync", String.class)).isEqualTo("on");
			assertThat(database.jdbc().queryForObject("SHOW synchronous_commit", String.class)).isEqualTo("on");
			send(sample, "one", "two");
			sample.terminate();
			await("the server has ended").atMost(Duration.ofMinutes(1)).until(() -> !Files.exists(pidFile()));
		}
		ProcessHandle orphan;
		try (SampleProcess sample = start()) {
			awaitLogs(sample, before + 2);
			send(sample, "three");
			sample.flush();
			sample.kill();
			orphan = server().orElseThrow();
			assertThat(orphan.isAlive()).as("the server is left").isTrue();
		}
		try (SampleProcess sample = start()) {
			assertThat(sample.log()).contains("Ending the PostgreSQL server (process " + orphan.pid() + ")");
			awaitLogs(sample, before + 3);
			send(sample, "four");
			sample.flush();
			awaitLogs(sample, before + 4);
		}
	}

	@Test
	void aSecondProcessLeavesTheFirstOnesServerAlone() {
		try (SampleProcess first = start("--demo.rate=800", "--demo.chat")) {
			try (SampleProcess second = SampleProcess.launch(directory, arguments())) {
				assertThat(second.awaitExit()).isNotZero();
				assertThat(second.log()).contains("Another process uses the embedded PostgreSQL");
			}
			send(first, "still there");
			first.flush();
			assertDemoIsStored(first);
			assertChatIsStored(first);
		}
	}

	private static void assertDemoIsStored(SampleProcess sample) {
		await().atMost(Duration.ofMinutes(1)).until(() -> logs(sample) > 200);
		assertThat(sample.log()).containsPattern("Demo: \\d+ records/s, \\d+ in all");
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
