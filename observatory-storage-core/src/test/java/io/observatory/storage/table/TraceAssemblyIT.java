package io.observatory.storage.table;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.fault.Length;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.OnlyInSource;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * However the records of traces arrive, and whoever writes them, the same rows come of
 * it: those of {@link TraceModel}; and no transaction ever waits in a circle.
 */
@Tag("faults")
class TraceAssemblyIT {

	/** A multiple of four has every size of batch by both methods and in full size. */
	private static final int ORDERS = Length.of(20, 4);

	private static final Duration CONTENTION = Length.of(Duration.ofSeconds(10), Duration.ofSeconds(3));

	private static final Set<String> TELLING_RULES = Set.of("no correction", "spans not counted", "spans not recounted",
			"declared status ignored", "second declaration not recounted");

	private static final Database DATABASE = Database.get();

	private static List<Record> records = List.of();

	private static List<Record> fewerRecords = List.of();

	private static TraceRows expected = new TraceRows(Map.of(), Map.of());

	private long deadlocks;

	@BeforeAll
	static void generate() {
		records = TraceWriting.records();
		fewerRecords = TraceScenario.records(43, TraceWriting.TRACES / 5, 100);
		expected = TraceModel.of(records);
	}

	@AfterAll
	static void forget() {
		records = List.of();
		fewerRecords = List.of();
		expected = new TraceRows(Map.of(), Map.of());
	}

	@BeforeEach
	void clear() {
		DATABASE.clear();
		this.deadlocks = deadlocks();
	}

	/** The scenario would show little if it lost one of its peculiarities. */
	@Test
	void theScenarioHasTracesInEveryState() {
		Collection<Map<String, Object>> traces = expected.traces().values();
		assertThat(traces).hasSize(TraceWriting.TRACES)
			.anyMatch((trace) -> trace.get("span_count").equals(TraceWriting.LARGEST_TRACE))
			.anyMatch((trace) -> trace.get("span_count").equals(0))
			.anyMatch((trace) -> Boolean.FALSE.equals(trace.get("lead_is_root")) && trace.get("declared").equals(0))
			.anyMatch((trace) -> trace.get("end_time") == null && !trace.get("span_count").equals(0))
			.anyMatch((trace) -> ((String) trace.get("trace_id")).startsWith("order-"));
		assertThat(traces).extracting((trace) -> trace.get("declared"))
			.contains(0, 1, 3, 11, 1 | 4 | 16)
			.doesNotContain(31);
		assertThat(records).filteredOn(Trace.class::isInstance)
			.anyMatch((record) -> ((Trace) record).rootSpanName() != null
					&& ((Trace) record).rootSpanName().equals("loser"));
		assertThat(records.size()).isGreaterThan(expected.spans().size() * 3 / 2);
		assertThat(new HashSet<>(records)).hasSizeLessThan(records.size());
	}

	/** All traces by one way, half of the ways each; a fifth of them by the other. */
	static Stream<Arguments> orders() {
		return IntStream.range(0, ORDERS)
			.boxed()
			.flatMap((order) -> Stream.of(1, 2)
				.map((writers) -> Arguments.of(order, writers,
						(order / 2 % 2 == writers % 2) ? WriteMethod.COPY : WriteMethod.INSERT,
						(order % 2 == writers % 2) ? TraceWriting.TRACES : TraceWriting.TRACES / 5)));
	}

	/**
	 * The order, the write method, the size of the batches and the number of writers
	 * vary; the rows do not.
	 */
	@ParameterizedTest(name = "order {0}, {1} writers by {2}, {3} traces")
	@MethodSource("orders")
	void theRowsAreTheSameInEveryOrder(int order, int writers, WriteMethod method, int traces) throws Exception {
		List<Record> some = (traces == TraceWriting.TRACES) ? records : fewerRecords;
		List<Record> ordered = TraceScenario.inOrder(some, order);
		try (HikariDataSource dataSource = TraceWriting.pool(DATABASE.port())) {
			if (writers == 1) {
				writeAll(dataSource, TraceWriting.config(method, order), ordered);
			}
			else {
				writeByTwo(dataSource, method, order, ordered);
			}
		}
		assertRows((traces == TraceWriting.TRACES) ? expected : TraceModel.of(some));
	}

	private static void writeByTwo(DataSource dataSource, WriteMethod method, int order, List<Record> ordered)
			throws Exception {
		ExecutorService processes = Executors.newFixedThreadPool(2);
		try {
			List<Future<?>> both = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				int process = i;
				both.add(processes.submit(() -> writeAll(dataSource, TraceWriting.config(method, order + process),
						TraceScenario.share(ordered, order, process))));
			}
			for (Future<?> process : both) {
				process.get();
			}
		}
		finally {
			processes.shutdownNow();
		}
	}

	@ParameterizedTest
	@CsvSource({ "20, COPY", "21, INSERT", "22, AUTO" })
	void theRowsAreTheSameWhenAnotherProcessWritesTheRest(int order, WriteMethod method) throws Exception {
		List<Record> ordered = TraceScenario.inOrder(records, order);
		Process process = secondProcess(order, method);
		try (HikariDataSource dataSource = TraceWriting.pool(DATABASE.port());
				BufferedReader said = new BufferedReader(
						new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			assertThat(said.readLine()).isEqualTo("ready");
			process.getOutputStream().write('\n');
			process.getOutputStream().flush();
			writeAll(dataSource, TraceWriting.config(method, order), TraceScenario.share(ordered, order, 0));
			assertThat(said.readLine())
				.isEqualTo(TraceWriting.allStored(TraceScenario.share(ordered, order, 1).size()));
			assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).isZero();
		}
		finally {
			process.destroyForcibly();
		}
		assertRows(expected);
	}

	@ParameterizedTest
	@CsvSource({ "1, COPY", "2, INSERT", "3, COPY" })
	void aBatchSentAgainChangesNothing(int seed, WriteMethod method) {
		List<Record> some = TraceScenario.records(seed, 90, 60);
		List<Record> ordered = TraceScenario.inOrder(some, seed);
		TraceRows shall = TraceModel.of(some);
		int batch = 190;
		TraceWriter writer = new TraceWriter(DATABASE.dataSource(), TraceWriting.config(method, seed));
		try (writer) {
			for (int from = 0; from < ordered.size(); from += batch) {
				List<Record> sent = ordered.subList(from, Math.min(from + batch, ordered.size()));
				TraceWriting.write(writer, sent);
				writer.flush();
				TraceRows before = stored();
				TraceWriting.write(writer, sent);
				writer.flush();
				assertThat(stored().differencesTo(before)).as("batch at %d, sent again", from).isEmpty();
			}
			TraceWriting.write(writer, ordered);
		}
		assertThat(stored().differencesTo(shall)).isEmpty();
		assertThat(TraceWriting.told(writer.writeStats())).isEqualTo(TraceWriting.allStored(ordered.size() * 3));
	}

	@OnlyInSource
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void aSpanIdOfAnotherTraceIsPutAside(WriteMethod method) {
		Trace declared = Trace.builder()
			.traceId(Records.traceId(3))
			.serviceName("declared")
			.startTime(Records.START)
			.build();
		List<Record> own = List.of(Records.span(0, 10), Records.span(2, 20), declared);
		TraceWriter writer = new TraceWriter(DATABASE.dataSource(), TraceWriting.config(method, 0));
		try (writer) {
			TraceWriting.write(writer, own);
			writer.flush();
			// of traces unknown, with spans of its own, declared; each better than the
			// first
			for (int trace = 1; trace <= 3; trace++) {
				writer.writeSpan(later(Records.span(trace, 10)));
			}
			assertThat(writer.flush().deadLettered()).isEqualTo(3);
			TraceWriting.write(writer, List.of(later(Records.span(1, 10)), Records.span(4, 40)));
		}
		assertThat(
				stored().differencesTo(TraceModel.of(List.of(own.get(0), own.get(1), own.get(2), Records.span(4, 40)))))
			.isEmpty();
		assertThat(DATABASE.rows("SELECT DISTINCT table_name, constraint_name FROM observatory.dead_letters"))
			.containsExactly(Map.of("table_name", "trace_spans", "constraint_name", "idx_spans_span_id"));
		assertThat(DATABASE.count("dead_letters")).isEqualTo(4);
		assertThat(TraceWriting.told(writer.writeStats()))
			.isEqualTo("accepted 8 stored 4 deadLettered 4 dropped 0 buffered 0 inFlight 0");
	}

	@OnlyInSource
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void ofTwoTracesWithTheSameSpanIdsInOneBatchEachSpanHasOne(WriteMethod method) {
		int spans = 100;
		WriterConfig config = TraceWriting.config(method, 0)
			.toBuilder()
			.maxConcurrency(1)
			.batchSize(1000)
			.maxBatchRows(1000)
			.build();
		TraceWriter writer = new TraceWriter(DATABASE.dataSource(), config);
		try (writer) {
			for (int span = 0; span < spans; span++) {
				writer.writeSpans(List.of(Records.span(span, span), Records.span(span + 5000, span)));
			}
			writer.flush();
		}
		assertThat(writer.writeStats().batches()).isEqualTo(1);
		assertEachSpanIdOnce(spans);
		assertThat(TraceWriting.told(writer.writeStats()))
			.isEqualTo("accepted %d stored %d deadLettered %d dropped 0 buffered 0 inFlight 0".formatted(2 * spans,
					spans, spans));
	}

	/** Zipkin's B3: client and server of a call have one span id, in one trace. */
	@OnlyInSource
	@ParameterizedTest
	@CsvSource({ "COPY, 1", "COPY, 2", "INSERT, 1", "INSERT, 2" })
	void ofTwoSidesOfACallUnderOneIdTheSecondIsPutAside(WriteMethod method, int batches) {
		int calls = 40;
		TraceWriter writer = new TraceWriter(DATABASE.dataSource(),
				TraceWriting.config(method, 0)
					.toBuilder()
					.maxConcurrency(1)
					.batchSize(1000)
					.maxBatchRows(1000)
					.build());
		List<TraceSpan> clients = IntStream.range(0, calls).mapToObj((call) -> side(call, SpanKind.CLIENT)).toList();
		List<TraceSpan> servers = IntStream.range(0, calls).mapToObj((call) -> side(call, SpanKind.SERVER)).toList();
		try (writer) {
			writer.writeSpans(clients);
			if (batches == 2) {
				writer.flush();
			}
			writer.writeSpans(servers);
			assertThat(writer.flush().deadLettered()).isEqualTo(calls);
			// the same again, and corrected: still the same span
			writer.writeSpans(clients);
			writer.writeSpans(clients.stream().map(TraceAssemblyIT::renamed).toList());
			assertThat(writer.flush().deadLettered()).isZero();
		}
		assertThat(stored().differencesTo(TraceModel
			.of(Stream.<Record>concat(clients.stream(), clients.stream().map(TraceAssemblyIT::renamed)).toList())))
			.isEmpty();
		assertThat(DATABASE.rows("SELECT DISTINCT reason FROM observatory.dead_letters"))
			.containsExactly(Map.of("reason", "the span id belongs to a span of another kind in this trace"));
		assertThat(TraceWriting.told(writer.writeStats()))
			.isEqualTo("accepted %d stored %d deadLettered %d dropped 0 buffered 0 inFlight 0".formatted(4 * calls,
					3 * calls, calls));
	}

	private static TraceSpan side(int call, SpanKind kind) {
		Instant start = Records.START.plusMillis((kind == SpanKind.CLIENT) ? 0 : 500);
		return TraceSpan.builder()
			.traceId(Records.traceId(call / 3))
			.spanId(Records.spanId(call))
			.name(kind.text())
			.kind(kind)
			.serviceName("checkout")
			.startTime(start)
			.endTime(start.plusSeconds(1))
			.build();
	}

	private static TraceSpan renamed(TraceSpan span) {
		return TraceSpan.builder()
			.traceId(span.traceId())
			.spanId(span.spanId())
			.name("corrected")
			.kind(span.kind())
			.serviceName(span.serviceName())
			.startTime(span.startTime())
			.endTime(span.startTime().plusSeconds(2))
			.build();
	}

	@OnlyInSource
	@Test
	void ofTwoProcessesWithTheSameSpanIdsEachSpanHasOneTrace() throws Exception {
		int spans = 600;
		List<TraceWriter> writers = List.of(
				new TraceWriter(DATABASE.dataSource(), TraceWriting.config(WriteMethod.COPY, 0)),
				new TraceWriter(DATABASE.dataSource(), TraceWriting.config(WriteMethod.INSERT, 1)));
		ExecutorService processes = Executors.newFixedThreadPool(2);
		try {
			List<Future<?>> both = new ArrayList<>();
			for (int process = 0; process < 2; process++) {
				TraceWriter writer = writers.get(process);
				int base = process * 5000;
				both.add(processes.submit(() -> {
					try (writer) {
						for (int span = 0; span < spans; span++) {
							writer.writeSpan(Records.span(base + span / 3, span));
						}
					}
				}));
			}
			for (Future<?> process : both) {
				process.get();
			}
		}
		finally {
			processes.shutdownNow();
		}
		assertEachSpanIdOnce(spans);
		assertThat(writers.stream().mapToLong((writer) -> writer.writeStats().stored()).sum()).isEqualTo(spans);
		assertThat(writers).allSatisfy((writer) -> assertThat(writer.writeStats().accepted()).isEqualTo(spans)
			.isEqualTo(writer.writeStats().stored() + writer.writeStats().deadLettered()));
	}

	@Test
	void fourWritersOnTheSameKeysNeverDeadlock() throws Exception {
		List<Record> contended = contended();
		long end = System.nanoTime() + CONTENTION.toNanos();
		contend(contended, DATABASE.port(), null, () -> System.nanoTime() < end);
		assertThat(stored().differencesTo(TraceModel.of(contended))).isEmpty();
		assertNoDeadlocks();
	}

	/**
	 * Shows that the test above can fail: the same load with the order of the first
	 * merges lost.
	 */
	@Test
	@NotOn(value = Engine.CITUS, because = "the coordinator does not count deadlocks of the workers")
	void sabotageWithoutTheOrderOfKeysThereAreDeadlocks() throws Exception {
		List<Record> contended = contended();
		AtomicInteger merges = new AtomicInteger();
		contend(contended, DATABASE.port(), (sql) -> {
			String unordered = sql.replace("ORDER BY id\n    ON CONFLICT", "ORDER BY random()\n    ON CONFLICT");
			return (unordered.equals(sql) || merges.incrementAndGet() > 8) ? sql : unordered;
		}, () -> merges.get() < 8);
		TraceWriting.awaitStatistics(DATABASE.jdbc());
		assertThat(deadlocks()).isGreaterThan(this.deadlocks);
		assertThat(stored().differencesTo(TraceModel.of(contended))).as("a deadlock costs time, no rows").isEmpty();
	}

	static Stream<Arguments> brokenRules() {
		return Stream
			.of(Arguments.of("no correction", "WHERE t.span_id = s.span_id", "WHERE false AND t.span_id = s.span_id"),
					Arguments.of("any end wins", "coalesce(s.end_time, '-infinity')", "'infinity'::timestamptz"),
					Arguments.of("an open span has the latest end", "'-infinity'), t.start_time",
							"'infinity'), t.start_time"),
					Arguments.of("spans not counted", "span_count + excluded.span_count", "span_count + 1"),
					Arguments.of("spans not recounted", "span_count = s.spans", "span_count = t.span_count"),
					Arguments.of("start of the last batch", "least(t.start_time, excluded.start_time)",
							"excluded.start_time"),
					Arguments.of("end of the first batch", "greatest(t.end_time, excluded.end_time)", "t.end_time"),
					Arguments.of("status of the first batch",
							"least(t.status COLLATE \"C\", excluded.status COLLATE \"C\")", "t.status"),
					Arguments.of("roots do not lead", "(NOT excluded.lead_is_root, excluded.lead_start",
							"(false, excluded.lead_start"),
					Arguments.of("the greatest id leads", "p.span_id COLLATE \"C\"", "p.span_id COLLATE \"C\" DESC"),
					Arguments.of("status not recounted", "coalesce(s.status, 'unset')", "t.status"),
					Arguments.of("declared end ignored", "t.declared & 2 <> 0", "false"),
					Arguments.of("declared status ignored", "t.declared & 4 <> 0", "false"),
					Arguments.of("declared root ignored", "t.declared & 8 <> 0", "false"),
					Arguments.of("declared resource ignored", "t.declared & 16 <> 0", "false"),
					Arguments.of("second declaration not recounted", "WHERE existed AND", "WHERE false AND"),
					Arguments.of("first declaration wins", "t.declared = 0 OR (", "t.declared = 0 OR false AND ("))
			.filter((rule) -> Length.isFull() || TELLING_RULES.contains(rule.get()[0]));
	}

	/**
	 * Shows that the comparison with the model can fail: one rule broken at a time; in
	 * short, a few of them.
	 */
	@ParameterizedTest(name = "{0}")
	@MethodSource("brokenRules")
	void sabotageOfARuleShowsInTheRows(String rule, String sql, String broken) {
		List<Record> some = TraceScenario.records(7, 91, 30);
		List<Record> ordered = TraceScenario.inOrder(some, 0);
		RewritingDataSource dataSource = new RewritingDataSource(TraceWriting.pool(DATABASE.port()),
				(statement) -> statement.replace(sql, broken));
		TraceWriter writer = new TraceWriter(dataSource,
				TraceWriting.config(WriteMethod.COPY, 0)
					.toBuilder()
					.maxConcurrency(1)
					.synchronousCommit(false)
					.build());
		try (writer) {
			// small batches, so that spans are added to traces that are there
			for (int from = 0; from < ordered.size(); from += 12) {
				TraceWriting.write(writer, ordered.subList(from, Math.min(from + 12, ordered.size())));
				writer.flush();
			}
		}
		finally {
			dataSource.close();
		}
		assertThat(dataSource.rewritten()).as(rule).isPositive();
		assertThat(stored().differencesTo(TraceModel.of(some))).as(rule).isNotEmpty();
		assertThat(TraceWriting.told(writer.writeStats())).isEqualTo(TraceWriting.allStored(some.size()));
	}

	private static TraceSpan later(TraceSpan span) {
		return TraceSpan.builder()
			.traceId(span.traceId())
			.spanId(span.spanId())
			.name("usurper")
			.serviceName("usurper")
			.startTime(span.startTime().minusSeconds(60))
			.endTime(Records.START.plusSeconds(60))
			.status(Status.ERROR)
			.build();
	}

	/** 300 traces, each declared, with two versions of each of three spans. */
	private static List<Record> contended() {
		List<Record> contended = new ArrayList<>();
		for (int trace = 0; trace < 300; trace++) {
			contended.add(Trace.builder()
				.traceId(Records.traceId(trace))
				.serviceName("front")
				.startTime(Records.START)
				.build());
			for (int span = 0; span < 3; span++) {
				TraceSpan.Builder version = TraceSpan.builder()
					.traceId(Records.traceId(trace))
					.spanId(Records.spanId(trace * 3L + span))
					.name("work")
					.serviceName("checkout")
					.startTime(Records.START.plusMillis(span));
				contended.add(version.build());
				contended.add(version.endTime(Records.START.plusMillis(100 + span)).status(Status.OK).build());
			}
		}
		return contended;
	}

	/**
	 * Lets four writers, each with one slot so that a batch spans all keys, write all
	 * records in ever new orders, at least twice each.
	 */
	private void contend(List<Record> contended, int port, UnaryOperator<String> rewriting, BooleanSupplier goOn)
			throws Exception {
		int writers = 4;
		WriterConfig config = TraceWriting.config(WriteMethod.AUTO, 0)
			.toBuilder()
			.maxConcurrency(1)
			.batchSize(700)
			.maxBatchRows(700)
			.build();
		ExecutorService threads = Executors.newFixedThreadPool(writers);
		CountDownLatch start = new CountDownLatch(1);
		try (HikariDataSource pool = TraceWriting.pool(port)) {
			DataSource dataSource = (rewriting != null) ? new RewritingDataSource(pool, rewriting) : pool;
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < writers; i++) {
				Random random = new Random(i);
				running.add(threads.submit(() -> {
					List<Record> mine = new ArrayList<>(contended);
					TraceWriter writer = new TraceWriter(dataSource, config);
					long sent = 0;
					try (writer) {
						start.await();
						while (goOn.getAsBoolean() || sent < 2L * mine.size()) {
							Collections.shuffle(mine, random);
							TraceWriting.write(writer, mine);
							flush(writer);
							sent += mine.size();
						}
					}
					assertThat(TraceWriting.told(writer.writeStats())).isEqualTo(TraceWriting.allStored((int) sent));
					return null;
				}));
			}
			start.countDown();
			for (Future<?> thread : running) {
				thread.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	/** Of many deadlocks in a row a flush tells; the batch is kept and sent again. */
	private static void flush(TraceWriter writer) {
		try {
			writer.flush();
		}
		catch (StorageException ex) {
			assertThat(ex.sqlState()).isEqualTo("40P01");
		}
	}

	private Process secondProcess(int order, WriteMethod method) throws Exception {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-Duser.timezone=Asia/Kathmandu", "-cp",
				System.getProperty("java.class.path"), SecondProcess.class.getName(), String.valueOf(DATABASE.port()),
				String.valueOf(order), method.name())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private void assertRows(TraceRows expected) {
		assertThat(stored().differencesTo(expected)).isEmpty();
		assertThat(DATABASE.count("dead_letters")).isZero();
		assertNoDeadlocks();
	}

	private void assertNoDeadlocks() {
		TraceWriting.awaitStatistics(DATABASE.jdbc());
		assertThat(deadlocks()).isEqualTo(this.deadlocks);
	}

	private static void assertEachSpanIdOnce(int spans) {
		TraceRows stored = stored();
		assertThat(stored.spans()).hasSize(spans);
		assertThat(stored.traces().keySet()).as("no trace without a span, no span without its trace")
			.containsExactlyInAnyOrderElementsOf(
					stored.spans().values().stream().map((span) -> span.get("trace_id")).distinct().toList());
		assertThat(stored.traces().values().stream().mapToInt((trace) -> (Integer) trace.get("span_count")).sum())
			.isEqualTo(spans);
		assertThat(DATABASE.count("dead_letters")).isEqualTo(spans);
	}

	private static TraceRows stored() {
		return TraceRows.stored(DATABASE.jdbc());
	}

	private static long deadlocks() {
		Long deadlocks = DATABASE.jdbc()
			.queryForObject("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", Long.class);
		return (deadlocks != null) ? deadlocks : -1;
	}

	private static void writeAll(DataSource dataSource, WriterConfig config, List<Record> records) {
		TraceWriter writer = new TraceWriter(dataSource, config);
		ExecutorService producers = Executors.newFixedThreadPool(3);
		try (writer) {
			List<Future<?>> running = new ArrayList<>();
			for (int producer = 0; producer < 3; producer++) {
				int first = producer;
				running.add(producers.submit(() -> TraceWriting.write(writer,
						IntStream.range(0, records.size())
							.filter((i) -> i % 3 == first)
							.mapToObj(records::get)
							.toList())));
			}
			for (Future<?> producer : running) {
				producer.get();
			}
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
		finally {
			producers.shutdownNow();
		}
		assertThat(TraceWriting.told(writer.writeStats())).isEqualTo(TraceWriting.allStored(records.size()));
	}

}
