package io.observatory.storage.fault;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server's disk is full (53100): what was accepted waits until there is room, and is
 * stored once. The tables lie in a tablespace on a small disk; the log of transactions
 * does not, as PostgreSQL itself ends when that one is full.
 */
@Tag("faults")
class DiskFullIT {

	private static final String SCENARIO = "11-disk-full";

	private static final Duration FULL = Length.of(Duration.ofSeconds(20), Duration.ofSeconds(1));

	/** For each of four tables. */
	private static final int PER_SECOND = 500;

	private static final int MEGABYTES = 32;

	private static final int MORE_MEGABYTES = Length.of(256, 96);

	private final PostgresProcess server = PostgresProcess.migrated();

	private SmallDisk disk;

	private StoragePool pool;

	private Duration toHeal = Duration.ZERO;

	@BeforeEach
	void putTheTablesOnASmallDisk() {
		try {
			this.disk = SmallDisk.mount(MEGABYTES);
		}
		catch (IllegalStateException ex) {
			FaultReport.skipped(SCENARIO, "Needs Linux, and the right to mount a file system");
			Assumptions.abort(ex.getMessage());
		}
		JdbcTemplate jdbc = this.server.jdbc();
		jdbc.execute("CREATE TABLESPACE small LOCATION '" + this.disk.directory() + "'");
		jdbc.execute("ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE small");
		jdbc.execute("ALTER INDEX ALL IN TABLESPACE pg_default SET TABLESPACE small");
		this.pool = new StoragePool(
				StorageConfig.fromEnv(Map.of("DATABASE_URL", this.server.jdbcUrl(), "DB_POOL_MAX_SIZE", "12")));
	}

	@AfterEach
	void close() {
		try {
			if (this.pool != null) {
				this.pool.close();
			}
			this.server.close();
		}
		finally {
			if (this.disk != null) {
				this.disk.close();
			}
		}
	}

	@Test
	void aFullDiskIsWaitedFor() {
		long begun = System.nanoTime();
		Verdict verdict = fillTwice(this.pool.dataSource(), WriteMethod.COPY);
		FaultReport.scenario(SCENARIO, verdict, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("secondsUntilStoringAgain", this.toHeal.toMillis() / 1000.0));
		verdict.assertAllStored();
		assertThat(lanesWereLeft()).as("a lane had moved without its rows").isFalse();
	}

	/**
	 * The lane's position is committed before the rows, which then find no room. The
	 * worker takes the step for somebody else's and goes on in a new lane.
	 */
	@Test
	void withoutATransactionTheScenarioIsSeenToFail() {
		Assumptions.assumeTrue(Length.isFull());
		DataSource divided = SqlHook.on(this.pool.dataSource(),
				(sql) -> sql.replaceFirst("^INSERT INTO (\\S+logs\\S* .*)", "COMMIT; INSERT INTO $1"));
		boolean caught;
		try {
			caught = !fillTwice(divided, WriteMethod.INSERT).isKept() || lanesWereLeft();
		}
		catch (TerminalFailureException ex) {
			// a writer has stopped, rather than wait
			caught = true;
		}
		catch (ConditionTimeoutException ex) {
			// nothing more is stored
			caught = lanesWereLeft();
		}
		FaultReport.sabotage("one transaction a batch", SCENARIO, caught);
		assertThat(caught).isTrue();
	}

	private boolean lanesWereLeft() {
		return Boolean.TRUE.equals(this.server.jdbc()
			.queryForObject("SELECT count(*) > count(DISTINCT (writer, slot)) FROM observatory.lanes", Boolean.class));
	}

	private Verdict fillTwice(DataSource dataSource, WriteMethod method) {
		Ledger ledger = new Ledger();
		WriterConfig config = WriterConfig.traces()
			.writeMethod(method)
			.maxBufferBytes(64L << 20)
			.closeTimeout(Duration.ofMillis(500))
			.build();
		try (LogWriter logs = new LogWriter(dataSource, config);
				MetricWriter metrics = new MetricWriter(dataSource, config);
				TraceWriter traces = new TraceWriter(dataSource, config)) {
			List<Writer> writers = List.of(logs, metrics, traces);
			try (Traffic traffic = new Traffic(ledger)) {
				traffic.start(logs, Subject.LOGS, PER_SECOND)
					.start(metrics, Subject.POINTS, PER_SECOND)
					.start(traces, Subject.SPANS, PER_SECOND)
					.start(traces, Subject.EVENTS, PER_SECOND);
				awaitMoreStored(writers, List.of(0L, 0L, 0L));
				fill(writers);
				heal(writers, () -> this.disk.resize(MORE_MEGABYTES));
				fill(writers);
				heal(writers, () -> this.server.jdbc().execute("DROP TABLE filler"));
			}
			Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> writers.forEach(Writer::flush));
			assertThat(ledger.refused()).as("refused").isZero();
			return ledger.verdict(this.server.jdbc(), logs, metrics, traces);
		}
	}

	private void fill(List<Writer> writers) {
		JdbcTemplate jdbc = this.server.jdbc();
		jdbc.execute("CREATE TABLE IF NOT EXISTS filler (filler text) TABLESPACE small");
		while (addsFiller(jdbc)) {
			assertThat(this.disk.directory().toFile().getFreeSpace()).as("free bytes").isPositive();
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.failFast("a writer has stopped", () -> states(writers).anyMatch(State.STOPPED::equals))
			.until(() -> allWait(writers));
		Awaitility.await().during(FULL).atMost(FULL.plusSeconds(10)).until(() -> allWait(writers));
	}

	private static boolean addsFiller(JdbcTemplate jdbc) {
		try {
			jdbc.execute("INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 5000)");
			return true;
		}
		catch (DataAccessException ex) {
			assertThat(ex.getRootCause()).isInstanceOfSatisfying(SQLException.class,
					(cause) -> assertThat(cause.getSQLState()).isEqualTo("53100"));
			return false;
		}
	}

	private void heal(List<Writer> writers, Runnable makeRoom) {
		List<Long> stored = stored(writers);
		makeRoom.run();
		long begun = System.nanoTime();
		awaitMoreStored(writers, stored);
		Duration took = Duration.ofNanos(System.nanoTime() - begun);
		this.toHeal = (took.compareTo(this.toHeal) > 0) ? took : this.toHeal;
	}

	private static void awaitMoreStored(List<Writer> writers, List<Long> before) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(stored(writers)).zipSatisfy(before,
					(now, then) -> assertThat(now).isGreaterThan(then)));
	}

	private static List<Long> stored(List<Writer> writers) {
		return writers.stream().map((writer) -> writer.writeStats().stored()).toList();
	}

	private static boolean allWait(List<Writer> writers) {
		return writers.stream()
			.map(Writer::status)
			.allMatch((status) -> status.state() == State.RETRYING && "53100".equals(status.sqlState()));
	}

	private static Stream<State> states(List<Writer> writers) {
		return writers.stream().map(Writer::status).map(WriterStatus::state);
	}

}
