package io.observatory.storage.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Some rows of a batch of 5,000 are refused: exactly these are put aside, and the figures
 * tell what that costs, as the ratio to a batch without such rows in the same round.
 */
@Tag("faults")
@NotOn(value = Engine.CITUS, because = "COPY names no line there, and a foreign key cannot leave the workers")
class PoisonTimesIT {

	private static final int BATCH = 5000;

	/** How many rows of a batch are refused; none for comparison. */
	private static final int[] REFUSED = { 0, 1, 5, 50, 500 };

	private final Database database = Database.get();

	private final HikariDataSource pool = new HikariDataSource();

	@BeforeEach
	void prepare() {
		this.database.clear();
		this.pool.setDataSource(this.database.dataSource());
		this.pool.setMaximumPoolSize(2);
	}

	@AfterEach
	void close() {
		this.pool.close();
		dropCauses();
	}

	/** COPY names the line of the row that a constraint refuses. */
	@Test
	void whereCopyNamesTheLine() {
		measure("6-poison-copy", Cause.CHECK, WriteMethod.COPY, BATCH, Length.of(9, 1));
	}

	/** A foreign key is checked after the last line. */
	@Test
	void whereCopyNamesNoLine() {
		measure("6-poison-copy-without-line", Cause.FOREIGN_KEY, WriteMethod.COPY, Length.of(BATCH, 1000),
				Length.of(5, 1));
	}

	/** As it would be found only by the COMMIT, when no row can be told any more. */
	@Test
	void whereTheConstraintIsDeferred() {
		measure("6-poison-deferred", Cause.DEFERRED_FOREIGN_KEY, WriteMethod.COPY, Length.of(BATCH, 1000),
				Length.of(5, 1));
	}

	@Test
	void whereTheRowsGoByInsert() {
		measure("6-poison-insert", Cause.CHECK, WriteMethod.INSERT, Length.of(BATCH, 1000), Length.of(5, 1));
	}

	/** Then it is not the data that is wrong: nothing is put aside, and nothing lost. */
	@Test
	void whenMoreThanHalfIsRefusedAllRowsWait() {
		long begun = System.nanoTime();
		int rows = Length.of(BATCH, 1000);
		Batch batch = new Batch();
		LogWriter writer = new LogWriter(this.pool, config(WriteMethod.COPY));
		try (writer) {
			createCause(Cause.CHECK);
			writer.writeLogs(batch.add(rows, rows / 2 + 1));
			assertThatThrownBy(writer::flush).isInstanceOf(StorageException.class)
				.hasMessageContaining("more than half");
			assertThat(writer.status().state()).isEqualTo(State.STOPPED);
			assertThat(this.database.count("logs") + this.database.count("dead_letters")).isZero();
			dropCauses();
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> writer.writeStats().stored() == rows);
		}
		batch.good.addAll(batch.bad);
		batch.bad.clear();
		Verdict verdict = batch.verdict(writer.writeStats());
		FaultReport.scenario("6-poison-more-than-half", verdict, Duration.ofNanos(System.nanoTime() - begun));
		verdict.assertAllStored();
	}

	/** Without savepoints nothing can be told apart; the scenario has to show that. */
	@Test
	void sabotageWithoutIsolationTheScenarioIsRed() {
		Assumptions.assumeTrue(Length.isFull());
		Batch batch = new Batch();
		createCause(Cause.CHECK);
		boolean caught = false;
		try (LogWriter writer = new LogWriter(new WithoutSavepoints(this.pool),
				config(WriteMethod.COPY).toBuilder().closeTimeout(Duration.ofSeconds(1)).build())) {
			writer.writeLogs(batch.add(BATCH, 5));
			flush(writer);
			batch.verdict(writer.writeStats()).assertAccounted();
		}
		catch (AssertionError ex) {
			caught = true;
		}
		FaultReport.sabotage("isolation off", "6-poison-copy", caught);
		assertThat(caught).as("the scenario was red").isTrue();
	}

	private void measure(String scenario, Cause cause, WriteMethod method, int batch, int rounds) {
		long begun = System.nanoTime();
		Batch all = new Batch();
		Map<Integer, List<Double>> ratios = new LinkedHashMap<>();
		List<Double> clean = new ArrayList<>();
		createCause(cause);
		LogWriter writer = new LogWriter(this.pool, config(method));
		try (writer) {
			// the first round is for the compiler and the server's caches
			for (int round = 0; round <= rounds; round++) {
				double base = 0;
				for (int refused : REFUSED) {
					double millis = flushMillis(writer,
							all.add(batch, (refused == 0) ? 0 : Math.max(1, refused * batch / BATCH)));
					if (refused == 0) {
						base = millis;
					}
					if (round > 0 && refused > 0) {
						ratios.computeIfAbsent(refused, (key) -> new ArrayList<>()).add(millis / base);
					}
				}
				if (round > 0) {
					clean.add(base);
				}
			}
		}
		Verdict verdict = all.verdict(writer.writeStats());
		Map<String, Object> figures = new LinkedHashMap<>();
		figures.put("batch", batch);
		figures.put("rounds", rounds);
		figures.put("cleanMillis", median(clean));
		ratios.forEach((refused, values) -> figures.put("ratioOf" + refused, median(values)));
		FaultReport.scenario(scenario, verdict, Duration.ofNanos(System.nanoTime() - begun), figures);
		verdict.assertAccounted();
		assertThat(verdict.deadLettered()).as("put aside").isEqualTo(all.bad.size()).isPositive();
		assertThat(verdict.stored()).as("stored").isEqualTo(all.good.size());
	}

	private static double flushMillis(LogWriter writer, List<LogRecord> logs) {
		writer.writeLogs(logs);
		long begun = System.nanoTime();
		flush(writer);
		return (System.nanoTime() - begun) / 1e6;
	}

	/** What a flush throws shows in the verdict. */
	private static void flush(LogWriter writer) {
		try {
			writer.flush();
		}
		catch (StorageException ex) {
			assertThat(ex.getMessage()).doesNotContain("Request", "bad");
		}
	}

	private static double median(List<Double> values) {
		return values.stream().sorted().toList().get(values.size() / 2);
	}

	private static WriterConfig config(WriteMethod method) {
		return WriterConfig.logs()
			.batchSize(2 * BATCH)
			.maxConcurrency(1)
			.writeMethod(method)
			.retry(new RetryConfig(2, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.build();
	}

	private void createCause(Cause cause) {
		this.database.jdbc()
			.execute("CREATE TABLE observatory.allowed (severity text PRIMARY KEY); "
					+ "INSERT INTO observatory.allowed VALUES ('INFO'); "
					+ "ALTER TABLE observatory.logs ADD CONSTRAINT no_poison " + cause.constraint);
	}

	private void dropCauses() {
		this.database.jdbc()
			.execute("ALTER TABLE observatory.logs DROP CONSTRAINT IF EXISTS no_poison; "
					+ "DROP TABLE IF EXISTS observatory.allowed");
	}

	/** Why rows are refused. */
	private enum Cause {

		CHECK("CHECK (severity_text = 'INFO')"),

		FOREIGN_KEY("FOREIGN KEY (severity_text) REFERENCES observatory.allowed"),

		DEFERRED_FOREIGN_KEY(
				"FOREIGN KEY (severity_text) REFERENCES observatory.allowed DEFERRABLE INITIALLY DEFERRED");

		private final String constraint;

		Cause(String constraint) {
			this.constraint = constraint;
		}

	}

	/** What was written, and where each row has to be found. */
	private static final class Batch {

		private final Set<UUID> good = new HashSet<>();

		private final Set<UUID> bad = new HashSet<>();

		/** Adds rows of which so many, evenly spread, are to be refused. */
		List<LogRecord> add(int rows, int refused) {
			List<LogRecord> logs = new ArrayList<>();
			for (int i = 0; i < rows; i++) {
				int turn = i * refused + rows / 2;
				boolean isBad = turn / rows != (turn + refused) / rows;
				LogRecord log = isBad ? bad(i) : Records.log(i);
				(isBad ? this.bad : this.good).add(log.id());
				logs.add(log);
			}
			return logs;
		}

		private static LogRecord bad(int number) {
			return LogRecord.builder()
				.timestamp(Records.START)
				.serviceName("checkout")
				.severityText("bad")
				.body("bad " + number)
				.build();
		}

		/** A row in the wrong place is lost from its own, and unexpected there. */
		Verdict verdict(WriteStats stats) {
			Stored.assertAddsUp(stats);
			List<UUID> stored = Stored.ids("logs");
			List<UUID> dead = Stored.deadIds("logs");
			Set<UUID> distinctStored = new HashSet<>(stored);
			Set<UUID> distinctDead = new HashSet<>(dead);
			long kept = this.good.stream().filter(distinctStored::contains).count();
			long aside = this.bad.stream().filter(distinctDead::contains).count();
			long repeated = stored.size() - distinctStored.size() + dead.size() - distinctDead.size();
			long accepted = stats.accepted();
			return new Verdict(accepted, kept, aside, stats.droppedTotal(), accepted - kept - aside, repeated,
					distinctStored.size() - kept + distinctDead.size() - aside);
		}

	}

	/** Its connections know no savepoints. */
	private static final class WithoutSavepoints extends DelegatingDataSource {

		WithoutSavepoints(DataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("setSavepoint")) {
							throw new SQLException("No savepoints", "0A000");
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

	}

}
