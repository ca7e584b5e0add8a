package io.observatory.storage.fault;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.fault.SameTracesWriters.Told;
import io.observatory.storage.table.TraceModel;
import io.observatory.storage.table.TraceRows;
import io.observatory.storage.table.TraceWriting;
import io.observatory.storage.testing.Database;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight writers in two processes deliver the same traces over and over while a retention
 * deletes some of them: nobody waits in a circle, and in the end each column is what the
 * records say.
 */
@Tag("faults")
class SameTracesIT {

	private static final Duration DURATION = Length.of(Duration.ofSeconds(60), Duration.ofSeconds(3));

	private static final String SCENARIO = "9-same-traces";

	private final Database database = Database.get();

	private long deadlocksBefore;

	@BeforeEach
	void clear() {
		this.database.clear();
		this.deadlocksBefore = deadlocks();
	}

	@Test
	void writersAndRetentionNeverDeadlockAndTheRowsAreRight() throws Exception {
		long begun = System.nanoTime();
		Outcome outcome = run(true, () -> System.nanoTime() - begun < DURATION.toNanos());
		Map<String, Object> figures = new LinkedHashMap<>();
		figures.put("deadlocks", outcome.deadlocks());
		figures.put("rounds", outcome.told().rounds());
		figures.put("tracesDeletedMeanwhile", outcome.deleted());
		FaultReport.scenario(SCENARIO, outcome.verdict(), Duration.ofNanos(System.nanoTime() - begun), figures);
		assertThat(outcome.deleted()).as("the retention met writers").isPositive();
		outcome.assertRight();
	}

	@Test
	void sabotageWithoutTheOrderOfKeysTheScenarioIsRed() throws Exception {
		Assumptions.assumeTrue(Length.isFull());
		long begun = System.nanoTime();
		Outcome outcome = run(false,
				() -> System.nanoTime() - begun < Duration.ofSeconds(30).toNanos() && !deadlockSeen());
		boolean caught = false;
		try {
			outcome.assertRight();
		}
		catch (AssertionError ex) {
			caught = true;
		}
		FaultReport.sabotage("sort off", SCENARIO, caught);
		assertThat(caught).as("the scenario was red").isTrue();
		assertThat(outcome.differences()).as("a deadlock costs time, no rows").isEmpty();
	}

	private Outcome run(boolean sorted, BooleanSupplier goOn) throws Exception {
		Process process = secondProcess(sorted);
		Retention retention = new Retention(this.database);
		try (HikariDataSource pool = TraceWriting.pool(this.database.port());
				BufferedReader said = new BufferedReader(
						new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			lineOf(said, "ready");
			send(process);
			retention.start();
			Told told;
			try {
				told = SameTracesWriters.write(sorted ? pool : SameTracesWriters.unsorted(pool), 0, goOn);
			}
			finally {
				retention.close();
			}
			send(process);
			told = told.plus(Told.parse(lineOf(said, Told.TOLD)));
			assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
			// what the retention took is delivered once more, by all of them
			told = told.plus(SameTracesWriters.write(pool, 10, () -> false));
			pool.close();
			TraceWriting.awaitStatistics(this.database.jdbc());
			return new Outcome(told, deadlocks() - this.deadlocksBefore, retention.deleted(),
					TraceRows.stored(this.database.jdbc()).differencesTo(TraceModel.of(SameTracesWriters.records())));
		}
		finally {
			process.destroyForcibly();
		}
	}

	private Process secondProcess(boolean sorted) throws Exception {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-Duser.timezone=Asia/Kathmandu", "-cp",
				System.getProperty("java.class.path"), SameTracesWriters.class.getName(),
				String.valueOf(this.database.port()), String.valueOf(sorted))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	/** Reads on to a line that begins so; the log's are passed over. */
	private static String lineOf(BufferedReader said, String beginning) throws IOException {
		String line = said.readLine();
		while (line != null && !line.startsWith(beginning)) {
			line = said.readLine();
		}
		assertThat(line).as("what the second process says").isNotNull();
		return line;
	}

	private static void send(Process process) throws Exception {
		process.getOutputStream().write('\n');
		process.getOutputStream().flush();
	}

	private boolean deadlockSeen() {
		return deadlocks() > this.deadlocksBefore;
	}

	private long deadlocks() {
		Long deadlocks = this.database.jdbc()
			.queryForObject("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", Long.class);
		return (deadlocks != null) ? deadlocks : -1;
	}

	/** What became of it all. */
	private record Outcome(Told told, long deadlocks, long deleted, List<String> differences) {

		/** A row that is not as the records say counts as lost. */
		Verdict verdict() {
			long unexpected = this.differences.stream().filter((text) -> text.endsWith("must not be")).count();
			long lost = this.told.accepted() - this.told.stored() - this.told.deadLettered() - this.told.dropped()
					+ this.differences.size() - unexpected;
			return new Verdict(this.told.accepted(), this.told.stored(), this.told.deadLettered(), this.told.dropped(),
					lost, 0, unexpected);
		}

		void assertRight() {
			assertThat(this.differences).isEmpty();
			assertThat(this.told.left()).as("left in a writer").isZero();
			verdict().assertAllStored();
			assertThat(this.deadlocks).as("deadlocks").isZero();
		}

	}

	/**
	 * Deletes a few traces with their spans all the time, as the retention does.
	 */
	private static final class Retention implements AutoCloseable {

		/** About five traces. */
		private static final int ROWS = 30;

		private final JdbcTemplate jdbc;

		private final Random random = new Random(9);

		private final Thread thread = new Thread(this::run, "retention");

		private volatile boolean over;

		private volatile long deleted;

		private volatile RuntimeException failure;

		Retention(Database database) {
			this.jdbc = database.jdbc();
		}

		void start() {
			this.thread.setDaemon(true);
			this.thread.start();
		}

		long deleted() {
			return this.deleted;
		}

		private void run() {
			try {
				while (!this.over) {
					this.deleted += delete();
				}
			}
			catch (RuntimeException ex) {
				this.failure = ex;
			}
		}

		/** From one of them on: always the oldest would be always the same. */
		private int delete() {
			List<Integer> traces = this.jdbc.queryForList("""
					SELECT d.deleted_traces
					FROM (SELECT id, start_time FROM observatory.traces ORDER BY start_time, id LIMIT 1 OFFSET ?) t,
					LATERAL observatory.delete_traces(now(), ?, t.start_time, t.id) d""", Integer.class,
					this.random.nextInt(SameTracesWriters.TRACES), ROWS);
			return traces.isEmpty() ? 0 : traces.get(0);
		}

		@Override
		public void close() throws InterruptedException {
			this.over = true;
			this.thread.join(Duration.ofSeconds(30).toMillis());
			assertThat(this.failure).as("what the retention met").isNull();
			assertThat(this.thread.isAlive()).isFalse();
		}

	}

}
