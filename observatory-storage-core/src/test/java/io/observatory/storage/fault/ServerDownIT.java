package io.observatory.storage.fault;

import java.time.Duration;

import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server is away for minutes: what was accepted waits, up to the buffer's bound.
 */
@Tag("faults")
class ServerDownIT {

	private static final Duration DOWN = Length.of(Duration.ofMinutes(2), Duration.ofSeconds(3));

	private static final int PER_SECOND = 2000;

	private final PostgresProcess server = PostgresProcess.migrated();

	private final Ledger ledger = new Ledger();

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void aBufferThatIsLargeEnoughLosesNothing() {
		long begun = System.nanoTime();
		WriterConfig config = WriterConfig.logs().maxBufferBytes(512L << 20).build();
		try (StoragePool pool = pool();
				LogWriter logs = new LogWriter(pool.dataSource(), config);
				MetricWriter metrics = new MetricWriter(pool.dataSource(), config)) {
			try (Traffic traffic = new Traffic(this.ledger).start(logs, Subject.LOGS, PER_SECOND)
				.start(metrics, Subject.POINTS, PER_SECOND)) {
				goDown(logs);
			}
			Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				logs.flush();
				metrics.flush();
			});
			Verdict verdict = this.ledger.verdict(this.server.jdbc(), logs, metrics);
			FaultReport.scenario("4-server-down-large-buffer", verdict, Duration.ofNanos(System.nanoTime() - begun));
			assertThat(this.ledger.refused()).as("refused").isZero();
			verdict.assertAllStored();
		}
	}

	@Test
	void aBufferThatIsTooSmallAccountsForEachRecord() {
		long begun = System.nanoTime();
		WriterConfig small = WriterConfig.logs().maxBufferRows(5 * PER_SECOND).build();
		try (StoragePool pool = pool();
				LogWriter logs = new LogWriter(pool.dataSource(),
						small.toBuilder().fullPolicy(FullPolicy.DROP_NEWEST).build());
				MetricWriter metrics = new MetricWriter(pool.dataSource(),
						small.toBuilder().fullPolicy(FullPolicy.REJECT).build())) {
			try (Traffic traffic = new Traffic(this.ledger).start(logs, Subject.LOGS, PER_SECOND)
				.start(metrics, Subject.POINTS, PER_SECOND)) {
				goDown(logs);
			}
			Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				logs.flush();
				metrics.flush();
			});
			Verdict verdict = this.ledger.verdict(this.server.jdbc(), logs, metrics);
			FaultReport.scenario("4-server-down-small-buffer", verdict, Duration.ofNanos(System.nanoTime() - begun));
			assertThat(verdict.dropped()).as("dropped").isPositive();
			assertThat(this.ledger.refused()).as("refused").isEqualTo(metrics.writeStats().refused()).isPositive();
			verdict.assertAccounted();
		}
	}

	private void goDown(LogWriter logs) {
		Awaitility.await().until(() -> logs.writeStats().stored() > 0);
		this.server.kill();
		Awaitility.await().pollDelay(DOWN).atMost(DOWN.plusSeconds(30)).until(() -> true);
		this.server.start();
		long stored = logs.writeStats().stored();
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> logs.writeStats().stored() > stored);
	}

	private StoragePool pool() {
		return new StoragePool(StorageConfig
			.fromEnv(java.util.Map.of("DATABASE_URL", this.server.jdbcUrl(), "DB_POOL_MAX_SIZE", "8")));
	}

}
