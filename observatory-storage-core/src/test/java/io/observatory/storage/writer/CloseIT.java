package io.observatory.storage.writer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.observatory.storage.error.StorageException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.fault.CuttingProxy;
import io.observatory.storage.fault.SqlHook;
import io.observatory.storage.fault.Stored;
import io.observatory.storage.model.LogRecord;
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
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Closing a writer: all is stored, or counted as lost; in time, once, and for good.
 */
@Timeout(60)
class CloseIT {

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	private final List<UUID> written = new ArrayList<>();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@AfterEach
	void closeProxy() {
		this.proxy.close();
	}

	@Test
	void closeStoresAllThatIsBufferedThenRefusesAndEndsItsThreads() {
		LogWriter writer = new LogWriter(this.database.dataSource(), Buffers.logs().build());
		write(writer, 5321);
		writer.close();
		assertThat(writer.status().state()).isEqualTo(State.CLOSED);
		assertThatThrownBy(() -> writer.writeLog(Records.log(1))).isInstanceOf(WriterClosedException.class);
		assertThatThrownBy(writer::flush).isInstanceOf(WriterClosedException.class);
		assertThat(writer.flushAsync()).isCompletedExceptionally();
		assertAllStored(writer);
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("observatory-logs")));
	}

	@Test
	void aPausedWriterIsDrainedToo() {
		LogWriter writer = new LogWriter(this.database.dataSource(), Buffers.logs().build());
		writer.pause();
		write(writer, 10);
		writer.close();
		assertAllStored(writer);
	}

	@Test
	void closingTwiceFlushesOnce() throws Exception {
		AtomicInteger transactions = new AtomicInteger();
		DataSource counted = SqlHook.on(this.database.dataSource(), (sql) -> {
			if (sql.contains("SET position")) {
				transactions.incrementAndGet();
			}
			return sql;
		});
		LogWriter writer = new LogWriter(counted, Buffers.logs().build());
		write(writer, 10);
		CompletableFuture<Void> one = CompletableFuture.runAsync(writer::close);
		CompletableFuture<Void> other = CompletableFuture.runAsync(writer::close);
		one.get(20, TimeUnit.SECONDS);
		other.get(20, TimeUnit.SECONDS);
		writer.close();
		assertThat(transactions).hasValue(1);
		assertAllStored(writer);
	}

	@Test
	void closeWaitsForTheRunningFlush() throws Exception {
		LogWriter writer = new LogWriter(this.database.dataSource(), Buffers.logs().build());
		write(writer, 10);
		CompletableFuture<Void> closing = new CompletableFuture<>();
		CompletableFuture<FlushResult> flush = whileLogsAreLocked(() -> {
			CompletableFuture<FlushResult> flushing = writer.flushAsync();
			awaitInFlight(writer, 10);
			write(writer, 5);
			Thread closer = new Thread(() -> {
				writer.close();
				closing.complete(null);
			});
			closer.start();
			Awaitility.await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
			assertThat(closing).isNotDone();
			assertThat(flushing).isNotDone();
			return flushing;
		});
		closing.get(20, TimeUnit.SECONDS);
		assertThat(flush.get(1, TimeUnit.SECONDS).rows()).isEqualTo(10);
		assertAllStored(writer);
	}

	@Test
	void withAFrozenServerCloseEndsAtItsDeadlineAndCountsWhatIsLost() {
		LogWriter writer = new LogWriter(this.proxy.dataSource(),
				Buffers.logs().maxConcurrency(1).closeTimeout(Duration.ofMillis(500)).build());
		write(writer, 10);
		writer.flush();
		this.proxy.freeze();
		write(writer, 7);
		CompletableFuture<FlushResult> flushing = writer.flushAsync();
		awaitInFlight(writer, 7);
		write(writer, 4);
		long begun = System.nanoTime();
		writer.close();
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(450),
				Duration.ofMillis(2500));
		assertThat(flushing).failsWithin(1, TimeUnit.SECONDS)
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(StorageException.class);
		Stored.assertClosed(writer, 10, 11);
		this.proxy.cutAll();
		Stored.assertOnce("logs", this.written.subList(0, 10));
	}

	@Test
	void anInterruptedThreadClosesAllTheSameAndStaysInterrupted() throws Exception {
		LogWriter writer = new LogWriter(this.database.dataSource(), Buffers.logs().build());
		write(writer, 10);
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread closer = new Thread(() -> {
			Thread.currentThread().interrupt();
			writer.close();
			interrupted.complete(Thread.currentThread().isInterrupted());
		});
		closer.start();
		assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
		assertAllStored(writer);
	}

	private void write(LogWriter writer, int rows) {
		for (int i = 0; i < rows; i++) {
			LogRecord log = Records.log(i);
			writer.writeLog(log);
			this.written.add(log.id());
		}
	}

	private <T> T whileLogsAreLocked(Supplier<T> action) {
		DataSource dataSource = this.database.dataSource();
		return new TransactionTemplate(new DataSourceTransactionManager(dataSource)).execute((status) -> {
			this.database.jdbc().execute("LOCK TABLE observatory.logs IN ACCESS EXCLUSIVE MODE");
			return action.get();
		});
	}

	private static void awaitInFlight(Writer writer, long rows) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(5))
			.untilAsserted(() -> assertThat(writer.writeStats().inFlight()).isEqualTo(rows));
	}

	private void assertAllStored(Writer writer) {
		Stored.assertOnce("logs", this.written);
		Stored.assertSettled(writer, this.written.size(), 0, 0);
	}

}
