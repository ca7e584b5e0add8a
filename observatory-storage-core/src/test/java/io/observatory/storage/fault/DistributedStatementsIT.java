package io.observatory.storage.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.deadletter.DeadLetterQueue;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Layout;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A distributed PostgreSQL (Citus 13, "SQL Support and Workarounds") does not take each
 * statement that one server takes, and counts rows in another way. What the writers
 * really send in the layout {@code partitioned}, by COPY and by INSERT, is such that it
 * does. The lanes and the dead letters stay on one server, and with them the statements
 * on these alone.
 */
class DistributedStatementsIT {

	private static final String SCHEMA = "distributed";

	private static final int ROWS = 100;

	private static final Pattern LOCAL = Pattern.compile("\\.(lanes|dead_letters)\\b");

	private static final Set<String> SENT = new ConcurrentSkipListSet<>();

	private static final Database DATABASE = Database.get();

	@BeforeAll
	static void send() {
		DATABASE.jdbc().execute("DROP SCHEMA IF EXISTS distributed CASCADE");
		Database.migrate(DATABASE.dataSource(), SCHEMA, Layout.PARTITIONED);
		DataSource recording = SqlHook.on(DATABASE.dataSource(), (sql) -> {
			SENT.addAll(List.of(sql.split("; ")));
			return sql;
		});
		for (WriteMethod method : List.of(WriteMethod.COPY, WriteMethod.INSERT)) {
			sendTraces(recording, method);
			sendMetrics(recording, method);
			sendLogs(recording, method);
		}
		new DeadLetterQueue(recording, SCHEMA).replay("trace_spans", ROWS);
	}

	/** New, sent again, corrected, declared, and with a key that another span has. */
	private static void sendTraces(DataSource dataSource, WriteMethod method) {
		List<TraceSpan> spans = IntStream.range(0, ROWS)
			.mapToObj((number) -> Records.span(number / 10, number))
			.toList();
		List<TraceSpan> others = spans.stream().map((span) -> span.toBuilder().kind(SpanKind.SERVER).build()).toList();
		try (TraceWriter writer = new TraceWriter(dataSource, config(WriterConfig.traces(), method))) {
			for (List<TraceSpan> batch : List.of(spans, spans, others)) {
				writer.writeTrace(declared());
				writer.writeTrace(declared());
				writer.writeSpans(batch);
				writer.writeScores(IntStream.range(0, ROWS).mapToObj(Records::score).toList());
				writer.flush();
			}
		}
	}

	private static Trace declared() {
		return Trace.builder().traceId(Records.traceId(1)).serviceName("checkout").startTime(Records.START).build();
	}

	private static void sendMetrics(DataSource dataSource, WriteMethod method) {
		try (MetricWriter writer = new MetricWriter(dataSource, config(WriterConfig.metrics(), method))) {
			for (int number = 0; number < ROWS; number++) {
				writer.writeMetric(Records.metric("requests." + number));
				writer.writeDataPoint(Records.point("requests", number));
			}
		}
	}

	private static void sendLogs(DataSource dataSource, WriteMethod method) {
		try (LogWriter writer = new LogWriter(dataSource, config(WriterConfig.logs(), method))) {
			writer.writeLogs(IntStream.range(0, ROWS).mapToObj(Records::log).toList());
		}
	}

	private static WriterConfig config(WriterConfig.Builder config, WriteMethod method) {
		return config.schema(SCHEMA).writeMethod(method).maxConcurrency(1).build();
	}

	private static List<String> statements() {
		return SENT.stream().filter((sql) -> !LOCAL.matcher(sql).find()).toList();
	}

	@Test
	void allStatementsWereSeen() {
		assertThat(statements()).anyMatch((sql) -> sql.contains("DO UPDATE SET"))
			.anyMatch((sql) -> sql.contains("DO NOTHING"))
			.anyMatch((sql) -> sql.startsWith("UPDATE") && sql.contains("trace_spans"))
			.anyMatch((sql) -> sql.startsWith("UPDATE") && sql.contains("traces t"))
			.anyMatch((sql) -> sql.startsWith("SELECT DISTINCT"))
			.anyMatch((sql) -> sql.startsWith("DELETE"))
			.anyMatch((sql) -> sql.contains("metric_data_points"))
			.anyMatch((sql) -> sql.contains("logs"))
			.anyMatch((sql) -> sql.contains("scores"));
		assertThat(SENT.size() - statements().size()).as("those of lanes and dead letters").isGreaterThan(3);
	}

	/** Each node would have its own idea of what such a function returns. */
	@Test
	void updatesOfConflictsAndWhatIsReturnedAreImmutable() {
		Set<String> changing = new TreeSet<>(DATABASE.jdbc()
			.queryForList("SELECT DISTINCT proname FROM pg_proc WHERE provolatile <> 'i'", String.class));
		changing.addAll(Set.of("current_timestamp", "localtimestamp", "current_date", "current_user"));
		// of an interval it is immutable, and that is what it is asked for
		changing.remove("extract");
		List<String> clauses = statements().stream().flatMap((sql) -> clauses(sql).stream()).toList();
		assertThat(clauses).hasSizeGreaterThanOrEqualTo(4)
			.allSatisfy((clause) -> assertThat(words(clause)).doesNotContainAnyElementsOf(changing));
	}

	/** What follows DO UPDATE SET and RETURNING, up to the end of the statement there. */
	private static List<String> clauses(String sql) {
		List<String> clauses = new ArrayList<>();
		for (MatchResult begin : Pattern.compile("DO UPDATE SET|\\bRETURNING\\b").matcher(sql).results().toList()) {
			int depth = 0;
			int end = begin.end();
			while (end < sql.length() && depth >= 0) {
				char c = sql.charAt(end++);
				depth += (c == '(') ? 1 : (c == ')') ? -1 : 0;
			}
			clauses.add(sql.substring(begin.end(), end));
		}
		return clauses;
	}

	/** Returns the names of functions: what a parenthesis follows, or has none. */
	private static Set<String> words(String clause) {
		return Pattern.compile("\\b([a-z_]+)\\s*\\(|\\b(current_\\w+|localtime\\w*)")
			.matcher(clause.toLowerCase(java.util.Locale.ROOT))
			.results()
			.map((word) -> (word.group(1) != null) ? word.group(1) : word.group(2))
			.collect(Collectors.toSet());
	}

	/** Rows that were not inserted would be counted as well (citus#3377). */
	@Test
	void insertsThatMayDoNothingTellWhichRowsTheyInserted() {
		List<String> inserts = statements().stream().filter((sql) -> sql.contains("DO NOTHING")).toList();
		assertThat(inserts).isNotEmpty()
			.allSatisfy((sql) -> assertThat(sql).containsPattern("DO NOTHING\\s+RETURNING"));
	}

	@Test
	void noStatementRecursAsksForEachRowOrLocksRows() {
		assertThat(statements()).isNotEmpty()
			.allSatisfy((sql) -> assertThat(sql).doesNotContainIgnoringCase("LATERAL")
				.doesNotContainIgnoringCase("RECURSIVE")
				.doesNotContainPattern("(?i)\\bFOR\\s+(NO KEY )?(UPDATE|SHARE)"));
	}

	/** Otherwise no node could tell whether it has been used. */
	@ParameterizedTest
	@CsvSource({ "traces, id", "trace_spans, trace_id", "metrics, id", "metric_data_points, metric_id",
			"trace_events, span_id", "scores, target_id", "logs, id" })
	void everyUniqueKeyContainsTheColumnThatDistributes(String table, String column) {
		List<Map<String, Object>> keys = DATABASE.rows("""
				SELECT i.indexrelid::regclass::text AS name, ARRAY(SELECT a.attname::text FROM pg_attribute a
				       WHERE a.attrelid = i.indexrelid ORDER BY a.attnum)::text AS columns
				  FROM pg_index i WHERE i.indrelid = ('distributed.' || ?)::regclass AND i.indisunique""", table);
		assertThat(keys).allSatisfy((key) -> assertThat(key.get("columns").toString().split("[{},]")).contains(column));
		assertThat(DATABASE.rows(
				"SELECT 1 FROM pg_constraint WHERE contype = 'f' AND conrelid = ('distributed.' || ?)::regclass",
				table))
			.as("foreign keys")
			.isEmpty();
	}

}
