package io.observatory.storage.upkeep;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.PastDays;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Days of spans go as a whole, and no trace that is still there loses a span with them.
 */
@EnabledIfSystemProperty(named = Database.LAYOUT_PROPERTY, matches = "partitioned")
class SpansByDayIT {

	private static final String SCHEMA = "spans_by_day";

	private static final Duration WEEK = Duration.ofDays(7);

	private static final int DAYS = 12;

	private final Database database = Database.get();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

	private final Instant old = this.now.minus(Duration.ofDays(10));

	private final Instant young = this.now.minus(Duration.ofDays(1));

	@BeforeEach
	void migrate() {
		this.jdbc.execute("DROP SCHEMA IF EXISTS spans_by_day CASCADE");
		Database.migrate(this.database.dataSource(), SCHEMA);
		PastDays.make(this.jdbc, SCHEMA, DAYS);
	}

	@Test
	void whatBelongsToALivingTraceMovesBeforeTheFirstDay() {
		write(span(1, 1, this.old, this.old.plusSeconds(1)), span(1, 2, this.young, null), span(2, 3, this.old, null),
				span(3, 4, this.old, this.young), span(4, 5, this.old, null), span(4, 6, this.old, this.old),
				span(5, 7, this.now.minus(Duration.ofDays(100)), this.young));
		retention().run();
		assertThat(spans()).containsExactly(1L, 2L, 4L, 7L);
		assertThat(traces()).isEqualTo(3);
		assertWhole();
		if (this.database.engine() != Engine.TIMESCALEDB) {
			assertThat(firstDay()).isEqualTo(this.now.minus(WEEK).truncatedTo(ChronoUnit.DAYS));
		}
		retention().run();
		assertThat(spans()).containsExactly(1L, 2L, 4L, 7L);
	}

	/** What was last written on its day is not looked for in others. */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theDayGoesFirstAndTheTracesFollow(boolean lastWrittenThen) {
		write(span(1, 1, this.old, null), span(2, 2, this.old, this.old), span(3, 3, this.old, null),
				span(3, 4, this.young, lastWrittenThen ? this.young : null));
		if (lastWrittenThen) {
			this.jdbc.execute("UPDATE spans_by_day.traces SET updated_at = greatest(start_time, end_time)");
		}
		assertThat(dropSpans()).isPositive();
		assertThat(spans()).containsExactly(3L, 4L);
		assertThat(traces()).isEqualTo(3);
		retention().run();
		assertThat(traces()).isOne();
		assertWhole();
	}

	/**
	 * It says another time than its spans: one ends long after it, one begins before it.
	 */
	@Test
	void aDeclaredTraceLivesAsLongAsItOrAnyOfItsSpans() {
		declare(1, this.old, this.old);
		declare(2, this.young, null);
		declare(3, this.old, this.old);
		write(span(1, 1, this.old, this.young), span(2, 2, this.old, this.old), span(3, 3, this.old, null));
		assertThat(dropSpans()).isPositive();
		assertThat(spans()).containsExactly(1L, 2L);
		retention().run();
		assertThat(spans()).containsExactly(1L, 2L);
		assertThat(traces()).isEqualTo(2);
		assertWhole();
	}

	/** Without its row, the spans of a trace that goes on would go with their day. */
	@Test
	void whileTheDayCannotGoItsTracesStay() throws SQLException {
		write(span(1, 1, this.old, null), span(2, 2, this.old, this.old));
		try (Connection reader = this.database.dataSource().getConnection()) {
			reader.setAutoCommit(false);
			reader.createStatement().execute("SELECT count(*) FROM spans_by_day.trace_spans");
			assertThatThrownBy(retention()::run).isInstanceOf(StorageException.class)
				.hasMessageContaining("drop_spans failed");
			assertThat(traces()).isEqualTo(2);
			write(span(1, 3, this.young, null));
			reader.rollback();
		}
		retention().run();
		assertThat(spans()).containsExactly(1L, 3L);
		assertThat(traces()).isOne();
		assertWhole();
	}

	@Test
	void aTraceThatALateSpanBringsBackHasItsSpansCountedAnew() {
		write(span(1, 1, this.old, null), span(1, 2, this.old, null), span(2, 3, this.old, null));
		assertThat(dropSpans()).isPositive();
		write(span(1, 4, this.young, null));
		retention().run();
		assertThat(spans()).containsExactly(4L);
		assertThat(traces()).isOne();
		assertWhole();
	}

	/** Real ones, so slow that they do not end by themselves. */
	@Test
	@NotOn(value = Engine.CITUS, because = "a shard's autovacuum is its worker's")
	void anAutovacuumOfTheDayGivesWay() {
		write(IntStream.range(0, 2000).mapToObj((i) -> span(i, i, this.old, null)).toArray(TraceSpan[]::new));
		try (LogWriter writer = new LogWriter(this.database.dataSource(), WriterConfig.logs().schema(SCHEMA).build())) {
			writer.writeLogs(IntStream.range(0, 2000)
				.mapToObj((i) -> Records.log(i).toBuilder().timestamp(this.old).build())
				.toList());
		}
		List<String> days = List.of(dayOf("trace_spans"), dayOf("logs"));
		days.forEach((day) -> this.jdbc.execute("ALTER TABLE " + day + " SET (autovacuum_vacuum_insert_threshold = 0, "
				+ "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)"));
		this.jdbc.execute("ALTER SYSTEM SET autovacuum_naptime = '1s'");
		this.jdbc.execute("SELECT pg_reload_conf()");
		try {
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> this.jdbc
					.queryForList("SELECT relid::regclass::text FROM pg_stat_progress_vacuum", String.class)
					.containsAll(days));
			retention().run();
		}
		finally {
			this.jdbc.execute("ALTER SYSTEM RESET autovacuum_naptime");
			this.jdbc.execute("SELECT pg_reload_conf()");
		}
		assertThat(spans()).isEmpty();
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM spans_by_day.logs", Long.class)).isZero();
	}

	/** Returns the partition that old rows of a table are in. */
	private String dayOf(String table) {
		return this.jdbc.queryForObject("SELECT DISTINCT tableoid::regclass::text FROM spans_by_day." + table,
				String.class);
	}

	/**
	 * The retention drops the days first, so that no trace is gone whose spans are not.
	 */
	@Test
	void aTraceThatIsGoneComesBackWithItsLateSpansAlone() {
		write(span(1, 1, this.old, null), span(1, 2, this.old, null), span(2, 3, this.old, null));
		this.jdbc.queryForMap("SELECT * FROM spans_by_day.delete_traces(now() - interval '7 days')");
		assertThat(traces()).isZero();
		assertThat(spans()).as("they go with their day").containsExactly(1L, 2L, 3L);
		write(span(1, 4, this.young, null));
		assertThat(dropSpans()).isPositive();
		assertThat(spans()).containsExactly(4L);
		assertWhole();
	}

	@Test
	@NotOn(value = Engine.TIMESCALEDB, because = "there are no days without spans")
	void lateSpansFindTheirPlaceWhileTheDaysGo() {
		write(span(1, 1, this.young, null));
		for (int day = 0; day < 4; day++) {
			assertThat(this.jdbc.queryForObject("SELECT spans_by_day.drop_spans(now() - interval '7 days')",
					Integer.class))
				.isOne();
			write(span(1, 10 + day, this.old, null), span(1, 20 + day, this.young, null));
		}
		assertThat(traces()).isOne();
		assertThat(spans()).hasSize(9);
		assertWhole();
	}

	private int dropSpans() {
		int days = 0;
		while (Integer.valueOf(1)
			.equals(this.jdbc.queryForObject("SELECT spans_by_day.drop_spans(now() - interval '7 days')",
					Integer.class))) {
			days++;
		}
		return days;
	}

	private Retention retention() {
		return new Retention(this.database.dataSource(), SCHEMA, new RetentionPeriods(WEEK, WEEK, WEEK, WEEK));
	}

	private void write(TraceSpan... spans) {
		TraceWriter writer = new TraceWriter(this.database.dataSource(), WriterConfig.traces().schema(SCHEMA).build());
		try (writer) {
			writer.writeSpans(List.of(spans));
		}
		assertThat(writer.writeStats().stored()).isEqualTo(spans.length);
	}

	private void declare(long trace, Instant start, @Nullable Instant end) {
		TraceWriter writer = new TraceWriter(this.database.dataSource(), WriterConfig.traces().schema(SCHEMA).build());
		try (writer) {
			writer.writeTrace(Trace.builder()
				.traceId(Records.traceId(trace))
				.serviceName("checkout")
				.startTime(start)
				.endTime(end)
				.build());
		}
		assertThat(writer.writeStats().stored()).isOne();
	}

	private static TraceSpan span(long trace, long span, Instant start, @Nullable Instant end) {
		return TraceSpan.builder()
			.traceId(Records.traceId(trace))
			.spanId(Records.spanId(span))
			.name("work")
			.serviceName("checkout")
			.startTime(start)
			.endTime(end)
			.build();
	}

	private List<Long> spans() {
		return this.jdbc.queryForList("SELECT span_id FROM spans_by_day.trace_spans ORDER BY span_id", String.class)
			.stream()
			.map((id) -> Long.parseLong(id, 16) - Long.parseLong(Records.spanId(0), 16))
			.toList();
	}

	private long traces() {
		Long traces = this.jdbc.queryForObject("SELECT count(*) FROM spans_by_day.traces", Long.class);
		return (traces != null) ? traces : -1;
	}

	private @Nullable Instant firstDay() {
		return this.jdbc
			.queryForObject(
					"SELECT min(lower_bound) FROM spans_by_day.append_partitions() "
							+ "WHERE table_name = 'trace_spans' AND lower_bound > '-infinity'",
					java.sql.Timestamp.class)
			.toInstant();
	}

	private void assertWhole() {
		assertThat(this.database.rows("SELECT t.id, t.span_count, count(s.span_id) FROM spans_by_day.traces t "
				+ "FULL JOIN spans_by_day.trace_spans s ON s.trace_id = t.id GROUP BY t.id, t.span_count "
				+ "HAVING t.span_count IS DISTINCT FROM count(s.span_id)"))
			.isEmpty();
	}

}
