package io.observatory.storage.table;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.fault.Length;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Traces at the edges of the rules: versions that hardly differ, and a batch that has to
 * be divided.
 */
class TraceEdgesIT {

	private static final Database DATABASE = Database.get();

	@BeforeEach
	void clear() {
		DATABASE.clear();
	}

	static Stream<Arguments> pairs() {
		TraceSpan.Builder span = TraceSpan.builder()
			.traceId(Records.traceId(1))
			.spanId(Records.spanId(1))
			.name("work")
			.serviceName("checkout")
			.startTime(Records.START)
			.endTime(Records.START.plusMillis(1));
		Trace.Builder trace = Trace.builder()
			.traceId(Records.traceId(1))
			.serviceName("checkout")
			.startTime(Records.START);
		TraceSpan child = Records.span(1, 5);
		Trace endless = Trace.builder()
			.traceId(Records.traceId(1))
			.serviceName("checkout")
			.startTime(Records.START)
			.durationUs(Long.MAX_VALUE)
			.build();
		return Stream.of(
				Arguments.of("no message, an empty message", List.of(span.build(), span.statusMessage("").build())),
				Arguments.of("1 and 1.0",
						List.of(span.attributes(Map.of("n", 1)).build(), span.attributes(Map.of("n", 1.0)).build())),
				Arguments.of("declared without a root name, with an empty one",
						List.of(trace.build(), trace.rootSpanName("").build(), child)),
				Arguments.of("declared status without a message, with an empty one",
						List.of(trace.status(Status.OK).rootSpanName(null).build(), trace.statusMessage("").build())),
				Arguments.of("declared with a duration that no end follows from", List.of(child, endless)),
				Arguments.of("declared twice with such a duration", List.of(endless, endless)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("pairs")
	void theRowsAreTheSameInBothOrdersAndTogether(String what, List<Record> records) {
		TraceRows forwards = stored(records, 1);
		List<Record> backwards = new ArrayList<>(records);
		Collections.reverse(backwards);
		assertThat(stored(backwards, 1).differencesTo(forwards)).as(what).isEmpty();
		assertThat(stored(records, records.size()).differencesTo(forwards)).as(what + ", in one batch").isEmpty();
	}

	@Test
	void clocksThatJumpBackMakeNoNegativeDuration() {
		stored(List.of(Trace.builder()
			.traceId(Records.traceId(5))
			.serviceName("checkout")
			.startTime(Records.START.plusSeconds(9))
			.build(), Records.span(5, 1)), 2);
		assertThat(DATABASE.jdbc().queryForObject("SELECT duration_us FROM observatory.traces", Long.class))
			.isNotNegative();
	}

	/** One span at fault: the batch is divided, and its parts are counted once each. */
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void aDividedBatchCountsEachSpanOnce(WriteMethod method) {
		List<Record> good = new ArrayList<>();
		DATABASE.jdbc()
			.execute("ALTER TABLE observatory.trace_spans ADD CONSTRAINT refused CHECK (name <> 'chat 777')");
		WriterConfig config = WriterConfig.traces().writeMethod(method).maxConcurrency(1).batchSize(2000).build();
		TraceWriter writer = new TraceWriter(DATABASE.dataSource(), config);
		try (writer) {
			for (int span = 0; span < 1000; span++) {
				TraceSpan record = Records.span(span % 3, span);
				writer.writeSpan(record);
				if (span != 777) {
					good.add(record);
				}
			}
		}
		finally {
			DATABASE.jdbc().execute("ALTER TABLE observatory.trace_spans DROP CONSTRAINT refused");
		}
		assertThat(writer.writeStats().batches()).as("counted before it is seen to be done").isEqualTo(1);
		assertThat(TraceWriting.told(writer.writeStats()))
			.isEqualTo("accepted 1000 stored 999 deadLettered 1 dropped 0 buffered 0 inFlight 0");
		assertThat(TraceRows.stored(DATABASE.jdbc()).differencesTo(TraceModel.of(good))).isEmpty();
	}

	/**
	 * Four processes that insert the same new traces at the same moment. Each batch has
	 * two versions of a span with different starts, so that the trace is written, and its
	 * index entries are made, twice.
	 */
	@Test
	@Tag("faults")
	void newTracesOfSeveralProcessesAtOnceNeverDeadlock() throws Exception {
		int writers = 4;
		long before = deadlocks();
		CyclicBarrier together = new CyclicBarrier(writers);
		long end = System.nanoTime() + Length.of(Duration.ofSeconds(12), Duration.ofSeconds(4)).toNanos();
		AtomicBoolean goOn = new AtomicBoolean(true);
		ExecutorService threads = Executors.newFixedThreadPool(writers);
		WriterConfig config = TraceWriting.config(WriteMethod.INSERT, 0)
			.toBuilder()
			.maxConcurrency(1)
			.batchSize(1000)
			.maxBatchRows(1000)
			.synchronousCommit(false)
			.build();
		try (HikariDataSource dataSource = TraceWriting.pool(DATABASE.port())) {
			List<Future<TraceWriter>> running = new ArrayList<>();
			for (int i = 0; i < writers; i++) {
				running.add(threads.submit(() -> {
					TraceWriter writer = new TraceWriter(dataSource, config);
					try (writer) {
						for (long trace = 0; goOn.get(); trace += 100) {
							for (long number = trace; number < trace + 100; number++) {
								writer.writeSpans(List.of(version(number, 1, null), version(number, 2, 3)));
							}
							if (together.await() == 0 && System.nanoTime() > end) {
								goOn.set(false);
							}
							writer.flush();
							together.await();
						}
					}
					return writer;
				}));
			}
			for (Future<TraceWriter> writer : running) {
				WriteStats stats = writer.get().writeStats();
				assertThat(TraceWriting.told(stats)).isEqualTo(TraceWriting.allStored((int) stats.accepted()));
			}
		}
		finally {
			threads.shutdownNow();
		}
		Awaitility.await()
			.until(() -> DATABASE.jdbc()
				.queryForObject("SELECT count(*) FROM pg_stat_activity WHERE application_name = ?", Long.class,
						TraceWriting.APPLICATION) == 0);
		// one that starts at another time is another span, where the start is in the key
		assertThat(DATABASE.rows("SELECT 1 FROM observatory.traces WHERE span_count <> ?",
				(Database.LAYOUT == Layout.SOURCE) ? 1 : 2))
			.isEmpty();
		assertThat(deadlocks()).isEqualTo(before);
	}

	private static TraceSpan version(long number, int start, Integer end) {
		return TraceSpan.builder()
			.traceId(Records.traceId(number))
			.spanId(Records.spanId(number))
			.name("work")
			.serviceName("checkout")
			.startTime(Records.START.plusMillis(start))
			.endTime((end != null) ? Records.START.plusMillis(end) : null)
			.build();
	}

	private static long deadlocks() {
		Long deadlocks = DATABASE.jdbc()
			.queryForObject("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", Long.class);
		return (deadlocks != null) ? deadlocks : -1;
	}

	private static TraceRows stored(List<Record> records, int batch) {
		DATABASE.clear();
		TraceWriter writer = new TraceWriter(DATABASE.dataSource(), TraceWriting.config(WriteMethod.COPY, 0));
		try (writer) {
			for (int from = 0; from < records.size(); from += batch) {
				TraceWriting.write(writer, records.subList(from, from + batch));
				writer.flush();
			}
		}
		assertThat(TraceWriting.told(writer.writeStats())).isEqualTo(TraceWriting.allStored(records.size()));
		return TraceRows.stored(DATABASE.jdbc());
	}

}
