package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import javax.sql.DataSource;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server is lost under load, and its standby takes over. A synchronous standby has
 * all that was committed; what an asynchronous one never got is found out and counted.
 */
@Tag("faults")
@NotOn(value = Engine.CITUS, because = "its servers are its own")
@NotOn(value = Engine.TIMESCALEDB, because = "its servers are its own")
class FailoverIT {

	private static final int ROUNDS = Length.of(3, 1);

	/** For each of three tables. */
	private static final int PER_SECOND = Length.of(2000, 1000);

	/** How many rows each writer stores before, and after, a fault. */
	private static final int ROWS = Length.of(20_000, 1000);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String SYNCHRONOUS = "synchronous_standby_names=*";

	/** As the servers' clusters are copied: initialized, migrated, not running. */
	private static PostgresProcess template;

	/** How long to wait for rows to be stored. */
	private Duration patience = PATIENCE;

	private Duration flushTimeout = WriterConfig.DEFAULT_FLUSH_TIMEOUT;

	private @Nullable SpoolConfig spool;

	private PostgresProcess primary;

	private PostgresProcess standby;

	private Duration toRecover = Duration.ZERO;

	@BeforeAll
	static void makeTemplate() {
		// it would say with a stack trace that a connection is broken
		((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
		template = PostgresProcess.migrated();
		template.stop();
	}

	@AfterAll
	static void removeTemplate() {
		template.close();
	}

	@AfterEach
	void closeServers() {
		Stream.of(this.standby, this.primary).filter(Objects::nonNull).forEach(PostgresProcess::close);
		this.standby = null;
		this.primary = null;
	}

	@Test
	void aSynchronousStandbyHasItAll() {
		long begun = System.nanoTime();
		Verdict sum = new Verdict(0, 0, 0, 0, 0, 0, 0);
		for (int round = 0; round < ROUNDS; round++) {
			startServers(SYNCHRONOUS);
			Verdict verdict = whileTheyWrite(UnaryOperator.identity(), WriterConfig.DEFAULT_MAX_CONCURRENCY,
					(writers) -> {
						this.primary.kill();
						promote();
					})
				.verdict();
			verdict.assertAllStored();
			sum = sum.plus(verdict);
			closeServers();
		}
		FaultReport.scenario("5-failover-synchronous", sum, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("failovers", ROUNDS, "secondsUntilStoringAgain", this.toRecover.toMillis() / 1000.0));
		sum.assertAllStored();
	}

	@Test
	void whatAnAsynchronousStandbyNeverGotIsCounted() {
		long begun = System.nanoTime();
		Result result = loseALaggingStandby(UnaryOperator.identity());
		FaultReport.scenario("5-failover-asynchronous", result.accounted(), Duration.ofNanos(System.nanoTime() - begun),
				Map.of("lostByServer", result.lostByServer(), "secondsUntilStoringAgain",
						this.toRecover.toMillis() / 1000.0));
		assertThat(result.lostByServer()).as("rows lost by the server").isPositive();
		assertThat(result.verdict().lost()).as("rows that are missing").isEqualTo(result.lostByServer());
		result.accounted().assertAccounted();
	}

	/** With a spool it is sent again: the log keeps what was stored for a while. */
	@Test
	void whatAnAsynchronousStandbyNeverGotIsSentAgainFromASpool(@TempDir Path directory) {
		long begun = System.nanoTime();
		this.spool = SpoolConfig.in(directory);
		Result result = loseALaggingStandby(UnaryOperator.identity());
		FaultReport.scenario("spool-failover-asynchronous", result.verdict(),
				Duration.ofNanos(System.nanoTime() - begun), Map.of("sentAgain", result.recovered(),
						"secondsUntilStoringAgain", this.toRecover.toMillis() / 1000.0));
		result.verdict().assertAllStored();
		assertThat(result.lostByServer()).isZero();
		assertThat(result.recovered()).as("rows that were sent again").isPositive();
	}

	/** Without the lane's condition nobody would notice that rows are missing. */
	@Test
	void withoutTheLaneTheScenarioIsSeenToFail() {
		Assumptions.assumeTrue(Length.isFull());
		Result result = loseALaggingStandby(SqlHook::laneOff);
		boolean caught = !result.accounted().isKept();
		FaultReport.sabotage("lane off", "5-failover-asynchronous", caught);
		assertThat(caught).isTrue();
	}

	/**
	 * COMMITs wait for it, and what they wait for must not count as stored: a session
	 * that is ended while it waits leaves its rows on the primary alone.
	 */
	@Test
	void whatASynchronousStandbyThatHangsDoesNotHaveIsNotTakenForStored() {
		Assumptions.assumeTrue(Length.isFull());
		long begun = System.nanoTime();
		Result result = loseAHangingStandby(UnaryOperator.identity());
		FaultReport.scenario("5-failover-hanging-standby", result.verdict(),
				Duration.ofNanos(System.nanoTime() - begun));
		result.verdict().assertAllStored();
		assertThat(result.lostByServer()).isZero();
	}

	@Test
	void withoutSparingItsWaitTheHangingStandbyIsSeenToLoseRows() {
		Assumptions.assumeTrue(Length.isFull());
		Result result = loseAHangingStandby((dataSource) -> SqlHook.on(dataSource,
				(sql) -> sql.replace(" AND wait_event IS DISTINCT FROM 'SyncRep'", "")));
		boolean caught = !result.verdict().isKept();
		FaultReport.sabotage("waiting COMMIT not spared", "5-failover-hanging-standby", caught);
		assertThat(caught).isTrue();
	}

	private Result loseAHangingStandby(UnaryOperator<DataSource> sabotage) {
		startServers(SYNCHRONOUS);
		this.flushTimeout = Duration.ofSeconds(3);
		return whileTheyWrite(sabotage, 1, (writers) -> {
			Long receiver = this.standby.jdbc().queryForObject("SELECT pid FROM pg_stat_wal_receiver", Long.class);
			this.standby.freeze(receiver);
			// more than one deadline, and a time-out of the lane's lock
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> writers.stream().allMatch((writer) -> writer.writeStats().retries() >= 3));
			this.primary.kill();
			this.standby.kill(receiver);
			promote();
		});
	}

	/**
	 * The server is alive, but it is not the primary any more: connections to it are good
	 * for nothing, though they are not broken.
	 */
	@Test
	void connectionsToAServerThatHasBecomeReadOnlyAreEvicted() {
		Assumptions.assumeTrue(Length.isFull());
		long begun = System.nanoTime();
		startServers(SYNCHRONOUS);
		Verdict verdict = whileTheyWrite(UnaryOperator.identity(), WriterConfig.DEFAULT_MAX_CONCURRENCY,
				(writers) -> becomeReadOnly())
			.verdict();
		FaultReport.scenario("5-failover-read-only", verdict, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("secondsUntilStoringAgain", this.toRecover.toMillis() / 1000.0));
		verdict.assertAllStored();
	}

	@Test
	void withoutAbortsTheReadOnlyScenarioIsSeenToFail() {
		Assumptions.assumeTrue(Length.isFull());
		startServers(SYNCHRONOUS);
		boolean caught = false;
		try {
			whileTheyWrite(AbortOff::on, WriterConfig.DEFAULT_MAX_CONCURRENCY, (writers) -> {
				becomeReadOnly();
				this.patience = Duration.ofSeconds(15);
			});
		}
		catch (ConditionTimeoutException ex) {
			caught = true;
		}
		FaultReport.sabotage("abort off", "5-failover-read-only", caught);
		assertThat(caught).isTrue();
	}

	private void becomeReadOnly() {
		JdbcTemplate jdbc = this.primary.jdbc();
		jdbc.execute("ALTER SYSTEM SET default_transaction_read_only = on");
		jdbc.queryForList("SELECT pg_reload_conf()");
		// transactions that began before may still write
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> jdbc.queryForList("SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL").isEmpty());
		promote();
	}

	/** The lanes are few, so that each moves after the failover and finds out. */
	private Result loseALaggingStandby(UnaryOperator<DataSource> sabotage) {
		startServers("synchronous_standby_names=");
		return whileTheyWrite(sabotage, 1, (writers) -> {
			JdbcTemplate jdbc = this.standby.jdbc();
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> jdbc.queryForList("SELECT 1 FROM observatory.lanes").size() == 3);
			Long receiver = jdbc.queryForObject("SELECT pid FROM pg_stat_wal_receiver", Long.class);
			this.standby.freeze(receiver);
			awaitMoreStored(writers, ROWS);
			this.primary.kill();
			this.standby.kill(receiver);
			promote();
		});
	}

	private Result whileTheyWrite(UnaryOperator<DataSource> sabotage, int concurrency, Consumer<List<Writer>> fault) {
		Ledger ledger = new Ledger();
		WriterConfig config = WriterConfig.traces()
			.maxConcurrency(concurrency)
			.maxBufferBytes(64L << 20)
			.flushTimeout(this.flushTimeout)
			.spool(this.spool)
			.closeTimeout(Duration.ofSeconds(1))
			.build();
		try (StoragePool pool = pool()) {
			DataSource dataSource = sabotage.apply(pool.dataSource());
			try (LogWriter logs = new LogWriter(dataSource, config);
					MetricWriter metrics = new MetricWriter(dataSource, config);
					TraceWriter traces = new TraceWriter(dataSource, config)) {
				List<Writer> writers = List.of(logs, metrics, traces);
				try (Traffic traffic = new Traffic(ledger)) {
					traffic.start(logs, Subject.LOGS, PER_SECOND)
						.start(metrics, Subject.POINTS, PER_SECOND)
						.start(traces, Subject.SPANS, PER_SECOND);
					awaitMoreStored(writers, ROWS);
					fault.accept(writers);
					long ready = System.nanoTime();
					awaitMoreStored(writers, 1);
					recovered(Duration.ofNanos(System.nanoTime() - ready));
					awaitMoreStored(writers, ROWS);
				}
				Awaitility.await().atMost(PATIENCE).untilAsserted(() -> writers.forEach(Writer::flush));
				assertThat(ledger.refused()).as("refused").isZero();
				return new Result(ledger.verdict(this.standby.jdbc(), logs, metrics, traces),
						writers.stream().mapToLong((writer) -> writer.writeStats().lostByServer()).sum(),
						writers.stream().mapToLong((writer) -> writer.writeStats().recovered()).sum());
			}
		}
	}

	private void startServers(String setting) {
		this.primary = template.copy(setting);
		// processes are lost here, not machines; and it restarts quickly
		this.standby = template.copy("primary_conninfo=host=127.0.0.1 port=" + this.primary.port() + " user=postgres",
				"fsync=off");
		try {
			Files.createFile(this.standby.directory().resolve("standby.signal"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.primary.start();
		this.standby.start();
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> !this.primary.jdbc()
				.queryForList("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'")
				.isEmpty());
	}

	/**
	 * The standby may be restarting, after one of its processes was killed. It is not
	 * waited for by the query: the query's snapshot would hold up the replay, and that
	 * the promotion.
	 */
	private void promote() {
		JdbcTemplate jdbc = this.standby.jdbc();
		Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
			jdbc.queryForList("SELECT pg_promote(false) WHERE pg_is_in_recovery()");
			return Boolean.FALSE.equals(jdbc.queryForObject("SELECT pg_is_in_recovery()", Boolean.class));
		});
	}

	private StoragePool pool() {
		String url = "jdbc:postgresql://127.0.0.1:" + this.primary.port() + ",127.0.0.1:" + this.standby.port()
				+ "/postgres?targetServerType=primary&user=postgres";
		return new StoragePool(StorageConfig.fromEnv(Map.of("DATABASE_URL", url, "DB_POOL_MAX_SIZE", "12")));
	}

	private void recovered(Duration took) {
		this.toRecover = (took.compareTo(this.toRecover) > 0) ? took : this.toRecover;
	}

	private void awaitMoreStored(List<Writer> writers, long rows) {
		List<Long> before = stored(writers);
		Awaitility.await()
			.atMost(this.patience)
			.untilAsserted(() -> assertThat(stored(writers)).zipSatisfy(before,
					(now, then) -> assertThat(now).isGreaterThanOrEqualTo(then + rows)));
	}

	private static List<Long> stored(List<Writer> writers) {
		return writers.stream().map((writer) -> writer.writeStats().stored()).toList();
	}

	/**
	 * What became of the records.
	 *
	 * @param verdict by what the new primary holds
	 * @param lostByServer how many rows the writers say the server lost
	 * @param recovered how many rows they sent again
	 */
	private record Result(Verdict verdict, long lostByServer, long recovered) {

		/** Returns the verdict without the loss that is accounted for. */
		Verdict accounted() {
			Verdict each = this.verdict;
			return new Verdict(each.accepted(), each.stored(), each.deadLettered(), each.dropped(),
					each.lost() - this.lostByServer, each.duplicated(), each.unexpected());
		}

	}

}
