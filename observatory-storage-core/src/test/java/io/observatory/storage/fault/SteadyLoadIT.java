package io.observatory.storage.fault;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import io.observatory.storage.config.StorageConfig;
import io.observatory.storage.config.StoragePool;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No fault at all, but for long: nothing piles up, neither here nor in the server.
 */
@Tag("faults")
class SteadyLoadIT {

	private static final String LOAD = "13-steady-load";

	private static final String FLUSHES = "13-many-flushes";

	private static final Duration LENGTH = Length.of(Duration.ofMinutes(10), Duration.ofSeconds(4));

	private static final int PER_SECOND = 50_000;

	/** How many records a call takes. */
	private static final int CALL = 500;

	private static final int SAMPLES = 30;

	private static final int MEGABYTE = 1 << 20;

	private static final int BUFFER_MEGABYTES = 8;

	/**
	 * The two buffers are full at one time and empty at another; and the ledger has two
	 * bits for each two records. A single byte left behind by each of the records of ten
	 * minutes would be more.
	 */
	private static final long MAX_GROWTH = (2 * BUFFER_MEGABYTES + 8) * (long) MEGABYTE;

	private static final int SOME_FLUSHES = 500;

	/** An upsert of so many rows goes by way of a stage: a temporary table. */
	private static final int STAGED = 70;

	private final PostgresProcess server = PostgresProcess.migrated("max_wal_size=4GB", "shared_buffers=1GB");

	private final Ledger ledger = new Ledger();

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void theHeapStaysFlat() {
		assumeRoom(Length.of(25, 2));
		WriterConfig config = WriterConfig.logs()
			.maxBufferBytes(BUFFER_MEGABYTES * (long) MEGABYTE)
			.blockTimeout(Duration.ofMinutes(1))
			.build();
		try (StoragePool pool = pool("8");
				LogWriter logs = new LogWriter(pool.dataSource(), config);
				MetricWriter metrics = new MetricWriter(pool.dataSource(), config)) {
			long begun = System.nanoTime();
			List<Thread> producers = List.of(producer(Subject.LOGS, SteadyLoadIT::log, logs::writeLogs, begun),
					producer(Subject.POINTS, SteadyLoadIT::point, metrics::writeDataPoints, begun));
			producers.forEach(Thread::start);
			List<Long> heap = heap(begun);
			producers.forEach(SteadyLoadIT::join);
			logs.flush();
			metrics.flush();
			Duration took = Duration.ofNanos(System.nanoTime() - begun);
			long first = Collections.min(heap.subList(0, SAMPLES / 3));
			long last = Collections.min(heap.subList(SAMPLES - SAMPLES / 3, SAMPLES));
			Verdict verdict = this.ledger.verdict(this.server.jdbc(), logs, metrics);
			FaultReport.scenario(LOAD, verdict, took, Map.of("perSecond", verdict.accepted() * 1000 / took.toMillis(),
					"heapMegabytesInFirstThird", first / MEGABYTE, "heapMegabytesInLastThird", last / MEGABYTE));
			verdict.assertAllStored();
			assertThat(this.ledger.refused()).as("refused").isZero();
			assertThat(last).as("bytes of heap in the last third").isLessThan(first + MAX_GROWTH);
		}
	}

	@Test
	void theCatalogDoesNotGrowWithFlushes() {
		long begun = System.nanoTime();
		int flushes = Length.of(100_000, SOME_FLUSHES);
		try (StoragePool pool = pool("1")) {
			Growth growth = flush(pool.dataSource(), flushes);
			FaultReport.scenario(FLUSHES, growth.verdict(), Duration.ofNanos(System.nanoTime() - begun),
					Map.of("flushes", flushes, "catalogBefore", growth.before(), "catalogAfter", growth.after()));
			growth.verdict().assertAllStored();
			assertThat(growth.after()).as("rows and bytes of the catalog").isEqualTo(growth.before());
		}
	}

	@Test
	void withAStageForEachFlushTheScenarioIsSeenToFail() {
		Assumptions.assumeTrue(Length.isFull());
		try (StoragePool pool = pool("1")) {
			Growth growth = flush(
					SqlHook.on(pool.dataSource(), (sql) -> sql.replace("ON COMMIT DELETE ROWS", "ON COMMIT DROP")),
					SOME_FLUSHES);
			boolean caught = !growth.after().equals(growth.before());
			FaultReport.sabotage("one stage a connection", FLUSHES, caught);
			assertThat(caught).isTrue();
		}
	}

	private <T> Thread producer(Subject subject, LongFunction<T> record, Consumer<List<T>> writer, long begun) {
		Thread thread = new Thread(() -> {
			for (long from = 0; System.nanoTime() - begun < LENGTH.toNanos(); from += CALL) {
				long due = begun + TimeUnit.SECONDS.toNanos(from) / (PER_SECOND / 2);
				for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
					LockSupport.parkNanos(this, left);
				}
				writer.accept(LongStream.range(from, from + CALL).mapToObj(record).toList());
				this.ledger.accepted(subject, from, from + CALL);
			}
		}, "producer-" + subject.table());
		thread.setDaemon(true);
		return thread;
	}

	/** Measures what a collection leaves, now and then. */
	private static List<Long> heap(long begun) {
		List<Long> heap = new ArrayList<>();
		for (int i = 1; i <= SAMPLES; i++) {
			Duration left = LENGTH.multipliedBy(i).dividedBy(SAMPLES + 1).minusNanos(System.nanoTime() - begun);
			if (!left.isNegative()) {
				Awaitility.await().pollDelay(left).atMost(left.plusSeconds(10)).until(() -> true);
			}
			System.gc();
			heap.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return heap;
	}

	private Growth flush(DataSource dataSource, int flushes) {
		// what the catalog does is the same, and 100,000 flushes to the disk take long
		WriterConfig config = WriterConfig.logs().maxConcurrency(1).synchronousCommit(false).build();
		try (LogWriter logs = new LogWriter(dataSource, config);
				MetricWriter metrics = new MetricWriter(dataSource, config);
				TraceWriter traces = new TraceWriter(dataSource, config)) {
			List<Writer> writers = List.of(logs, metrics, traces);
			List<Subject> subjects = List.of(Subject.LOGS, Subject.METRICS, Subject.SPANS);
			String before = "";
			long number = 0;
			for (int flush = 0; flush < flushes; flush++) {
				if (flush == flushes / 10) {
					// it would come by itself, and make its maps of free space
					this.server.jdbc().execute("VACUUM pg_attribute, pg_class, pg_type");
					before = catalog();
				}
				// a few rows three times, then enough for a stage, for each writer
				long end = number + ((flush / writers.size() % 4 == 3) ? STAGED : 1 + flush % 5);
				Writer writer = writers.get(flush % writers.size());
				for (; number < end; number++) {
					this.ledger.write(writer, subjects.get(flush % writers.size()), number);
				}
				writer.flush();
			}
			assertThat(writers.stream().mapToLong((writer) -> writer.writeStats().batches()).sum()).as("batches")
				.isEqualTo(flushes);
			return new Growth(this.ledger.verdict(this.server.jdbc(), logs, metrics, traces), before, catalog());
		}
	}

	/** Returns rows and bytes of what a new table would be entered into. */
	private String catalog() {
		return this.server.jdbc()
			.queryForObject("SELECT format('pg_attribute: %s rows, %s bytes; pg_class: %s rows; pg_type: %s rows, "
					+ "%s bytes', (SELECT count(*) FROM pg_attribute), pg_total_relation_size('pg_attribute'), "
					+ "(SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_type), "
					+ "pg_total_relation_size('pg_type'))", String.class);
	}

	/** As small as a record may be that shows its number. */
	private static LogRecord log(long number) {
		return LogRecord.builder()
			.timestamp(Records.START.plusMillis(number))
			.severityText("INFO")
			.body("Request answered")
			.serviceName("checkout")
			.spanId(Records.spanId(number))
			.build();
	}

	private static MetricDataPoint point(long number) {
		return MetricDataPoint.builder()
			.metricName("requests")
			.serviceName("checkout")
			.timestamp(Records.START.plusMillis(number))
			.value((double) number)
			.build();
	}

	private static void join(Thread thread) {
		try {
			thread.join(Duration.ofMinutes(2).toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		assertThat(thread.isAlive()).as("%s still writes", thread.getName()).isFalse();
	}

	private static void assumeRoom(int gigabytes) {
		long free = Path.of(System.getProperty("java.io.tmpdir")).toFile().getUsableSpace() >> 30;
		if (free < gigabytes) {
			String reason = "Needs " + gigabytes + " GB of disk, there are " + free;
			FaultReport.skipped(LOAD, reason);
			Assumptions.abort(reason);
		}
	}

	private StoragePool pool(String connections) {
		return new StoragePool(
				StorageConfig.fromEnv(Map.of("DATABASE_URL", this.server.jdbcUrl(), "DB_POOL_MAX_SIZE", connections)));
	}

	/**
	 * What came of many flushes.
	 *
	 * @param before the catalog after a tenth of them
	 * @param after the catalog at the end
	 */
	private record Growth(Verdict verdict, String before, String after) {
	}

}
