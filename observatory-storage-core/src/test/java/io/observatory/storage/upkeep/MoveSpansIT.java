package io.observatory.storage.upkeep;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Layout;
import io.observatory.storage.table.Schema;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Engine;
import io.observatory.storage.testing.NotOn;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Spans move from the layout {@code source} to {@code partitioned}, step by step, and
 * whatever happens to them meanwhile has happened to them afterwards.
 */
class MoveSpansIT {

	private static final String SCHEMA = "move_spans";

	private static final int SPANS = 100;

	private static final int STEP = 30;

	private static final Duration WEEK = Duration.ofDays(7);

	private final Database database = Database.get();

	private final JdbcTemplate jdbc = this.database.jdbc();

	/** In five days, the last of them today. */
	private final Instant begin = Instant.now().truncatedTo(ChronoUnit.MICROS).minus(Duration.ofDays(4));

	private final Duration apart = Duration.ofDays(4).dividedBy(SPANS);

	@BeforeEach
	void fill() {
		this.jdbc.execute("DROP SCHEMA IF EXISTS move_spans CASCADE");
		Database.migrate(this.database.dataSource(), SCHEMA, Layout.SOURCE);
		write(WriteMethod.COPY, spans(0, SPANS, 1));
	}

	@Test
	void spansMoveStepByStepAndAreSeenWholeAllTheTime() {
		write(WriteMethod.COPY, List.of(span(SPANS, Instant.parse("1999-01-01T00:00:00Z"), 1),
				span(SPANS + 1, this.begin.minus(Duration.ofDays(200)), 1)));
		List<Map<String, Object>> before = all();
		int steps = 0;
		while (step()) {
			steps++;
			assertThat(all()).isEqualTo(before);
			assertThat(layout()).isEqualTo(Layout.SOURCE);
		}
		assertThat(steps).isGreaterThan(SPANS / STEP);
		assertThat(layout()).isEqualTo(Layout.PARTITIONED);
		assertThat(all()).isEqualTo(before);
		assertThat(this.jdbc.queryForList("SELECT DISTINCT tableoid::regclass FROM move_spans.trace_spans"))
			.hasSizeGreaterThanOrEqualTo(5);
		assertThat(this.jdbc.queryForList("SELECT tableoid::regclass::text FROM move_spans.trace_spans "
				+ "WHERE start_time < now() - interval '150 days'", String.class))
			.as("days of long ago")
			.hasSize(2)
			.containsOnly("move_spans.trace_spans_before");
		assertThat(step()).as("another call does nothing").isFalse();
	}

	/** Before, at and behind the place up to which spans have been copied. */
	@ParameterizedTest
	@EnumSource(names = { "COPY", "INSERT" })
	void whatIsWrittenMeanwhileIsThereAfterwards(WriteMethod method) {
		assertThat(step()).isTrue();
		int next = SPANS;
		do {
			write(method, spans(next, next + STEP / 2, 1));
			write(method, spans(0, next, next));
			next += STEP / 2;
			assertRepeated();
		}
		while (step());
		write(method, spans(0, next, next));
		write(method, spans(next, next + SPANS, 1));
		assertThat(layout()).isEqualTo(Layout.PARTITIONED);
		assertThat(all()).hasSize(next + SPANS);
		assertWhole();
	}

	/**
	 * The layout source takes it for a correction, and the span is of another day then.
	 */
	@Test
	void spanThatGetsAnotherStartMovesOnce() {
		assertThat(step()).isTrue();
		assertThat(step()).isTrue();
		write(WriteMethod.INSERT, List.of(span(0, this.begin.plus(Duration.ofDays(3)), 2),
				span(SPANS - 1, this.begin.minus(Duration.ofDays(1)), 1_000_000)));
		assertRepeated();
		finish();
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM move_spans.trace_spans", Integer.class))
			.isEqualTo(SPANS);
		assertThat(start(0)).isEqualTo(this.begin.plus(Duration.ofDays(3)));
		assertThat(start(SPANS - 1)).isEqualTo(this.begin.minus(Duration.ofDays(1)));
		assertWhole();
	}

	@Test
	void whatTheRetentionDeletesMeanwhileStaysDeleted() {
		write(WriteMethod.COPY,
				List.of(span(SPANS, this.begin.minus(WEEK), 1), span(SPANS + 1, this.begin.minus(WEEK), 1)));
		assertThat(step()).isTrue();
		assertThat(step()).isTrue();
		new Retention(this.database.dataSource(), SCHEMA, new RetentionPeriods(WEEK, null, null, null)).run();
		assertRepeated();
		finish();
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM move_spans.trace_spans", Integer.class))
			.isEqualTo(SPANS);
		assertWhole();
	}

	@Test
	void rightsAndViewsFollow() {
		this.jdbc.execute("DROP ROLE IF EXISTS span_writer");
		this.jdbc.execute("CREATE ROLE span_writer LOGIN");
		this.jdbc.execute("GRANT USAGE ON SCHEMA move_spans TO span_writer");
		this.jdbc.execute("GRANT SELECT, INSERT, UPDATE ON move_spans.traces, move_spans.trace_spans, move_spans.lanes "
				+ "TO span_writer");
		this.jdbc.execute("GRANT SELECT (name) ON move_spans.trace_spans TO PUBLIC");
		this.jdbc.execute("CREATE VIEW move_spans.names AS SELECT name FROM move_spans.trace_spans");
		DriverManagerDataSource writers = new DriverManagerDataSource(
				"jdbc:postgresql://localhost:" + this.database.port() + "/postgres", "span_writer", "");
		try {
			assertThat(step()).isTrue();
			write(writers, WriteMethod.COPY, spans(0, 2 * SPANS, 2));
			finish();
			write(writers, WriteMethod.COPY, spans(0, 3 * SPANS, 3));
			assertThat(this.jdbc.queryForObject("SELECT count(*) FROM move_spans.names", Integer.class))
				.isEqualTo(3 * SPANS);
			assertThat(this.jdbc.queryForList("SELECT attacl FROM pg_attribute "
					+ "WHERE attrelid = 'move_spans.trace_spans'::regclass AND attname = 'name' AND attacl IS NOT NULL"))
				.hasSize(1);
			assertWhole();
		}
		finally {
			this.jdbc.execute("DROP OWNED BY span_writer");
			this.jdbc.execute("DROP ROLE span_writer");
		}
	}

	@Test
	void whatCannotFollowIsNamedBeforeAnythingIsDone() {
		this.jdbc.execute("CREATE MATERIALIZED VIEW move_spans.kept AS SELECT name FROM move_spans.trace_spans");
		this.jdbc.execute("CREATE POLICY mine ON move_spans.trace_spans USING (true)");
		this.jdbc.execute("CREATE TABLE move_spans.notes (span uuid REFERENCES move_spans.trace_spans (id))");
		assertThatThrownBy(this::step).hasMessageContaining("drop these first")
			.hasMessageContaining("kept")
			.hasMessageContaining("mine")
			.hasMessageContaining("notes");
		assertThat(this.jdbc.queryForObject("SELECT to_regclass('move_spans.spans_by_day') IS NULL", Boolean.class))
			.isTrue();
	}

	@Test
	void moveCanBeCancelledAndBegunAgain() {
		assertThat(step()).isTrue();
		assertThat(step()).isTrue();
		this.jdbc.execute("SELECT move_spans.cancel_move_spans()");
		write(WriteMethod.COPY, spans(0, 2 * SPANS, 2));
		assertThat(layout()).isEqualTo(Layout.SOURCE);
		finish();
		this.jdbc.execute("SELECT move_spans.cancel_move_spans()");
		assertThat(layout()).isEqualTo(Layout.PARTITIONED);
		assertThat(all()).hasSize(2 * SPANS);
	}

	@Test
	@NotOn(value = Engine.CITUS, because = "what an engine is given afterwards is not moved")
	@NotOn(value = Engine.TIMESCALEDB, because = "what an engine is given afterwards is not moved")
	void movedSchemaIsAsANewOne() {
		finish();
		this.jdbc.execute("DROP SCHEMA IF EXISTS move_spans_new CASCADE");
		Database.migrate(this.database.dataSource(), "move_spans_new", Layout.PARTITIONED);
		String definitions = """
				SELECT indexname AS name, replace(indexdef, schemaname, '') AS definition FROM pg_indexes
				WHERE schemaname = ? AND tablename IN ('traces', 'trace_spans')
				UNION ALL SELECT viewname, replace(definition, schemaname, '') FROM pg_views WHERE schemaname = ?
				UNION ALL SELECT conname, replace(pg_get_constraintdef(oid), connamespace::regnamespace::text, '') FROM pg_constraint
				WHERE connamespace = ?::regnamespace AND conrelid::regclass::text LIKE '%traces' ORDER BY 1, 2""";
		assertThat(this.jdbc.queryForList(definitions, SCHEMA, SCHEMA, SCHEMA)).hasSizeGreaterThan(10)
			.isEqualTo(this.jdbc.queryForList(definitions, "move_spans_new", "move_spans_new", "move_spans_new"));
		Database.migrate(this.database.dataSource(), SCHEMA, Layout.PARTITIONED);
		assertThat(all()).as("after another start").hasSize(SPANS);
	}

	private boolean step() {
		return this.jdbc.queryForObject("SELECT move_spans.move_spans(?) IS NOT NULL", Boolean.class, STEP);
	}

	private void finish() {
		int steps = 0;
		while (step()) {
			assertThat(++steps).isLessThan(100);
		}
		assertThat(layout()).isEqualTo(Layout.PARTITIONED);
	}

	private Layout layout() {
		return Layout.of(this.jdbc.queryForObject(Layout.query(new Schema(SCHEMA)), String.class));
	}

	private List<Map<String, Object>> all() {
		return this.jdbc.queryForList("SELECT * FROM move_spans.trace_spans ORDER BY span_id");
	}

	private Instant start(int span) {
		return this.jdbc
			.queryForObject("SELECT start_time FROM move_spans.trace_spans WHERE span_id = ?", Timestamp.class,
					Records.spanId(span))
			.toInstant();
	}

	/** What has been copied, or written since, is the same in both tables. */
	private void assertRepeated() {
		if (layout() == Layout.SOURCE) {
			assertThat(this.jdbc.queryForList("""
					SELECT * FROM move_spans.spans_by_day EXCEPT SELECT * FROM move_spans.trace_spans""")).isEmpty();
			assertThat(this.jdbc.queryForList("""
					SELECT * FROM move_spans.trace_spans WHERE start_time < (SELECT before FROM move_spans.moved_spans)
					EXCEPT SELECT * FROM move_spans.spans_by_day""")).isEmpty();
		}
	}

	private void assertWhole() {
		assertThat(this.jdbc.queryForList("""
				SELECT t.id, t.span_count, count(s.span_id) FROM move_spans.traces t
				FULL JOIN move_spans.trace_spans s ON s.trace_id = t.id GROUP BY t.id, t.span_count
				HAVING t.span_count IS DISTINCT FROM count(s.span_id)""")).isEmpty();
	}

	private void write(WriteMethod method, List<TraceSpan> spans) {
		write(this.database.dataSource(), method, spans);
	}

	private static void write(DataSource dataSource, WriteMethod method, List<TraceSpan> spans) {
		TraceWriter writer = new TraceWriter(dataSource,
				WriterConfig.traces().schema(SCHEMA).writeMethod(method).maxConcurrency(1).build());
		try (writer) {
			writer.writeSpans(spans);
		}
		assertThat(writer.writeStats().stored()).isEqualTo(spans.size());
	}

	private List<TraceSpan> spans(int from, int to, int version) {
		List<TraceSpan> spans = new ArrayList<>();
		for (int number = from; number < to; number++) {
			spans.add(span(number, this.begin.plus(this.apart.multipliedBy(number * 7L % SPANS)), version));
		}
		return spans;
	}

	private static TraceSpan span(int number, Instant start, int version) {
		return TraceSpan.builder()
			.traceId(Records.traceId(number / 10))
			.spanId(Records.spanId(number))
			.name("version " + version)
			.serviceName("checkout")
			.startTime(start)
			.endTime(start.plusSeconds(version))
			.build();
	}

}
