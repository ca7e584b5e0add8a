package io.observatory.storage.writer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.fault.Stored;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.stats.BufferStats;
import io.observatory.storage.testing.Buffers;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The table is locked, so that every flush hangs in the server: what callers notice of
 * it, and how many flushes there are.
 */
@Timeout(60)
class BackpressureIT {

	private final Database database = Database.get();

	private final List<UUID> written = new ArrayList<>();

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@Test
	void thereAreAsManyFlushesAtOnceAsConfiguredAndNoMore() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().maxConcurrency(3).batchSize(10).maxBatchRows(10).build());
		try (writer) {
			whileLogsAreLocked(() -> {
				write(writer, 100);
				awaitFlushes(3);
				Awaitility.await().during(Duration.ofMillis(300)).until(() -> waitingFlushes() == 3);
				assertThat(writer.writeStats().inFlight()).isEqualTo(30);
				return null;
			});
			writer.flush();
		}
		assertAllStored(writer, 0);
	}

	@Test
	void aSharedLimitBoundsTheConnectionsOfAllItsWriters() {
		ConnectionLimit limit = ConnectionLimit.of(2);
		WriterConfig config = config().maxConcurrency(3).batchSize(10).maxBatchRows(10).connectionLimit(limit).build();
		LogWriter one = new LogWriter(this.database.dataSource(), config);
		LogWriter other = new LogWriter(this.database.dataSource(), config);
		try (one; other) {
			whileLogsAreLocked(() -> {
				write(one, 50);
				write(other, 50);
				awaitFlushes(2);
				Awaitility.await().during(Duration.ofMillis(300)).until(() -> waitingFlushes() == 2);
				return null;
			});
		}
		Stored.assertSettled(one, 50, 0, 0);
		Stored.assertSettled(other, 50, 0, 0);
		Stored.assertOnce("logs", this.written);
	}

	@Test
	void writersDoNotWaitForTheDatabaseUntilTheBoundIsReached() throws Exception {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().batchSize(100).maxBufferRows(1000).blockTimeout(Duration.ofSeconds(20)).build());
		try (writer) {
			CompletableFuture<Void> blocked = whileLogsAreLocked(() -> {
				write(writer, 1000);
				assertThat(writer.writeStats().stored()).isZero();
				BufferStats stats = writer.bufferStats();
				assertThat(stats.rows() + stats.inFlightRows()).isEqualTo(1000);
				CompletableFuture<Void> write = CompletableFuture.runAsync(() -> write(writer, 1));
				assertThatThrownBy(() -> write.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
				return write;
			});
			blocked.get(10, TimeUnit.SECONDS);
		}
		assertAllStored(writer, 0);
	}

	@Test
	void aWriterThatWaitedInVainIsRefusedAndNothingOfItsCollectionIsTaken() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().batchSize(100).maxBufferRows(1000).blockTimeout(Duration.ofMillis(100)).build());
		try (writer) {
			whileLogsAreLocked(() -> {
				write(writer, 995);
				List<LogRecord> ten = new ArrayList<>();
				for (int i = 0; i < 10; i++) {
					ten.add(Records.log(i));
				}
				assertThatThrownBy(() -> writer.writeLogs(ten)).isInstanceOfSatisfying(BufferFullException.class,
						(ex) -> assertThat(ex.isRetryable()).isTrue());
				assertThat(writer.writeStats().accepted()).isEqualTo(995);
				assertThat(writer.writeStats().refused()).isEqualTo(10);
				write(writer, 5);
				return null;
			});
		}
		assertAllStored(writer, 0);
	}

	@Test
	void anOfferNeverWaitsWhateverThePolicyAndWhatFindsNoRoomIsCounted() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().batchSize(100).maxBufferRows(1000).blockTimeout(Duration.ofSeconds(30)).build());
		try (writer) {
			whileLogsAreLocked(() -> {
				write(writer, 990);
				LogRecord log = Records.log(1);
				assertThat(writer.offerLog(log)).isTrue();
				this.written.add(log.id());
				assertThat(writer.offerLogs(Collections.nCopies(10, Records.log(1)))).isFalse();
				assertThat(writer.writeStats().dropped()).containsEntry(DropReason.BUFFER_FULL, 10L);
				return null;
			});
		}
		assertAllStored(writer, 10);
	}

	@Test
	void theNewestAreDroppedAndCountedWhenThatIsThePolicy() {
		LogWriter writer = new LogWriter(this.database.dataSource(),
				config().batchSize(100).maxBufferRows(1000).fullPolicy(FullPolicy.DROP_NEWEST).build());
		try (writer) {
			whileLogsAreLocked(() -> {
				write(writer, 1000);
				for (int i = 0; i < 70; i++) {
					writer.writeLog(Records.log(i));
				}
				return null;
			});
		}
		assertThat(writer.writeStats().dropped()).containsEntry(DropReason.BUFFER_FULL, 70L);
		assertAllStored(writer, 70);
	}

	private static WriterConfig.Builder config() {
		return Buffers.logs()
			.retry(new RetryConfig(4, Duration.ofMillis(5), 2, Duration.ofMillis(20)))
			.closeTimeout(Duration.ofSeconds(20));
	}

	private void write(LogWriter writer, int rows) {
		for (int i = 0; i < rows; i++) {
			LogRecord log = Records.log(i);
			writer.writeLog(log);
			this.written.add(log.id());
		}
	}

	private <T> T whileLogsAreLocked(Supplier<T> action) {
		return new TransactionTemplate(new DataSourceTransactionManager(this.database.dataSource()))
			.execute((status) -> {
				this.database.jdbc().execute("LOCK TABLE observatory.logs IN ACCESS EXCLUSIVE MODE");
				return action.get();
			});
	}

	private void awaitFlushes(int flushes) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(10))
			.untilAsserted(() -> assertThat(waitingFlushes()).isEqualTo(flushes));
	}

	private long waitingFlushes() {
		// the transaction's snapshot of the statistics would stay the same
		this.database.jdbc().execute("SELECT pg_stat_clear_snapshot()");
		Long count = this.database.jdbc()
			.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
					+ "AND query LIKE 'COPY %logs%'", Long.class);
		return (count != null) ? count : -1;
	}

	private void assertAllStored(Writer writer, long dropped) {
		Stored.assertOnce("logs", this.written);
		Stored.assertSettled(writer, this.written.size(), 0, dropped);
	}

}
