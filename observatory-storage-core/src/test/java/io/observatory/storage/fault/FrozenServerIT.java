package io.observatory.storage.fault;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The server freezes in the middle of a COPY, whose write no timeout of the driver
 * bounds: the watchdog ends it at its deadline.
 */
@Tag("faults")
class FrozenServerIT {

	private static final String SCENARIO = "3-frozen-server";

	/** Some 30 MB, which no socket's buffers hold. */
	private static final int ROWS = 60_000;

	private static final int POINTS = 100;

	private static final Duration DEADLINE = Duration.ofSeconds(3);

	private final PostgresProcess server = PostgresProcess.migrated();

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void aCopyToAFrozenServerEndsAtItsDeadlineAndIsStoredOnceAfterTheThaw() throws Exception {
		long begun = System.nanoTime();
		Verdict verdict = freezeInACopy(UnaryOperator.identity());
		FaultReport.scenario(SCENARIO, verdict, Duration.ofNanos(System.nanoTime() - begun));
		verdict.assertAllStored();
	}

	@Test
	void withoutTheWatchdogTheScenarioIsSeenToFail() throws Exception {
		Assumptions.assumeTrue(Length.isFull());
		boolean caught = false;
		try {
			freezeInACopy(AbortOff::on);
		}
		catch (AssertionError ex) {
			caught = ex.getMessage().contains("the neighbour goes on");
		}
		FaultReport.sabotage("watchdog off", SCENARIO, caught);
		assertThat(caught).as("caught").isTrue();
	}

	private Verdict freezeInACopy(UnaryOperator<DataSource> sabotage) throws Exception {
		Ledger ledger = new Ledger();
		ConnectionLimit onlyOne = ConnectionLimit.of(1);
		try (StoragePool pool = pool();
				LogWriter logs = new LogWriter(sabotage.apply(pool.dataSource()), inOneBatch(onlyOne));
				MetricWriter neighbour = new MetricWriter(Database.get().dataSource(),
						WriterConfig.metrics()
							.connectionLimit(onlyOne)
							.flushTimeout(DEADLINE.multipliedBy(2))
							.build())) {
			for (int number = 0; number < ROWS; number++) {
				ledger.write(logs, Subject.LOGS, number);
			}
			try (Connection lock = lockPartition(); AutoCloseable thaw = this.server::thaw) {
				CompletableFuture<FlushResult> flush = CompletableFuture.supplyAsync(logs::flush);
				Awaitility.await().during(Duration.ofMillis(300)).until(FrozenServerIT::isCopying);
				this.server.freeze();
				assertThatThrownBy(() -> flush.get(30, TimeUnit.SECONDS)).as("the flush ends")
					.hasCauseInstanceOf(StorageException.class)
					.satisfies((ex) -> assertThat(((StorageException) ex.getCause()).isRetryable()).isTrue());
				assertNeighbourGoesOn(neighbour);
				assertThat(logs.writeStats().stored()).as("stored by a frozen server").isZero();
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.ignoreExceptionsInstanceOf(StorageException.class)
				.until(() -> logs.flush().deadLettered() == 0);
			return ledger.verdict(this.server.jdbc(), logs);
		}
	}

	/** The one connection that the two may have at a time must have been given back. */
	private static void assertNeighbourGoesOn(MetricWriter neighbour) {
		for (int number = 0; number < POINTS; number++) {
			Subject.POINTS.write(neighbour, number);
		}
		assertThatCode(() -> assertThat(neighbour.flush().stored()).isEqualTo(POINTS)).as("the neighbour goes on")
			.doesNotThrowAnyException();
	}

	private static WriterConfig inOneBatch(ConnectionLimit limit) {
		return WriterConfig.logs()
			.batchSize(2 * ROWS)
			.maxBatchRows(ROWS)
			.maxBatchBytes(256L << 20)
			.maxBufferBytes(256L << 20)
			.maxConcurrency(1)
			.connectionLimit(limit)
			.flushTimeout(DEADLINE)
			.build();
	}

	/**
	 * COPY locks the table when it begins, and its partition at the first row: from there
	 * on it reads no more, so that the writer is left in the middle of a write.
	 */
	private Connection lockPartition() throws SQLException {
		Connection connection = this.server.dataSource().getConnection();
		connection.setAutoCommit(false);
		connection.createStatement().execute("LOCK TABLE observatory.logs_before IN SHARE MODE");
		return connection;
	}

	private static boolean isCopying() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().equals("observatory-logs-0"))
			.flatMap((thread) -> Arrays.stream(thread.getValue()))
			.anyMatch((frame) -> frame.getMethodName().equals("writeToCopy"));
	}

	private StoragePool pool() {
		return new StoragePool(StorageConfig.fromEnv(Map.of("DATABASE_URL", this.server.jdbcUrl(), "DB_POOL_MAX_SIZE",
				"4", "DB_POOL_CONNECT_TIMEOUT", "1s")));
	}

}
