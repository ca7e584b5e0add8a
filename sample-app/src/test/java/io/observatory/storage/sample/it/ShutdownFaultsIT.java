package io.observatory.storage.sample.it;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SIGTERM with full buffers, whatever has become of the database: the process ends in
 * time, and its last words say what became of every record.
 */
@Tag("faults")
class ShutdownFaultsIT {

	private static final boolean FULL = "full".equals(System.getProperty("faults.length"));

	private static final Duration ENDS_WITHIN = Duration.ofSeconds(30);

	private static final int PER_REQUEST = 500;

	private static final int BUFFER_ROWS = 10_000;

	private static final int OK = 200;

	private static final int UNAVAILABLE = 503;

	/** 128 + 15, for SIGTERM. */
	private static final int TERMINATED = 143;

	@TempDir
	private Path directory;

	private final Map<Signal, Sent> sent = new EnumMap<>(Signal.class);

	@ParameterizedTest
	@EnumSource
	void theProcessEndsInTimeAndTheNumbersAddUp(DatabaseState state) {
		Assumptions.assumeTrue(FULL || state == DatabaseState.FROZEN);
		long begun = System.nanoTime();
		Path data = this.directory.resolve("pgdata");
		Map<Signal, Numbers> said = new EnumMap<>(Signal.class);
		try (OwnServer server = OwnServer.start(data);
				SampleProcess sample = SampleProcess.start(this.directory, arguments(server))) {
			for (Signal signal : Signal.values()) {
				this.sent.put(signal, new Sent(sample, signal));
				assertThat(this.sent.get(signal).sendRequest()).isEqualTo(OK);
			}
			sample.flush();
			this.sent.values().forEach(Sent::isStored);
			state.begin(server);
			this.sent.values().forEach(Sent::fillBuffer);
			state.atTheEnd(server);
			long asked = System.nanoTime();
			assertThat(sample.terminate()).isEqualTo(TERMINATED);
			assertThat(Duration.ofNanos(System.nanoTime() - asked))
				.as("from SIGTERM to the end; its log: %s", sample.log())
				.isLessThan(ENDS_WITHIN);
			for (Signal signal : Signal.values()) {
				said.put(signal, Numbers.of(signal, sample.log()));
			}
		}
		if (state == DatabaseState.UP) {
			this.sent.values().forEach(Sent::isStored);
		}
		long lost = 0;
		long duplicated = 0;
		try (OwnServer server = OwnServer.start(data)) {
			for (Sent each : this.sent.values()) {
				List<Long> found = each.found(server.database());
				Set<Long> distinct = new HashSet<>(found);
				lost += each.stored.stream().filter((number) -> !distinct.contains(number)).count();
				duplicated += found.size() - distinct.size()
						+ distinct.stream().filter((number) -> !each.stored.contains(number)).count();
			}
		}
		report(state, said, lost, duplicated, Duration.ofNanos(System.nanoTime() - begun));
		this.sent.forEach((signal, each) -> {
			assertThat(said.get(signal).accepted()).as("accepted %s", signal).isEqualTo(each.acceptedRows);
			assertThat(said.get(signal).stored()).as("stored %s", signal).isEqualTo(each.storedRows);
			assertThat(said.get(signal).sum()).as("sum of %s", signal).isEqualTo(each.acceptedRows);
		});
		assertThat(lost).as("lost").isZero();
		assertThat(duplicated).as("duplicated").isZero();
	}

	private static String[] arguments(OwnServer server) {
		List<String> arguments = new ArrayList<>();
		for (Signal signal : Signal.values()) {
			String writer = "--observatory.storage." + signal.writer();
			arguments.add(writer + ".max-buffer-rows=" + BUFFER_ROWS);
		}
		if (!FULL) {
			arguments.add("--observatory.storage.close-timeout=4s");
		}
		return server.database().arguments(arguments.toArray(String[]::new));
	}

	private static void report(DatabaseState state, Map<Signal, Numbers> said, long lost, long duplicated,
			Duration took) {
		FaultReport.scenario("8-sigterm-database-" + state.name().toLowerCase(),
				said.values().stream().mapToLong(Numbers::accepted).sum(),
				said.values().stream().mapToLong(Numbers::stored).sum(),
				said.values().stream().mapToLong(Numbers::deadLettered).sum(),
				said.values().stream().mapToLong(Numbers::dropped).sum(), lost, duplicated, took.toMillis() / 1000.0);
	}

	/**
	 * What has become of the database when the buffers fill, and at the end.
	 */
	enum DatabaseState {

		/** Frozen while the buffers fill, else they would not, and back for the end. */
		UP {
			@Override
			void begin(OwnServer server) {
				server.freeze();
			}

			@Override
			void atTheEnd(OwnServer server) {
				server.thaw();
			}
		},

		DOWN {
			@Override
			void begin(OwnServer server) {
				server.close();
			}
		},

		FROZEN {
			@Override
			void begin(OwnServer server) {
				server.freeze();
			}
		};

		abstract void begin(OwnServer server);

		void atTheEnd(OwnServer server) {
		}

	}

	/**
	 * What a writer said at its end.
	 */
	private record Numbers(long accepted, long stored, long deadLettered, long dropped) {

		static Numbers of(Signal signal, String log) {
			Matcher matcher = Pattern
				.compile("The writer '" + signal.writer()
						+ "' .*closed.* (\\d+) accepted = (\\d+) stored \\+ (\\d+) dead-lettered \\+ (\\d+) dropped")
				.matcher(log);
			assertThat(matcher.find()).as("the last words of %s in %s", signal, log).isTrue();
			return new Numbers(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
					Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4)));
		}

		long sum() {
			return this.stored + this.deadLettered + this.dropped;
		}

	}

	/**
	 * What was sent of a signal, and answered with 200.
	 */
	private static final class Sent {

		private final SampleProcess sample;

		private final Signal signal;

		private final Set<Long> accepted = new HashSet<>();

		private Set<Long> stored = Set.of();

		private long acceptedRows;

		private long storedRows;

		private long next = 1;

		Sent(SampleProcess sample, Signal signal) {
			this.sample = sample;
			this.signal = signal;
		}

		int sendRequest() {
			HttpResponse<byte[]> response = this.sample.post(this.signal.path(), "application/x-protobuf",
					this.signal.request(this.next, PER_REQUEST));
			if (response.statusCode() == OK) {
				LongStream.range(this.next, this.next + PER_REQUEST).forEach(this.accepted::add);
				this.acceptedRows += PER_REQUEST + this.signal.rowsBeside();
			}
			this.next += PER_REQUEST;
			return response.statusCode();
		}

		void fillBuffer() {
			for (int status = OK; status != UNAVAILABLE; status = sendRequest()) {
				assertThat(status).isEqualTo(OK);
				assertThat(this.acceptedRows).as("rows accepted").isLessThan(2 * BUFFER_ROWS);
			}
		}

		/** What was accepted until now is to be found at the end, and nothing else. */
		void isStored() {
			this.stored = Set.copyOf(this.accepted);
			this.storedRows = this.acceptedRows;
		}

		List<Long> found(TestDatabase database) {
			return database.jdbc().queryForList(this.signal.storedNumbers(), Long.class);
		}

	}

}
