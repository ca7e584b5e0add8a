package io.observatory.storage.writer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.engine.AutoFlush;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.fault.CuttingProxy;
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
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a flush promises: to cover what came before it, to end, and to lose nothing when
 * it fails.
 */
@Timeout(60)
class FlushIT {

	private static final RetryConfig QUICK = new RetryConfig(3, Duration.ofMillis(5), 2, Duration.ofMillis(20));

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	private final Queue<UUID> written = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@AfterEach
	void closeProxy() {
		this.proxy.close();
	}

	@Test
	void aFlushCoversWhatCameBeforeItAndEndsUnderConstantLoad() throws Exception {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				Buffers.logs().batchSize(200).maxBatchRows(500).maxBufferRows(5000).build());
		AtomicBoolean enough = new AtomicBoolean();
		try (writer) {
			List<CompletableFuture<Void>> load = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				load.add(CompletableFuture.runAsync(() -> {
					while (!enough.get()) {
						write(writer);
					}
				}));
			}
			for (int i = 0; i < 15; i++) {
				UUID id = write(writer);
				FlushResult result = writer.flush();
				assertThat(result.stored()).isGreaterThanOrEqualTo(result.rows());
				assertThat(this.database.rows("SELECT 1 FROM observatory.logs WHERE id = ?", id)).hasSize(1);
			}
			assertThat(load).as("still writing").noneMatch(CompletableFuture::isDone);
			enough.set(true);
			for (CompletableFuture<Void> producer : load) {
				producer.get(10, TimeUnit.SECONDS);
			}
		}
		assertAllStored(writer);
	}

	@Test
	void aFlushWithNothingToDoReturnsAtOnce() {
		// nobody listens there, and nobody has to
		this.proxy.down();
		try (LogWriter writer = new LogWriter(this.proxy.dataSource(), Buffers.logs().build())) {
			FlushResult result = writer.flush();
			assertThat(result.rows()).isZero();
			assertThat(writer.flushAsync()).isCompleted();
		}
	}

	@Test
	void aFlushFailsAfterOneRetryCycleAndTheDataIsStoredWhenTheServerIsBack() {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), config().build());
		try (writer) {
			this.proxy.down();
			for (int i = 0; i < 10; i++) {
				write(writer);
			}
			StorageException failure = catchThrowableOfType(StorageException.class, writer::flush);
			assertThat(failure.isRetryable()).isTrue();
			assertThat(failure.sqlState()).startsWith("08");
			assertThat(writer.writeStats().retries()).as("attempts of one cycle").isGreaterThanOrEqualTo(3);
			assertThat(writer.status().state()).isEqualTo(State.RETRYING);
			assertThat(writer.status().since()).isNotNull();
			Stored.assertAddsUp(writer.writeStats());
			assertThat(writer.writeStats().inFlight()).isEqualTo(10);
			this.proxy.up();
			awaitStored(writer, 10);
			assertThat(writer.status().state()).isEqualTo(State.RUNNING);
		}
		assertAllStored(writer);
	}

	/** A flush does not wait for the pause after a failed cycle to be over. */
	@Test
	void aFlushHasTheServerProbedAtOnce() {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), config().build());
		try (writer) {
			this.proxy.down();
			write(writer);
			for (int i = 0; i < 4; i++) {
				assertThat(catchThrowableOfType(StorageException.class, writer::flush)).isNotNull();
			}
			this.proxy.up();
			// by now the pause is five seconds long
			assertThat(writer.flush().duration()).isLessThan(Duration.ofSeconds(4));
		}
		assertAllStored(writer);
	}

	@Test
	void aFlushEndsAtItsDeadlineAndTheDataIsStoredLater() {
		LogWriter writer = new LogWriter(this.proxy.dataSource(),
				config().flushTimeout(Duration.ofMillis(400)).build());
		try (writer) {
			this.proxy.freeze();
			write(writer);
			CompletableFuture<FlushResult> future = writer.flushAsync();
			StorageException failure = catchThrowableOfType(StorageException.class, writer::flush);
			assertThat(failure.isRetryable()).isTrue();
			assertThat(failure).hasMessageContaining("within 400 ms");
			assertThat(future).failsWithin(1, TimeUnit.SECONDS)
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(StorageException.class);
			this.proxy.thaw();
			awaitStored(writer, 1);
		}
		assertAllStored(writer);
	}

	/** The driver's own time-outs do not free a transaction that hangs; we must. */
	@Test
	void aTransactionThatHangsIsAbortedAtTheDeadlineAndSentAgain() {
		((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
		HikariConfig pool = new HikariConfig();
		pool.setDataSource(this.proxy.dataSource());
		pool.setMaximumPoolSize(1);
		pool.setConnectionTimeout(250);
		try (HikariDataSource dataSource = new HikariDataSource(pool)) {
			LogWriter writer = new LogWriter(dataSource, config().flushTimeout(Duration.ofMillis(500)).build());
			try (writer) {
				write(writer);
				writer.flush();
				this.proxy.freeze();
				write(writer);
				assertThat(catchThrowableOfType(StorageException.class, writer::flush)).isNotNull();
				Awaitility.await().untilAsserted(() -> assertThat(writer.writeStats().retries()).isPositive());
				assertThat(writer.writeStats().inFlight()).isEqualTo(1);
				this.proxy.thaw();
				awaitStored(writer, 2);
			}
			assertAllStored(writer);
		}
	}

	@Test
	void anInterruptEndsTheWaitAndIsRestored() throws Exception {
		LogWriter writer = new LogWriter(this.proxy.dataSource(), config().build());
		try (writer) {
			this.proxy.freeze();
			write(writer);
			CompletableFuture<StorageException> failure = new CompletableFuture<>();
			Thread flushing = new Thread(() -> {
				StorageException ex = catchThrowableOfType(StorageException.class, writer::flush);
				assertThat(Thread.currentThread().isInterrupted()).isTrue();
				failure.complete(ex);
			});
			flushing.start();
			flushing.interrupt();
			assertThat(failure.get(10, TimeUnit.SECONDS).isRetryable()).isTrue();
			this.proxy.thaw();
			assertThat(writer.flush().deadLettered()).isZero();
		}
		assertAllStored(writer);
	}

	@Test
	void whatIsBufferedIsFlushedInTimeUntilThatIsStopped() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().flushInterval(Duration.ofMillis(30)).build());
		try (writer) {
			AutoFlush autoFlush = writer.startAutoFlush();
			write(writer);
			awaitStored(writer, 1);
			write(writer);
			awaitStored(writer, 2);
			autoFlush.close();
			write(writer);
			Awaitility.await()
				.during(Duration.ofMillis(200))
				.until(() -> writer.writeStats().buffered() == 1 && writer.writeStats().stored() == 2);
		}
		assertAllStored(writer);
	}

	@Test
	void aPausedWriterTakesRecordsAndSaysThatItIsPaused() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().batchSize(1).flushTimeout(Duration.ofMillis(300)).build());
		try (writer) {
			writer.pause();
			write(writer);
			assertThat(writer.status().state()).isEqualTo(State.PAUSED);
			assertThat(catchThrowableOfType(StorageException.class, writer::flush)).hasMessageContaining("paused");
			assertThat(writer.writeStats().buffered()).isEqualTo(1);
			writer.resume();
			awaitStored(writer, 1);
		}
		assertAllStored(writer);
	}

	private static WriterConfig.Builder config() {
		return Buffers.logs().maxConcurrency(1).retry(QUICK).closeTimeout(Duration.ofSeconds(10));
	}

	private UUID write(LogWriter writer) {
		LogRecord log = Records.log(this.written.size() % 10_000);
		writer.writeLog(log);
		this.written.add(log.id());
		return log.id();
	}

	private static void awaitStored(Writer writer, long rows) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.pollInterval(Duration.ofMillis(10))
			.untilAsserted(() -> assertThat(writer.writeStats().stored()).isEqualTo(rows));
	}

	private void assertAllStored(Writer writer) {
		Stored.assertOnce("logs", this.written);
		Stored.assertSettled(writer, this.written.size(), 0, 0);
	}

}
