package io.observatory.storage.writer;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Redactor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a writer holds of the heap, as the garbage collector counts it. The records that
 * the callers write are there before and after.
 */
@Timeout(60)
class BufferMemoryTest {

	private static final long BOUND = 16L << 20;

	private static final int CALLERS = 64;

	private final List<LogRecord> records = records();

	private final List<Thread> callers = new ArrayList<>();

	@AfterEach
	void end() {
		this.callers.forEach(Thread::interrupt);
	}

	@Test
	void aFullBufferHoldsItsBoundWithRowsOfAllSizesAndManyCallersThatWait() {
		try (LogWriter writer = writer()) {
			writer.pause();
			long before = usedHeap();
			for (int i = 0; i < CALLERS; i++) {
				int first = i;
				start(() -> writeUntilRefused(writer, first));
			}
			Awaitility.await()
				.atMost(30, TimeUnit.SECONDS)
				.until(() -> this.callers.stream()
					.allMatch((caller) -> caller.getState() == Thread.State.TIMED_WAITING));
			assertThat(writer.bufferStats().bytes()).isGreaterThan(BOUND * 9 / 10);
			assertThat(usedHeap() - before).isLessThan(BOUND * 12 / 10);
			this.callers.forEach(Thread::interrupt);
		}
	}

	@Test
	void whatLargeCallsWereEncodedInIsNotKept() throws Exception {
		int calls = 16;
		CyclicBarrier barrier = new CyclicBarrier(calls);
		LogRecord refused = log("", "none");
		List<LogRecord> call = new ArrayList<>(Collections.nCopies(30, largest()));
		call.add(refused);
		WriterConfig config = config().toBuilder().redactor(new OnLast(refused, barrier)).build();
		try (LogWriter writer = new LogWriter(new DriverManagerDataSource(), config)) {
			long before = usedHeap();
			for (int i = 0; i < calls; i++) {
				start(() -> assertThatThrownBy(() -> writer.writeLogs(call))
					.isInstanceOf(InvalidRecordException.class));
			}
			for (Thread caller : this.callers) {
				caller.join();
			}
			assertThat(writer.writeStats().refused()).isEqualTo(calls * 31L);
			assertThat(usedHeap() - before).isLessThan(BOUND / 10);
		}
	}

	private static LogWriter writer() {
		return new LogWriter(new DriverManagerDataSource(), config());
	}

	private static WriterConfig config() {
		return WriterConfig.logs()
			.maxBufferBytes(BOUND)
			.blockTimeout(Duration.ofSeconds(50))
			.closeTimeout(Duration.ZERO)
			.build();
	}

	private void start(Runnable task) {
		Thread caller = new Thread(task, "caller-" + this.callers.size());
		caller.setDaemon(true);
		this.callers.add(caller);
		caller.start();
	}

	private void writeUntilRefused(LogWriter writer, int first) {
		try {
			for (int i = first; !Thread.currentThread().isInterrupted(); i++) {
				writer.writeLog(this.records.get(i % this.records.size()));
			}
		}
		catch (StorageException ex) {
			// the test has ended
		}
	}

	/** Bodies of 10 bytes to 30 KB, each order of magnitude as often as the others. */
	private static List<LogRecord> records() {
		Random random = new Random(15);
		List<LogRecord> records = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			int length = (int) (10 * Math.pow(3000, random.nextDouble()));
			records.add(log("checkout", "x".repeat(length)));
		}
		return records;
	}

	private static LogRecord largest() {
		return log("checkout", "x".repeat(30_000));
	}

	private static LogRecord log(String service, String body) {
		return LogRecord.builder()
			.timestamp(Instant.parse("2025-06-01T12:00:00Z"))
			.serviceName(service)
			.body(body)
			.build();
	}

	private static long usedHeap() {
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 3; i++) {
			System.gc();
			used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return used;
	}

	/**
	 * Has all calls at their last record at the same moment.
	 */
	private record OnLast(LogRecord last, CyclicBarrier barrier) implements Redactor {

		@Override
		public LogRecord redact(LogRecord log) {
			if (log == this.last) {
				await();
			}
			return log;
		}

		private void await() {
			try {
				this.barrier.await(20, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
