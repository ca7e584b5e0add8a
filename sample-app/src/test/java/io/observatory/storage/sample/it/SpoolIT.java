package io.observatory.storage.sample.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the sample has accepted while its database was down outlives its process, however
 * that ends.
 */
@Tag("faults")
class SpoolIT {

	private static final int PER_REQUEST = 500;

	private static final int REQUESTS = 10;

	@TempDir
	private Path directory;

	private final Map<Signal, List<Long>> accepted = new EnumMap<>(Signal.class);

	private long next = 1;

	@Test
	void whatWasAcceptedWithoutADatabaseIsStoredByTheNextProcess() {
		long begun = System.nanoTime();
		Path data = this.directory.resolve("pgdata");
		String[] arguments;
		try (OwnServer server = OwnServer.start(data)) {
			arguments = arguments(server);
			try (SampleProcess sample = SampleProcess.start(this.directory, arguments)) {
				send(sample);
				sample.flush();
				server.close();
				send(sample);
				long asked = System.nanoTime();
				sample.terminate();
				assertThat(Duration.ofNanos(System.nanoTime() - asked)).as("from SIGTERM to the end")
					.isLessThan(Duration.ofSeconds(15));
				assertThat(sample.log()).contains("kept in " + this.directory.resolve("data/spool"));
			}
			try (SampleProcess sample = SampleProcess.start(this.directory, arguments)) {
				send(sample);
				sample.kill();
			}
		}
		try (OwnServer server = OwnServer.start(data);
				SampleProcess sample = SampleProcess.start(this.directory, arguments(server))) {
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(recovered(sample)).isTrue());
			compare(server.database(), Duration.ofNanos(System.nanoTime() - begun));
			assertThat(new String(sample.send(sample.request("/writers").GET()).body())).contains("Recovered",
					"the room does not run out");
		}
	}

	private String[] arguments(OwnServer server) {
		return server.database()
			.argumentsWithSpool("--observatory.storage.datasource.url=" + server.database().url(),
					"--observatory.storage.datasource.connection-timeout=500ms")
			.toArray(String[]::new);
	}

	private void send(SampleProcess sample) {
		for (Signal signal : Signal.values()) {
			List<Long> numbers = this.accepted.computeIfAbsent(signal, (added) -> new ArrayList<>());
			for (int i = 0; i < REQUESTS; i++) {
				long first = this.next + (long) i * PER_REQUEST;
				assertThat(sample.post(signal.path(), "application/x-protobuf", signal.request(first, PER_REQUEST))
					.statusCode()).isEqualTo(200);
				LongStream.range(first, first + PER_REQUEST).forEach(numbers::add);
			}
		}
		this.next += (long) REQUESTS * PER_REQUEST;
	}

	/** Returns whether each writer has stored what earlier ones have left. */
	private static boolean recovered(SampleProcess sample) {
		JsonNode writers = sample.get("/actuator/observatory").get("writers");
		boolean all = true;
		for (Signal signal : Signal.values()) {
			JsonNode writer = writers.get(signal.writer());
			all &= writer.get("writes").get("recovered").asLong() >= 2L * REQUESTS * PER_REQUEST
					&& writer.get("spool").get("rows").asLong() == 0;
		}
		return all;
	}

	private void compare(TestDatabase database, Duration took) {
		long lost = 0;
		long twice = 0;
		long sum = 0;
		for (Signal signal : Signal.values()) {
			List<Long> stored = database.jdbc().queryForList(signal.storedNumbers(), Long.class);
			List<Long> missing = new ArrayList<>(this.accepted.get(signal));
			missing.removeAll(new HashSet<>(stored));
			lost += missing.size();
			twice += stored.size() - new HashSet<>(stored).size();
			sum += this.accepted.get(signal).size();
		}
		FaultReport.scenario("spool-sample-terminated-and-killed", sum, sum - lost, 0, 0, lost, twice,
				took.toMillis() / 1000.0);
		assertThat(lost).as("lost").isZero();
		assertThat(twice).as("twice").isZero();
	}

}
