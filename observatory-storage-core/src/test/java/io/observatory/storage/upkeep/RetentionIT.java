package io.observatory.storage.upkeep;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.stats.FlushResult;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.table.Layout;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.PastDays;
import io.observatory.storage.testing.Records;
import io.observatory.storage.upkeep.Retention.Removed;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What is too old goes, all of it and nothing else, whatever is going on beside it. In a
 * schema of its own, as other tests' records are of one day.
 */
@Timeout(60)
class RetentionIT {

	private static final String SCHEMA = "ageing";

	private static final Duration WEEK = Duration.ofDays(7);

	private static final int MONTH = 31;

	private static final int FEW_DAYS = 9;

	/** Three append tables, and the spans where they are kept so. */
	private static final int TABLES_BY_DAY = (Database.LAYOUT == Layout.SOURCE) ? 3 : 4;

	private static final Database DATABASE = Database.get();

	private final JdbcTemplate jdbc = DATABASE.jdbc();

	private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

	private int records;

	@BeforeAll
	static void migrate() {
		Database.migrate(DATABASE.dataSource(), SCHEMA);
	}

	@BeforeEach
	void clear() {
		this.jdbc.execute("DELETE FROM ageing.trace_spans; DELETE FROM ageing.traces; DELETE FROM ageing.dead_letters; "
				+ "DELETE FROM ageing.logs; DELETE FROM ageing.metric_data_points; DELETE FROM ageing.trace_events; "
				+ "DELETE FROM ageing.scores");
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "it counts partitions, of which there are none without rows")
	void ofAMonthExactlyWhatIsOlderThanAWeekIsGone() {
		PastDays.make(this.jdbc, SCHEMA, MONTH);
		List<TraceSpan> spans = new ArrayList<>();
		List<TraceEvent> events = new ArrayList<>();
		List<Score> scores = new ArrayList<>();
		List<LogRecord> logs = new ArrayList<>();
		List<MetricDataPoint> points = new ArrayList<>();
		Set<UUID> letters = new HashSet<>();
		for (int hours = 1; hours < MONTH * 24; hours += 7) {
			Instant time = this.now.minus(Duration.ofHours(hours));
			TraceSpan root = span(hours, time, time.plusSeconds(5));
			spans.addAll(List.of(root, span(hours, time.plusSeconds(1), null)));
			events.add(TraceEvent.builder()
				.traceId(root.traceId())
				.spanId(root.spanId())
				.name("e")
				.timestamp(time)
				.build());
			scores.add(Records.score(hours).toBuilder().timestamp(time).build());
			logs.add(log(time));
			points.add(point(time));
			UUID letter = letter(time);
			if (isYoung(time)) {
				letters.add(letter);
			}
		}
		write(spans, events, logs, points);
		try (TraceWriter writer = traces(null)) {
			writer.writeScores(scores);
		}

		Retention one = retention(WEEK);
		Retention other = retention(WEEK);
		CompletableFuture.allOf(CompletableFuture.runAsync(one::run), CompletableFuture.runAsync(other::run)).join();
		// of one table's days each may have thought that the other is at it
		Retention next = retention(WEEK);
		next.run();

		Set<String> young = new HashSet<>();
		spans.stream().filter((span) -> isOfAYoungTrace(span.startTime())).forEach((span) -> young.add(span.traceId()));
		assertThat(ids("traces")).containsExactlyInAnyOrderElementsOf(young.stream().map(Ids::trace).toList());
		assertThat(ids("trace_spans")).containsExactlyInAnyOrderElementsOf(
				spans.stream().filter((span) -> young.contains(span.traceId())).map(TraceSpan::id).toList());
		assertThat(ids("trace_events")).containsExactlyInAnyOrderElementsOf(
				events.stream().filter((event) -> isOfAYoungDay(event.timestamp())).map(TraceEvent::id).toList());
		assertThat(this.jdbc.queryForList("SELECT value::int FROM ageing.scores", Integer.class))
			.containsExactlyInAnyOrderElementsOf(scores.stream()
				.filter((score) -> isYoung(score.timestamp()))
				.map((score) -> score.value().intValue())
				.toList());
		assertThat(ids("logs")).containsExactlyInAnyOrderElementsOf(
				logs.stream().filter((log) -> isOfAYoungDay(log.timestamp())).map(LogRecord::id).toList());
		assertThat(ids("metric_data_points")).containsExactlyInAnyOrderElementsOf(
				points.stream().filter((point) -> isOfAYoungDay(point.timestamp())).map(MetricDataPoint::id).toList());
		assertThat(ids("dead_letters")).containsExactlyInAnyOrderElementsOf(letters);
		assertThat(ids("metrics")).as("the catalog stays").isNotEmpty();
		assertWhole();
		Removed both = one.removed();
		assertThat(both.spans() + other.removed().spans() + next.removed().spans())
			.isEqualTo(spans.size() - 2L * young.size());
		assertThat(both.days() + other.removed().days() + next.removed().days()).isEqualTo(TABLES_BY_DAY * (MONTH - 7));
	}

	@Test
	void aTraceIsAsOldAsTheNewestEndOfAllItHas() {
		Instant old = this.now.minus(Duration.ofDays(20));
		Instant young = this.now.minus(Duration.ofDays(1));
		List<Trace> declared = List.of(trace(1, old, null), trace(2, old, old.plusSeconds(9)), trace(3, old, young),
				trace(4, old, old.plusSeconds(9)));
		List<TraceSpan> spans = List.of(span(4, young, young.plusSeconds(1)), span(5, old, young), span(6, old, null),
				span(6, young, null), span(7, old, null), span(8, old, old.plusSeconds(1)));
		try (TraceWriter writer = traces(null)) {
			writer.writeTraces(declared);
			writer.writeSpans(spans);
			writer.flush();
		}
		retention(WEEK).run();
		assertThat(ids("traces")).containsExactlyInAnyOrder(traceId(3), traceId(4), traceId(5), traceId(6));
		assertThat(ids("trace_spans")).containsExactlyInAnyOrder(spans.get(0).id(), spans.get(1).id(),
				spans.get(2).id(), spans.get(3).id());
		assertWhole();
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "spans of a day of their own go with it, see SpansByDayIT")
	void spansThatComeForATraceThatIsBeingDeletedAreAllThere() {
		int traces = 150;
		int before = 40;
		Instant old = this.now.minus(Duration.ofDays(20));
		writeOld(traces, 4, old);
		long deadlocks = deadlocks();
		List<TraceSpan> young = new ArrayList<>();
		for (int i = 0; i < traces; i++) {
			young.add(span(i, this.now.minusSeconds(60), this.now.minusSeconds(1)));
		}
		Collections.shuffle(young, new Random(7));
		AtomicInteger deleted = new AtomicInteger();
		WriterConfig config = WriterConfig.traces().schema(SCHEMA).batchSize(10).maxBatchRows(20).build();
		try (TraceWriter copying = new TraceWriter(DATABASE.dataSource(),
				config.toBuilder().batchSize(70).maxBatchRows(90).build());
				TraceWriter inserting = new TraceWriter(DATABASE.dataSource(), config)) {
			copying.writeSpans(young.subList(0, before));
			copying.flush();
			CompletableFuture<Void> written = new CompletableFuture<>();
			CompletableFuture<Void> deleting = CompletableFuture.runAsync(() -> {
				while (!written.isDone()) {
					deleted.addAndGet(deleteAll(20));
				}
				deleted.addAndGet(deleteAll(20));
			});
			Awaitility.await().until(() -> deleted.get() > 0 || deleting.isDone());
			for (int i = before; i < traces; i++) {
				((i % 2 == 0) ? copying : inserting).writeSpan(young.get(i));
			}
			copying.flush();
			inserting.flush();
			written.complete(null);
			deleting.join();
			for (WriteStats stats : List.of(copying.writeStats(), inserting.writeStats())) {
				assertThat(stats.stored()).isEqualTo(stats.accepted());
				assertThat(stats.retries()).as("attempts that failed").isZero();
			}
		}
		assertThat(ids("trace_spans")).containsAll(young.stream().map(TraceSpan::id).toList());
		assertThat(ids("traces")).hasSize(traces);
		assertWhole();
		assertThat(deleted.get()).as("the deletion met the writers").isBetween(1, traces - before);
		assertThat(deadlocks()).isEqualTo(deadlocks);
	}

	/** A few spans go as parameters, more by COPY, which checks the foreign key. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 5 })
	@NotOn(value = Engine.CITUS, because = "a worker's locks are not seen on the coordinator")
	@NotOn(value = Engine.TIMESCALEDB, because = "spans of a day of their own go with it, see SpansByDayIT")
	void aWriterThatMeetsATraceJustBeingDeletedWaitsAndInsertsItAnew(int spansEach) throws SQLException {
		int traces = 20;
		writeOld(traces, 3, this.now.minus(Duration.ofDays(20)));
		List<TraceSpan> young = new ArrayList<>();
		for (int i = 0; i < traces * spansEach; i++) {
			young.add(span(i % traces, this.now.minusSeconds(60), this.now.minusSeconds(1)));
		}
		try (TraceWriter writer = traces(null); Connection deleting = DATABASE.dataSource().getConnection()) {
			deleting.setAutoCommit(false);
			deleting.createStatement().execute("SELECT ageing.delete_traces(now() - interval '7 days')");
			writer.writeSpans(young);
			CompletableFuture<FlushResult> flush = writer.flushAsync();
			Awaitility.await()
				.until(() -> this.jdbc.queryForObject("SELECT count(*) FROM pg_locks WHERE NOT granted",
						Long.class) > 0);
			deleting.commit();
			assertThat(flush.join().stored()).isEqualTo(young.size());
			assertThat(writer.writeStats().retries()).as("attempts that failed").isZero();
		}
		assertThat(ids("trace_spans")).containsExactlyInAnyOrderElementsOf(young.stream().map(TraceSpan::id).toList());
		assertThat(ids("traces")).hasSize(traces);
		assertWhole();
	}

	@Test
	@NotOn(value = Engine.CITUS, because = "a distributed table has no triggers")
	@NotOn(value = Engine.TIMESCALEDB, because = "spans of a day of their own go with it, see SpansByDayIT")
	void aSessionThatIsKilledInTheMiddleLeavesTheTracesWhole() {
		writeOld(50, 5, this.now.minus(Duration.ofDays(20)));
		this.jdbc.execute("""
				CREATE FUNCTION ageing.dawdle() RETURNS trigger LANGUAGE plpgsql AS
				    'BEGIN PERFORM pg_sleep(30); RETURN NULL; END';
				CREATE TRIGGER dawdle AFTER DELETE ON ageing.trace_spans EXECUTE FUNCTION ageing.dawdle()""");
		Retention retention = retention(WEEK);
		try {
			CompletableFuture<Void> run = CompletableFuture.runAsync(retention::run);
			Awaitility.await().until(this::killWhoeverDawdles);
			assertThatThrownBy(run::join).hasCauseInstanceOf(StorageException.class);
		}
		finally {
			this.jdbc.execute("DROP FUNCTION ageing.dawdle() CASCADE");
		}
		assertThat(rows(retention)).isEqualTo(Removed.NOTHING);
		assertThat(ids("traces")).hasSize(50);
		assertThat(ids("trace_spans")).hasSize(250);
		assertWhole();
		retention.run();
		assertThat(rows(retention)).isEqualTo(new Removed(50, 250, 0, 0));
		assertThat(ids("trace_spans")).isEmpty();
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "spans of a day of their own go with it, see SpansByDayIT")
	void aTraceOfMoreSpansThanABatchGoesInPiecesAndIsRightAfterEach() {
		writeOld(1, 250, this.now.minus(Duration.ofDays(20)));
		List<Integer> pieces = new ArrayList<>();
		while (!ids("traces").isEmpty()) {
			pieces.add(this.jdbc.queryForObject("SELECT deleted_spans FROM ageing.delete_traces(now(), 100)",
					Integer.class));
			assertWhole();
		}
		assertThat(pieces).containsExactly(100, 100, 50);
	}

	@Test
	void aLargeTraceThatGoesOnStaysWholeUnlessItIsHuge() {
		writeOld(1, 250, this.now.minus(Duration.ofDays(20)));
		TraceSpan young = span(0, this.now.minusSeconds(60), null);
		try (TraceWriter writer = traces(null)) {
			writer.writeSpan(young);
			writer.flush();
		}
		Instant cutoff = this.now.minus(WEEK);
		assertThat(deleteAll(cutoff, 100)).isZero();
		assertThat(ids("trace_spans")).hasSize(251);
		assertWhole();

		int uncounted = 100_001 - 251;
		this.jdbc.update("UPDATE ageing.traces SET span_count = span_count + ?", uncounted);
		deleteAll(cutoff, 100);
		// where spans are kept by day, they were counted anew
		this.jdbc.update("UPDATE ageing.traces SET span_count = span_count - ? WHERE span_count > ?", uncounted,
				uncounted);
		assertThat(ids("trace_spans")).contains(young.id()).hasSizeLessThan(251);
		assertWhole();
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB,
			because = "there is a chunk for the day of the locked trace, and drop_spans gives it up for this run")
	void whatIsLockedIsLeftToTheNextRunAndNotWaitedFor() throws SQLException {
		writeOld(20, 3, this.now.minus(Duration.ofDays(20)));
		UUID letter = letter(this.now.minus(Duration.ofDays(20)));
		letter(this.now.minus(Duration.ofDays(20)));
		UUID trace = Ids.trace(Records.traceId(7));
		try (Connection connection = DATABASE.dataSource().getConnection()) {
			connection.setAutoCommit(false);
			lock(connection, "traces", trace);
			lock(connection, "dead_letters", letter);
			long begun = System.nanoTime();
			Retention retention = retention(WEEK);
			retention.run();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
			assertThat(rows(retention)).isEqualTo(new Removed(19, 57, 1, 0));
			assertThat(ids("traces")).containsExactly(trace);
			assertThat(ids("dead_letters")).containsExactly(letter);
			assertWhole();
			connection.rollback();
		}
		retention(WEEK).run();
		assertThat(ids("traces")).isEmpty();
		assertThat(ids("dead_letters")).isEmpty();
	}

	@Test
	void ofTwoThatMeetOneGoesOn() throws SQLException {
		writeOld(3, 2, this.now.minus(Duration.ofDays(20)));
		Retention retention = retention(WEEK);
		try (Connection other = DATABASE.dataSource().getConnection()) {
			other.setAutoCommit(false);
			other.createStatement().execute("SELECT ageing.delete_traces(now() - interval '30 days')");
			retention.run();
			assertThat(rows(retention)).isEqualTo(Removed.NOTHING);
			other.rollback();
		}
		retention.run();
		assertThat(rows(retention)).isEqualTo(new Removed(3, 6, 0, 0));
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "a row does not move to another chunk")
	void eachCallGoesOnBehindWhatTheOneBeforeItLeft() {
		writeOld(5, 1, this.now.minus(Duration.ofDays(20)));
		this.jdbc.update("UPDATE ageing.trace_spans SET start_time = now() WHERE trace_id = ?", traceId(0));
		List<Object> deleted = new ArrayList<>();
		var call = this.jdbc.queryForMap("SELECT * FROM ageing.delete_traces(now() - interval '7 days', 2)");
		while (call.get("after_start") != null) {
			deleted.add(call.get("deleted_traces"));
			assertThat(deleted).hasSizeLessThanOrEqualTo(5);
			call = this.jdbc.queryForMap("SELECT * FROM ageing.delete_traces(now() - interval '7 days', 2, ?, ?)",
					call.get("after_start"), call.get("after_id"));
		}
		assertThat(deleted).containsExactlyInAnyOrder(0, 1, 1, 1, 1);
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "it counts partitions, of which there are none without rows")
	void aLongQueryHoldsUpItsOwnTableAlone() throws SQLException {
		PastDays.make(this.jdbc, SCHEMA, FEW_DAYS);
		Instant old = this.now.minus(Duration.ofDays(9));
		writeOld(3, 2, old);
		write(List.of(), List.of(), List.of(log(old)), List.of(point(old)));
		Retention retention = retention(WEEK);
		try (Connection reader = DATABASE.dataSource().getConnection()) {
			reader.setAutoCommit(false);
			reader.createStatement().execute("SELECT count(*) FROM ageing.logs");
			long begun = System.nanoTime();
			assertThatThrownBy(retention::run).isInstanceOf(StorageException.class)
				.hasMessageContaining("drop_partitions failed: a lock was not free in time")
				.satisfies((failure) -> assertThat(((StorageException) failure).isRetryable()).isTrue());
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
			assertThat(retention.removed()).isEqualTo(new Removed(3, 6, 0, (TABLES_BY_DAY - 1) * (FEW_DAYS - 7)));
			assertThat(ids("logs")).hasSize(1);
			reader.rollback();
		}
		retention.run();
		assertThat(ids("logs")).isEmpty();
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "spans of a day of their own go with it, see SpansByDayIT")
	void anInterruptEndsARunAfterItsBatch() throws InterruptedException {
		writeOld(300, 3, this.now.minus(Duration.ofDays(20)));
		Retention retention = retention(WEEK);
		Thread thread = new Thread(retention::run);
		thread.start();
		Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> retention.removed().traces() > 0);
		thread.interrupt();
		thread.join(TimeUnit.SECONDS.toMillis(10));
		assertThat(thread.isAlive()).isFalse();
		assertThat(retention.removed().traces()).isLessThan(300);
		assertWhole();
	}

	@Test
	void whatIsNotSetIsKept() {
		Instant old = this.now.minus(Duration.ofDays(20));
		writeOld(2, 2, old);
		letter(old);
		write(List.of(), List.of(), List.of(log(old)), List.of(point(old)));
		Retention lettersOnly = new Retention(DATABASE.dataSource(), SCHEMA,
				new RetentionPeriods(null, null, null, WEEK));
		lettersOnly.run();
		assertThat(lettersOnly.removed()).isEqualTo(new Removed(0, 0, 1, 0));
		assertThat(ids("traces")).hasSize(2);
		assertThat(ids("metric_data_points")).hasSize(1);
		assertThat(ids("logs")).hasSize(1);
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "it counts partitions, of which there are none without rows")
	void whatIsTooOldDoesNotComeInAndNothingLandsBeforeTheFirstDay() {
		PastDays.make(this.jdbc, SCHEMA, FEW_DAYS);
		retention(WEEK).run();
		Instant old = this.now.minus(WEEK).minusSeconds(60);
		Instant young = this.now.minus(WEEK).plusSeconds(60);
		try (LogWriter logs = new LogWriter(DATABASE.dataSource(),
				WriterConfig.logs().schema(SCHEMA).retention(WEEK).build());
				MetricWriter metrics = new MetricWriter(DATABASE.dataSource(),
						WriterConfig.metrics().schema(SCHEMA).retention(WEEK).build());
				TraceWriter traces = traces(WEEK)) {
			LogRecord kept = log(young);
			logs.writeLogs(List.of(log(old), kept, log(old)));
			logs.writeLog(log(old));
			logs.flush();
			assertExpired(logs.writeStats(), 1, 3);
			assertThat(ids("logs")).containsExactly(kept.id());

			metrics.write(List.of(Records.metric("requests")), List.of(point(old), point(young)));
			metrics.flush();
			assertExpired(metrics.writeStats(), 2, 1);

			traces.writeTraces(List.of(trace(1, old, null), trace(2, old, young)));
			TraceSpan ended = span(3, old, young);
			traces.writeSpans(List.of(ended, span(4, old, old.plusSeconds(1)), span(5, old, null)));
			traces.writeEvent(TraceEvent.builder()
				.traceId(ended.traceId())
				.spanId(ended.spanId())
				.name("e")
				.timestamp(old)
				.build());
			traces.flush();
			assertExpired(traces.writeStats(), 2, 4);
			assertThat(ids("traces")).containsExactlyInAnyOrder(traceId(2), traceId(3));
		}
		assertThat(this.jdbc.queryForObject(
				"""
						SELECT (SELECT count(*) FROM ageing.logs_before) + (SELECT count(*) FROM ageing.metric_data_points_before)
						+ (SELECT count(*) FROM ageing.trace_events_before)""",
				Long.class))
			.isZero();
	}

	/** A process that starts anew brings new ones. */
	@Test
	void metricsGoWithTheirLastPoint() {
		try (MetricWriter writer = new MetricWriter(DATABASE.dataSource(),
				WriterConfig.metrics().schema(SCHEMA).build())) {
			writer.write(List.of(Records.metric("gone"), Records.metric("requests"), Records.metric("told.just.now")),
					List.of(point(Instant.now())));
			writer.flush();
		}
		this.jdbc.update("UPDATE " + SCHEMA + ".metrics SET updated_at = now() - interval '8 days' "
				+ "WHERE name <> 'told.just.now'");
		retention(WEEK).run();
		assertThat(this.jdbc.queryForList("SELECT name FROM " + SCHEMA + ".metrics", String.class))
			.contains("requests", "told.just.now")
			.doesNotContain("gone");
	}

	private static void assertExpired(WriteStats stats, long stored, long expired) {
		assertThat(stats.stored()).isEqualTo(stored);
		assertThat(stats.dropped()).containsEntry(DropReason.EXPIRED, expired);
		assertThat(stats.accepted()).isEqualTo(stored + expired);
		assertThat(stats.refused()).isZero();
	}

	/** Without the days, of which another test may have left some. */
	private static Removed rows(Retention retention) {
		Removed removed = retention.removed();
		return new Removed(removed.traces(), removed.spans(), removed.deadLetters(), 0);
	}

	/** No trace without all of its spans, no span without its trace. */
	private void assertWhole() {
		assertThat(this.jdbc.queryForList(
				"""
						SELECT t.trace_id FROM ageing.traces t
						LEFT JOIN (SELECT trace_id, count(*) AS spans FROM ageing.trace_spans GROUP BY trace_id) s ON s.trace_id = t.id
						WHERE t.span_count <> coalesce(s.spans, 0)""",
				String.class))
			.isEmpty();
		assertThat(this.jdbc.queryForList("""
				SELECT id FROM ageing.trace_spans s
				WHERE NOT EXISTS (SELECT FROM ageing.traces t WHERE t.id = s.trace_id)""", UUID.class)).isEmpty();
	}

	private boolean killWhoeverDawdles() {
		return !this.jdbc
			.queryForList("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
			.isEmpty();
	}

	private static void lock(Connection connection, String table, UUID id) throws SQLException {
		connection.createStatement().execute("SELECT 1 FROM ageing.%s WHERE id = '%s' FOR UPDATE".formatted(table, id));
	}

	/** Without pauses, and returns how many traces. */
	private int deleteAll(int maxRows) {
		return deleteAll(this.now.minus(WEEK), maxRows);
	}

	private int deleteAll(Instant olderThan, int maxRows) {
		int traces = 0;
		int spans = 1;
		while (spans > 0) {
			var deleted = this.jdbc.queryForMap("SELECT * FROM ageing.delete_traces(?, ?)", Timestamp.from(olderThan),
					maxRows);
			traces += (int) deleted.get("deleted_traces");
			spans = (int) deleted.get("deleted_spans");
		}
		return traces;
	}

	private long deadlocks() {
		Long deadlocks = this.jdbc
			.queryForObject("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", Long.class);
		return (deadlocks != null) ? deadlocks : -1;
	}

	private boolean isYoung(Instant time) {
		return !time.isBefore(this.now.minus(WEEK));
	}

	/** A trace goes by itself, or with its day. */
	private boolean isOfAYoungTrace(Instant time) {
		return (Database.LAYOUT == Layout.SOURCE) ? isYoung(time) : isOfAYoungDay(time);
	}

	/** Days go as a whole. */
	private boolean isOfAYoungDay(Instant time) {
		return time.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)).isAfter(this.now.minus(WEEK));
	}

	private List<UUID> ids(String table) {
		return this.jdbc.queryForList("SELECT id FROM ageing." + table, UUID.class);
	}

	private Retention retention(Duration period) {
		return new Retention(DATABASE.dataSource(), SCHEMA, new RetentionPeriods(period, period, period, period));
	}

	private static TraceWriter traces(@Nullable Duration retention) {
		return new TraceWriter(DATABASE.dataSource(),
				WriterConfig.traces().schema(SCHEMA).retention(retention).build());
	}

	private void write(List<TraceSpan> spans, List<TraceEvent> events, List<LogRecord> logs,
			List<MetricDataPoint> points) {
		try (TraceWriter traceWriter = traces(null);
				LogWriter logWriter = new LogWriter(DATABASE.dataSource(), WriterConfig.logs().schema(SCHEMA).build());
				MetricWriter metricWriter = new MetricWriter(DATABASE.dataSource(),
						WriterConfig.metrics().schema(SCHEMA).build())) {
			traceWriter.writeSpans(spans);
			traceWriter.writeEvents(events);
			logWriter.writeLogs(logs);
			Metric metric = Records.metric("requests");
			metricWriter.write(List.of(metric), points);
			traceWriter.flush();
			logWriter.flush();
			metricWriter.flush();
		}
	}

	private void writeOld(int traces, int spansEach, Instant start) {
		List<TraceSpan> spans = new ArrayList<>();
		for (int trace = 0; trace < traces; trace++) {
			for (int i = 0; i < spansEach; i++) {
				// some traces begin at the very same moment
				spans.add(span(trace, start.plusSeconds(trace / 3), start.plusSeconds(trace / 3 + 1)));
			}
		}
		write(spans, List.of(), List.of(), List.of());
	}

	private UUID letter(Instant failedAt) {
		UUID id = UUID.randomUUID();
		this.jdbc.update("INSERT INTO ageing.dead_letters (id, table_name, row_format, row_bytes, reason, failed_at) "
				+ "VALUES (?, 'logs', 1, '', 'test', ?)", id, Timestamp.from(failedAt));
		return id;
	}

	private static UUID traceId(int trace) {
		return Ids.trace(Records.traceId(trace));
	}

	private static Trace trace(int trace, Instant start, @Nullable Instant end) {
		return Trace.builder()
			.traceId(Records.traceId(trace))
			.serviceName("checkout")
			.startTime(start)
			.endTime(end)
			.status(Status.OK)
			.build();
	}

	private TraceSpan span(int trace, Instant start, @Nullable Instant end) {
		return TraceSpan.builder()
			.traceId(Records.traceId(trace))
			.spanId(Records.spanId(this.records++))
			.name("chat")
			.serviceName("checkout")
			.startTime(start)
			.endTime(end)
			.build();
	}

	private static LogRecord log(Instant time) {
		return LogRecord.builder().timestamp(time).serviceName("checkout").body("hello").build();
	}

	private static MetricDataPoint point(Instant time) {
		return MetricDataPoint.builder()
			.metricName("requests")
			.serviceName("checkout")
			.timestamp(time)
			.value(1.0)
			.build();
	}

}
