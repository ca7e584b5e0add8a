package io.observatory.storage.writer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.RetryConfig;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.fault.CuttingProxy;
import io.observatory.storage.fault.CuttingProxy.Moment;
import io.observatory.storage.fault.Stored;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Buffers;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing is unaccounted for at any moment, whatever goes wrong:
 * {@code accepted = stored + deadLettered + dropped + buffered + inFlight}.
 */
@Timeout(120)
class ConservationIT {

	private static final int PRODUCERS = 4;

	private static final int SNAPSHOTS = 300_000;

	private static final Duration PAUSE = Duration.ofNanos(50_000);

	private final Database database = Database.get();

	private final CuttingProxy proxy = new CuttingProxy(this.database.port());

	private final AtomicBoolean enough = new AtomicBoolean();

	@BeforeEach
	void start() {
		this.database.clear();
		((Logger) LoggerFactory.getLogger("com.zaxxer.hikari")).setLevel(Level.ERROR);
		this.database.jdbc()
			.execute("ALTER TABLE observatory.logs ADD CONSTRAINT no_poison CHECK (body NOT LIKE 'bad%')");
	}

	@AfterEach
	void stop() {
		this.proxy.close();
		this.database.jdbc().execute("ALTER TABLE observatory.logs DROP CONSTRAINT no_poison");
	}

	@Test
	void everySnapshotAddsUpWithFaultsPoisonAndDrops() throws Exception {
		AtomicInteger commits = new AtomicInteger();
		this.proxy.cutByChance(() -> switch (commits.incrementAndGet() % 10) {
			case 3 -> Moment.BEFORE_COMMIT;
			case 7 -> Moment.AFTER_COMMIT;
			default -> null;
		});
		HikariConfig pool = new HikariConfig();
		pool.setDataSource(this.proxy.dataSource());
		pool.setMaximumPoolSize(4);
		long[] written = new long[PRODUCERS];
		try (HikariDataSource dataSource = new HikariDataSource(pool)) {
			LogWriter writer = new LogWriter(dataSource, config());
			try (writer) {
				List<CompletableFuture<Void>> producers = new ArrayList<>();
				for (int i = 0; i < PRODUCERS; i++) {
					int producer = i;
					producers.add(async(() -> written[producer] = produce(writer, producer)));
				}
				try {
					readSnapshots(writer);
				}
				finally {
					this.enough.set(true);
				}
				for (CompletableFuture<Void> producer : producers) {
					producer.get(20, TimeUnit.SECONDS);
				}
				this.proxy.cutByChance(() -> null);
			}
			assertAccounted(writer, written);
		}
		assertThat(this.proxy.cuts()).isGreaterThan(10);
	}

	private static void readSnapshots(LogWriter writer) {
		for (int i = 0; i < SNAPSHOTS; i++) {
			WriteStats stats = writer.writeStats();
			if (stats.accepted() != stats.stored() + stats.deadLettered() + stats.droppedTotal() + stats.buffered()
					+ stats.inFlight()) {
				throw new AssertionError("Does not add up: " + stats);
			}
		}
	}

	/** Returns how many records were written, singly and as collections. */
	private long produce(LogWriter writer, int producer) {
		long number = 0;
		while (!this.enough.get()) {
			List<LogRecord> logs = new ArrayList<>();
			for (int i = 0; i < 1 + number % 5; i++) {
				logs.add(log(producer, number + i));
			}
			writer.writeLogs(logs);
			number += logs.size();
			if (writer.bufferStats().rows() > 1500) {
				// mostly waits for room, so that what is dropped is the exception
				writer.requestFlush();
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
		return number;
	}

	private LogRecord log(int producer, long number) {
		boolean isBad = number % 1000 == 500;
		return LogRecord.builder()
			.id(new UUID(producer, number))
			.timestamp(Records.START)
			.serviceName("checkout")
			.body(isBad ? "bad" : "good")
			.build();
	}

	private void assertAccounted(LogWriter writer, long[] written) {
		WriteStats stats = writer.writeStats();
		List<UUID> stored = Stored.ids("logs");
		List<UUID> dead = Stored.deadIds("logs");
		assertThat(new HashSet<>(stored)).as("stored once").hasSameSizeAs(stored);
		assertThat(new HashSet<>(dead)).as("put aside once").hasSameSizeAs(dead);
		assertThat(stored).allMatch((id) -> isWritten(id, written) && !isBad(id));
		assertThat(dead).allMatch((id) -> isWritten(id, written) && isBad(id));
		long all = 0;
		for (long count : written) {
			all += count;
		}
		assertThat(stats.accepted()).isEqualTo(all);
		if (!Buffers.areOnDisk()) {
			assertThat(stats.droppedTotal()).as("dropped").isPositive();
		}
		assertThat(stats.deadLettered()).as("dead-lettered").isPositive();
		Stored.assertSettled(writer, stored.size(), dead.size(), all - stored.size() - dead.size());
	}

	private static boolean isWritten(UUID id, long[] written) {
		return id.getLeastSignificantBits() < written[(int) id.getMostSignificantBits()];
	}

	private static boolean isBad(UUID id) {
		return id.getLeastSignificantBits() % 1000 == 500;
	}

	private static CompletableFuture<Void> async(Runnable task) {
		CompletableFuture<Void> future = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				task.run();
				future.complete(null);
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return future;
	}

	private static WriterConfig config() {
		return Buffers.logs()
			.batchSize(500)
			.maxConcurrency(3)
			.maxBatchRows(1000)
			.maxBufferRows(4000)
			.fullPolicy(FullPolicy.DROP_NEWEST)
			.retry(new RetryConfig(6, Duration.ofMillis(2), 1.5, Duration.ofMillis(20)))
			.build();
	}

}
