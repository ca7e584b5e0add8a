package io.observatory.storage.writer;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.fault.CuttingProxy;
import io.observatory.storage.fault.Stored;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Buffers;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The writer's own threads: nothing that others do on them or to them ends them or holds
 * them up.
 */
@Timeout(60)
class SupervisionIT {

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@AfterEach
	void close() {
		this.proxy.close();
	}

	/**
	 * The callback waits for a flush of its own, on a server that hangs: the transaction
	 * is aborted at its deadline all the same, and both end.
	 */
	@Test
	void aCallbackMayWaitForAFlush() throws Exception {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), config().build());
		try (writer) {
			this.proxy.freeze();
			writer.writeLog(Records.log(1));
			CompletableFuture<FlushResult> second = writer.flushAsync().exceptionally((failure) -> writer.flush());
			assertThat(second).failsWithin(10, TimeUnit.SECONDS)
				.withThrowableOfType(ExecutionException.class)
				.withRootCauseInstanceOf(StorageException.class);
			Awaitility.await().untilAsserted(() -> assertThat(writer.writeStats().retries()).isPositive());
			this.proxy.thaw();
			awaitStored(writer, 1);
		}
		Stored.assertSettled(writer, 1, 0, 0);
	}

	/** However many there are: one that blocks keeps no other one from being told. */
	@Test
	void callbacksThatNeverReturnHoldUpNothing() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().flushTimeout(Duration.ofSeconds(30)).flushInterval(Duration.ofMillis(20)).build());
		try (writer) {
			writer.startAutoFlush();
			for (int i = 0; i < 20; i++) {
				writer.writeLog(Records.log(i));
				CountDownLatch called = new CountDownLatch(1);
				writer.flushAsync().thenRun(() -> {
					called.countDown();
					awaitQuietly(never);
				});
				assertThat(called.await(10, TimeUnit.SECONDS)).as("callback %d", i).isTrue();
			}
			writer.writeLog(Records.log(20));
			awaitStored(writer, 21);
		}
		finally {
			never.countDown();
		}
		Stored.assertSettled(writer, 21, 0, 0);
	}

	/** Here it is the clock that is asked when a failure is noted. */
	@Test
	void anErrorOutsideTheSendEndsNoThread() {
		AtomicInteger errors = new AtomicInteger(3);
		LogWriter writer = new LogWriter(this.proxy.dataSource(),
				config().clock(new ThrowingClock("observatory-logs-0", errors)).build());
		try (writer) {
			this.proxy.down();
			writer.writeLog(Records.log(1));
			while (errors.get() > 0) {
				assertThat(catchThrowableOfType(StorageException.class, writer::flush)).isNotNull();
			}
			this.proxy.up();
			awaitStored(writer, 1);
		}
		Stored.assertSettled(writer, 1, 0, 0);
	}

	/** What waits in the buffer then is nobody's, so that no more may be taken. */
	@Test
	@EnabledForJreRange(max = JRE.JAVA_19, disabledReason = "Thread.stop() is gone: nothing else ends a thread")
	@SuppressWarnings("removal")
	void aThreadThatCannotGoOnIsSaidAndRecordsAreRefusedWithTheReason() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().closeTimeout(Duration.ofMillis(100)).build());
		try (writer) {
			writer.writeLog(Records.log(1));
			writer.flush();
			threads("observatory-logs-0").forEach(Thread::stop);
			Awaitility.await().untilAsserted(() -> assertThat(writer.status().state()).isEqualTo(State.FAILED));
			assertThat(writer.status().reason()).contains("a thread of it was ended");
			assertThatThrownBy(() -> writer.writeLog(Records.log(2))).isInstanceOf(StorageException.class)
				.hasMessageContaining("a thread of it was ended");
			assertThatThrownBy(writer::flush).hasMessageContaining("a thread of it was ended");
		}
		Stored.assertSettled(writer, 1, 0, 0);
	}

	/** As an application does that interrupts all threads it finds. */
	@Test
	void anInterruptFromOutsideEndsNoThread() {
		LogWriter writer = new LogWriter(this.database.dataSource(), config().build());
		try (writer) {
			for (int i = 1; i <= 3; i++) {
				threads("observatory-logs-0").forEach(Thread::interrupt);
				writer.writeLog(Records.log(i));
				writer.requestFlush();
				awaitStored(writer, i);
			}
		}
		Stored.assertSettled(writer, 3, 0, 0);
	}

	/** Each wait for a connection has an end, and what comes later is given back. */
	@Test
	void aDataSourceThatHangsHoldsUpNeitherFlushNorWriterNorClose() throws Exception {
		HangingDataSource hanging = new HangingDataSource(this.database.dataSource());
		LogWriter writer = new LogWriter(hanging.proxy(), config().closeTimeout(Duration.ofSeconds(1)).build());
		try (writer) {
			writer.writeLog(Records.log(1));
			hanging.hang();
			long begun = System.nanoTime();
			assertThat(catchThrowableOfType(StorageException.class, writer::flush).isRetryable()).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
			Awaitility.await()
				.untilAsserted(() -> assertThat(writer.status().reason()).contains("no connection became available"));
			hanging.goOn();
			awaitStored(writer, 1);
			Awaitility.await().untilAsserted(() -> assertThat(hanging.open()).as("connections left open").isZero());

			hanging.hang();
			writer.writeLog(Records.log(2));
			writer.requestFlush();
			Awaitility.await().until(() -> writer.writeStats().inFlight() == 1);
		}
		Stored.assertClosed(writer, 1, 1);
		hanging.goOn();
		Awaitility.await().untilAsserted(() -> assertThat(hanging.open()).as("connections left open").isZero());
		assertThat(this.database.count("logs")).as("stored after the end").isEqualTo(1);
	}

	private static WriterConfig.Builder config() {
		return Buffers.logs()
			.maxConcurrency(1)
			.retry(new RetryConfig(3, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.flushTimeout(Duration.ofMillis(500))
			.closeTimeout(Duration.ofSeconds(10));
	}

	private static void awaitStored(Writer writer, long rows) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.pollInterval(Duration.ofMillis(10))
			.untilAsserted(() -> assertThat(writer.writeStats().stored()).isEqualTo(rows));
	}

	private static Stream<Thread> threads(String name) {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(name));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Throws an Error when one thread asks it, so many times. */
	private static final class ThrowingClock extends Clock {

		private final String thread;

		private final AtomicInteger errors;

		ThrowingClock(String thread, AtomicInteger errors) {
			this.thread = thread;
			this.errors = errors;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			if (Thread.currentThread().getName().equals(this.thread)
					&& this.errors.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
				throw new OutOfMemoryError("simulated");
			}
			return Instant.now();
		}

	}

	/** Gives no connection while it hangs, and counts those that are open. */
	private static final class HangingDataSource {

		private final DataSource target;

		private final Queue<Connection> given = new ConcurrentLinkedQueue<>();

		private volatile CountDownLatch gate = new CountDownLatch(0);

		HangingDataSource(DataSource target) {
			this.target = target;
		}

		void hang() {
			this.gate = new CountDownLatch(1);
		}

		void goOn() {
			this.gate.countDown();
		}

		long open() {
			return this.given.stream().filter(HangingDataSource::isOpen).count();
		}

		private static boolean isOpen(Connection connection) {
			try {
				return !connection.isClosed();
			}
			catch (SQLException ex) {
				return false;
			}
		}

		DataSource proxy() {
			return (DataSource) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { DataSource.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("getConnection")) {
							uninterruptibly(this.gate);
							Connection connection = this.target.getConnection();
							this.given.add(connection);
							return connection;
						}
						return method.invoke(this.target, arguments);
					});
		}

		/** As a connect of the system's does: no interrupt ends it. */
		private static void uninterruptibly(CountDownLatch latch) {
			while (latch.getCount() > 0) {
				LockSupport.parkNanos(1_000_000);
			}
		}

	}

}
