package io.observatory.storage.fault;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads write far more than the buffer holds while the server is stopped: memory
 * stays within the bound, the numbers are exact, and nobody waits for ever.
 */
@Tag("faults")
class StoppedServerIT {

	private static final int THREADS = 64;

	private static final int CALLS = Length.of(2000, 300);

	private static final long BOUND = Length.of(64, 32) * 1024L * 1024;

	/** One record in so many has a large body. */
	private static final int LARGE_EVERY = 20;

	private static final String LARGE_BODY = "prompt ".repeat(50 * 1024 / 7);

	/**
	 * If each refused call waited for its time, the threads would take many times this.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(120);

	private final PostgresProcess server = PostgresProcess.migrated();

	private final Ledger ledger = new Ledger();

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void theBufferKeepsToItsBoundAndToItsNumbers(FullPolicy policy) throws Exception {
		long begun = System.nanoTime();
		WriterConfig config = WriterConfig.logs().maxBufferBytes(BOUND).fullPolicy(policy).build();
		try (StoragePool pool = new StoragePool(
				StorageConfig.fromEnv(Map.of("DATABASE_URL", this.server.jdbcUrl(), "DB_POOL_MAX_SIZE", "4")));
				LogWriter logs = new LogWriter(pool.dataSource(), config)) {
			this.ledger.write(logs, Subject.LOGS, 0);
			logs.flush();
			this.server.kill();
			long before = liveHeap();
			writeFromAllThreads(logs);
			long grown = liveHeap() - before;
			assertNumbers(policy, logs);
			this.server.start();
			awaitFlushed(logs);
			Verdict verdict = this.ledger.verdict(this.server.jdbc(), logs);
			FaultReport.scenario("7-stopped-server-" + policy.name().toLowerCase().replace('_', '-'), verdict,
					Duration.ofNanos(System.nanoTime() - begun), Map.of("threads", THREADS, "refused",
							this.ledger.refused(), "boundMiB", BOUND >> 20, "heapMiB", grown >> 20));
			verdict.assertAccounted();
			assertThat(verdict.stored()).as("stored, of all that was not dropped")
				.isEqualTo(verdict.accepted() - verdict.dropped());
			assertThat(grown).as("heap taken").isLessThan(BOUND * 12 / 10);
		}
	}

	private void writeFromAllThreads(LogWriter logs) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			CountDownLatch together = new CountDownLatch(THREADS);
			List<Future<?>> writing = new ArrayList<>();
			IntStream.range(0, THREADS).forEach((thread) -> writing.add(threads.submit(() -> {
				together.countDown();
				together.await();
				for (int call = 0; call < CALLS; call++) {
					long number = 1 + (long) call * THREADS + thread;
					this.ledger.write(Subject.LOGS, number, () -> logs.writeLog(log(number)));
				}
				return null;
			})));
			long deadline = System.nanoTime() + PATIENCE.toNanos();
			for (Future<?> thread : writing) {
				thread.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** Spread so that each thread has its share of the large ones. */
	private static LogRecord log(long number) {
		boolean large = number / THREADS % LARGE_EVERY == number % LARGE_EVERY;
		return LogRecord.builder()
			.timestamp(Records.START.plusMillis(number))
			.severityNumber(9)
			.body(large ? LARGE_BODY : "Request " + number + " answered")
			.serviceName("checkout")
			.spanId(Records.spanId(number))
			.build();
	}

	private void assertNumbers(FullPolicy policy, LogWriter logs) {
		WriteStats stats = logs.writeStats();
		BufferStats buffer = logs.bufferStats();
		Stored.assertAddsUp(stats);
		assertThat(stats.accepted()).as("accepted").isEqualTo(this.ledger.accepted());
		assertThat(stats.refused()).as("refused").isEqualTo(this.ledger.refused());
		assertThat(stats.accepted() + stats.refused()).as("written").isEqualTo(1 + (long) THREADS * CALLS);
		assertThat(stats.stored()).as("stored").isEqualTo(1);
		assertThat(buffer.bytes() + buffer.inFlightBytes()).as("bytes held").isBetween(BOUND * 9 / 10, BOUND);
		if (policy == FullPolicy.DROP_NEWEST) {
			assertThat(stats.refused()).as("refused").isZero();
			assertThat(stats.droppedTotal()).as("dropped").isPositive();
		}
		else {
			assertThat(stats.refused()).as("refused").isPositive();
			assertThat(stats.droppedTotal()).as("dropped").isZero();
		}
	}

	private static void awaitFlushed(LogWriter logs) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.ignoreExceptionsInstanceOf(StorageException.class)
			.until(() -> logs.flush().deadLettered() == 0);
	}

	/** What is left when all garbage is gone, which may take more than one collection. */
	private static long liveHeap() {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < 3; i++) {
			System.gc();
			least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return least;
	}

}
