package io.observatory.storage.fault;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.SpoolConfig.Level;
import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.writer.LogWriter;
import org.HdrHistogram.Histogram;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server is away for long, under load: what was accepted waits on disk, not in the
 * heap. When it is back all of it is stored while new records come, and the disk is free
 * again.
 */
@Tag("faults")
class SpoolOutageIT {

	private static final int PER_SECOND = Length.of(10_000, 2000);

	private static final Duration DOWN = Length.of(Duration.ofMinutes(10), Duration.ofSeconds(2));

	/** More than the buffer in memory would hold. */
	private static final int MAX_BUFFER_ROWS = 1000;

	private static final long MAX_HEAP = 64 << 20;

	private static final long MAX_BYTES = Length.isFull() ? 16L << 30 : 1L << 30;

	/** A segment that is written to, and the staging, of each of two logs. */
	private static final long KEPT_BYTES = 2 * (66 << 20);

	private final PostgresProcess server = PostgresProcess.migrated();

	private final Ledger ledger = new Ledger();

	private final Histogram nanos = new Histogram(3);

	private volatile boolean over;

	@TempDir
	private Path directory;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	void whatIsAcceptedMeanwhileWaitsOnDisk() throws InterruptedException {
		long begun = System.nanoTime();
		try (StoragePool pool = pool(); LogWriter logs = new LogWriter(pool.dataSource(), config())) {
			Thread producer = new Thread(() -> produce(logs));
			producer.start();
			awaitStored(logs, PER_SECOND);
			long heap = heap();
			this.server.kill();
			Awaitility.await().pollDelay(DOWN).atMost(DOWN.plusSeconds(30)).until(() -> true);
			long grown = heap() - heap;
			SpoolStats full = logs.spoolStats();
			this.server.start();
			long back = System.nanoTime();
			Awaitility.await()
				.atMost(DOWN.plusSeconds(30))
				.until(() -> logs.spoolStats().oldest().compareTo(Duration.ofSeconds(1)) < 0);
			double seconds = (System.nanoTime() - back) / 1e9;
			this.over = true;
			producer.join();
			logs.flush();
			Awaitility.await()
				.untilAsserted(() -> assertThat(logs.spoolStats().diskBytes()).isLessThanOrEqualTo(KEPT_BYTES));
			Verdict verdict = this.ledger.verdict(this.server.jdbc(), logs);
			FaultReport.scenario("spool-outage", verdict, Duration.ofNanos(System.nanoTime() - begun),
					Map.of("secondsDown", DOWN.toSeconds(), "rowsThatWaited", full.rows(), "mebibytesOnDisk",
							full.diskBytes() >> 20, "heapMiB", grown >> 20, "secondsToDrain", seconds,
							"drainedPerSecond", full.rows() / seconds + PER_SECOND, "writeP99Micros",
							this.nanos.getValueAtPercentile(99) / 1e3));
			assertThat(full.rows()).isGreaterThan(MAX_BUFFER_ROWS);
			assertThat(grown).as("heap taken").isLessThan(MAX_HEAP);
			assertThat(this.ledger.refused()).as("refused").isZero();
			verdict.assertAllStored();
		}
	}

	private void produce(LogWriter logs) {
		long begun = System.nanoTime();
		for (long number = 0; !this.over; number++) {
			long due = begun + TimeUnit.SECONDS.toNanos(number) / PER_SECOND;
			for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
				LockSupport.parkNanos(this, left);
			}
			long called = System.nanoTime();
			this.ledger.write(logs, Subject.LOGS, number);
			this.nanos.recordValue(System.nanoTime() - called);
		}
	}

	private WriterConfig config() {
		return WriterConfig.logs()
			.maxConcurrency(2)
			.maxBufferRows(MAX_BUFFER_ROWS)
			.spool(new SpoolConfig(this.directory, Level.PROCESS, MAX_BYTES, Duration.ZERO, Duration.ZERO))
			.build();
	}

	private static void awaitStored(LogWriter logs, long rows) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> logs.writeStats().stored() > rows);
	}

	private static long heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private StoragePool pool() {
		return new StoragePool(
				StorageConfig.fromEnv(Map.of("DATABASE_URL", this.server.jdbcUrl(), "DB_POOL_MAX_SIZE", "4")));
	}

}
