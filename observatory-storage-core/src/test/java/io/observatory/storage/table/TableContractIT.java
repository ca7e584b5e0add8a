package io.observatory.storage.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.Ids;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.SpanLink;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.stats.WriteStats;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.testing.StoredRows;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What every table promises, on every road that a batch may take: as parameters or by way
 * of a stage, by COPY or by INSERT.
 */
class TableContractIT {

	/** Text that has a meaning in array literals, COPY, SQL or JSON. */
	private static final String QUOTED = "NULL {\"a\",'b'} \\N \\u0000 \\\\ $1 ? %s \t\r\n\u0001 </script>";

	private static final String UNICODE = "提示 🙂 é e\u0301 \uFFFE\uFFFF\u202E \uD834\uDD1E";

	/** More than a chunk of the buffer, of characters of 1, 2, 3 and 4 bytes. */
	private static final String HUGE = "aé提🙂".repeat(20_000);

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		// a few rows are gone sooner by DELETE than by making the files of all partitions
		// anew
		for (String table : List.of("trace_spans", "traces", "trace_events", "metrics", "metric_data_points", "logs",
				"scores")) {
			this.database.jdbc().execute("DELETE FROM observatory." + table);
		}
	}

	@ParameterizedTest
	@EnumSource
	void logsKeepEveryField(RowLoader road) {
		LogRecord full = LogRecord.builder()
			.timestamp(Instant.parse("2026-03-29T00:59:59.999999999Z"))
			.observedTimestamp(Instant.parse("1999-12-31T23:59:59.999999999Z"))
			.severityNumber(24)
			.severityText("FATAL " + UNICODE)
			.body(HUGE)
			.serviceName(QUOTED + UNICODE)
			.traceId("4BF92F3577B34DA6A3CE929D0E0E4736")
			.spanId("00F067AA0BA902B7")
			.traceFlags(255)
			.attributes(attributes())
			.resourceAttributes(Map.of("host", "a1"))
			.scopeName(QUOTED)
			.scopeVersion("")
			.scopeAttributes(Map.of("k", List.of()))
			.build();
		LogRecord sparse = LogRecord.builder().timestamp(Instant.EPOCH).serviceName("s").build();
		LogRecord limits = LogRecord.builder()
			.timestamp(Instant.parse("1999-12-31T23:59:59.999999Z"))
			.observedTimestamp(Instant.EPOCH)
			.severityNumber(1)
			.traceFlags(0)
			.body("")
			.serviceName("x".repeat(255))
			.traceId("t".repeat(128))
			.spanId("提".repeat(128))
			.build();
		logs(road, with(road, Records::log, full, sparse, limits));

		assertThat(log(full)).isEqualTo(row("id", full.id(), "timestamp", Instant.parse("2026-03-29T00:59:59.999999Z"),
				"observed_timestamp", Instant.parse("1999-12-31T23:59:59.999999Z"), "severity_number", 24,
				"severity_text", "FATAL " + UNICODE, "body", HUGE, "service_name", QUOTED + UNICODE, "trace_id",
				"4bf92f3577b34da6a3ce929d0e0e4736", "span_id", "00f067aa0ba902b7", "trace_flags", 255, "attributes",
				attributesStored(), "resource_attributes", "{\"host\": \"a1\"}", "scope_name", QUOTED, "scope_version",
				"", "scope_attributes", "{\"k\": []}"));
		assertThat(log(sparse)).isEqualTo(row("id", sparse.id(), "timestamp", Instant.EPOCH, "observed_timestamp", null,
				"severity_number", null, "severity_text", null, "body", null, "service_name", "s", "trace_id", null,
				"span_id", null, "trace_flags", null, "attributes", "{}", "resource_attributes", "{}", "scope_name",
				null, "scope_version", null, "scope_attributes", "{}"));
		assertThat(log(limits)).containsEntry("timestamp", Instant.parse("1999-12-31T23:59:59.999999Z"))
			.containsEntry("observed_timestamp", Instant.EPOCH)
			.containsEntry("severity_number", 1)
			.containsEntry("trace_flags", 0)
			.containsEntry("body", "")
			.containsEntry("service_name", "x".repeat(255))
			.containsEntry("trace_id", "t".repeat(128))
			.containsEntry("span_id", "提".repeat(128));
	}

	@ParameterizedTest
	@EnumSource
	void spansKeepEveryField(RowLoader road) {
		TraceSpan full = TraceSpan.builder()
			.traceId("4BF92F3577B34DA6A3CE929D0E0E4736")
			.spanId("00F067AA0BA902B7")
			.parentSpanId("00F067AA0BA902B8")
			.name(QUOTED + UNICODE)
			.kind(SpanKind.PRODUCER)
			.serviceName(UNICODE)
			.startTime(Instant.parse("1970-01-01T00:00:00.000000999Z"))
			.endTime(Instant.parse("2000-01-01T00:00:00.000001999Z"))
			.durationUs(Long.MAX_VALUE)
			.status(Status.ERROR)
			.statusMessage(HUGE)
			.attributes(attributes())
			.events(List.of(new SpanEvent("first", Instant.parse("2026-01-01T00:00:00.123456789Z"), Map.of("n", 1)),
					new SpanEvent(QUOTED, Instant.EPOCH, Map.of())))
			.links(List.of(new SpanLink("4BF92F3577B34DA6A3CE929D0E0E4737", "00F067AA0BA902B9", Map.of("a", "b"))))
			.build();
		TraceSpan sparse = TraceSpan.builder()
			.traceId("order " + UNICODE)
			.spanId("a span")
			.name("")
			.serviceName("s")
			.startTime(Instant.parse("1999-12-31T23:59:59.9999999Z"))
			.build();
		TraceSpan byDuration = TraceSpan.builder()
			.traceId("order " + UNICODE)
			.spanId("another")
			.name("n")
			.serviceName("s")
			.startTime(Instant.EPOCH)
			.durationUs(1_500_000L)
			.build();
		traces(road, List.of(), with(road, (i) -> Records.span(i, i), full, sparse, byDuration), List.of());

		UUID trace = UUID.fromString("4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
		assertThat(span(full)).isEqualTo(row("id", Ids.span(trace, "00f067aa0ba902b7"), "trace_id", trace, "span_id",
				"00f067aa0ba902b7", "parent_span_id", "00f067aa0ba902b8", "name", QUOTED + UNICODE, "kind", "producer",
				"service_name", UNICODE, "start_time", Instant.EPOCH, "end_time",
				Instant.parse("2000-01-01T00:00:00.000001Z"), "duration_us", Long.MAX_VALUE, "status", "error",
				"status_message", HUGE, "attributes", attributesStored(), "events",
				json("[{'name': 'first', 'timestamp': '2026-01-01T00:00:00.123456789Z', 'attributes': {'n': 1}},"
						+ "{'name': %s, 'timestamp': '1970-01-01T00:00:00Z', 'attributes': {}}]", QUOTED_JSON),
				"links", json("[{'trace_id': '4bf92f3577b34da6a3ce929d0e0e4737', 'span_id': '00f067aa0ba902b9', "
						+ "'attributes': {'a': 'b'}}]"),
				"external_trace_id", null));
		assertThat(span(sparse)).isEqualTo(row("id", sparse.id(), "trace_id", Ids.trace("order " + UNICODE), "span_id",
				"a span", "parent_span_id", null, "name", "", "kind", "internal", "service_name", "s", "start_time",
				Instant.parse("1999-12-31T23:59:59.999999Z"), "end_time", null, "duration_us", null, "status", "unset",
				"status_message", null, "attributes", "{}", "events", null, "links", null, "external_trace_id",
				"order " + UNICODE));
		assertThat(span(byDuration)).containsEntry("end_time", Instant.parse("1970-01-01T00:00:01.5Z"))
			.containsEntry("duration_us", 1_500_000L);
		assertThat(StoredRows.of(this.database, "traces", "trace_id = ?", "order " + UNICODE)).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("id", Ids.trace("order " + UNICODE))
				.containsEntry("span_count", 2)
				.containsEntry("start_time", Instant.EPOCH)
				.containsEntry("root_span_name", "n"));
	}

	@ParameterizedTest
	@EnumSource
	void tracesKeepEveryField(RowLoader road) {
		Trace full = Trace.builder()
			.traceId("4BF92F3577B34DA6A3CE929D0E0E4736")
			.serviceName(QUOTED)
			.startTime(Instant.parse("1970-01-01T00:00:00.000000999Z"))
			.endTime(Instant.parse("2000-01-01T00:00:00.000001999Z"))
			.durationUs(Long.MAX_VALUE)
			.status(Status.OK)
			.statusMessage(HUGE)
			.rootSpanName(UNICODE)
			.attributes(attributes())
			.resourceAttributes(Map.of("host", "a1"))
			.build();
		Trace sparse = Trace.builder().traceId(UNICODE).serviceName("s").startTime(Instant.EPOCH).build();
		traces(road, with(road, TableContractIT::trace, full, sparse), List.of(), List.of());

		assertThat(trace(full)).isEqualTo(row("id", UUID.fromString("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"), "trace_id",
				"4bf92f3577b34da6a3ce929d0e0e4736", "service_name", QUOTED, "start_time", Instant.EPOCH, "end_time",
				Instant.parse("2000-01-01T00:00:00.000001Z"), "duration_us", Long.MAX_VALUE, "status", "ok",
				"status_message", HUGE, "root_span_name", UNICODE, "attributes", attributesStored(),
				"resource_attributes", "{\"host\": \"a1\"}", "span_count", 0, "declared", 31, "lead_span_id", null,
				"lead_start", null, "lead_is_root", null));
		assertThat(trace(sparse)).isEqualTo(row("id", sparse.id(), "trace_id", UNICODE, "service_name", "s",
				"start_time", Instant.EPOCH, "end_time", null, "duration_us", null, "status", "unset", "status_message",
				null, "root_span_name", null, "attributes", "{}", "resource_attributes", "{}", "span_count", 0,
				"declared", 1, "lead_span_id", null, "lead_start", null, "lead_is_root", null));
	}

	@ParameterizedTest
	@EnumSource
	void eventsKeepEveryField(RowLoader road) {
		TraceEvent full = TraceEvent.builder()
			.traceId("4BF92F3577B34DA6A3CE929D0E0E4736")
			.spanId("00F067AA0BA902B7")
			.name(QUOTED + UNICODE)
			.timestamp(Instant.parse("1999-12-31T23:59:59.999999999Z"))
			.attributes(attributes())
			.build();
		TraceEvent sparse = TraceEvent.builder().traceId("t").spanId("s").name("").timestamp(Instant.EPOCH).build();
		traces(road, List.of(), List.of(), with(road, TableContractIT::event, full, sparse));

		assertThat(stored("trace_events", full.id())).isEqualTo(row("id", full.id(), "span_id",
				Ids.span(UUID.fromString("4bf92f35-77b3-4da6-a3ce-929d0e0e4736"), "00f067aa0ba902b7"), "name",
				QUOTED + UNICODE, "timestamp", Instant.parse("1999-12-31T23:59:59.999999Z"), "attributes",
				attributesStored()));
		assertThat(stored("trace_events", sparse.id())).isEqualTo(row("id", sparse.id(), "span_id",
				Ids.span(Ids.trace("t"), "s"), "name", "", "timestamp", Instant.EPOCH, "attributes", "{}"));
	}

	@ParameterizedTest
	@EnumSource
	void scoresKeepEveryField(RowLoader road) {
		Score full = Score.builder()
			.traceId("4BF92F3577B34DA6A3CE929D0E0E4736")
			.spanId("00F067AA0BA902B7")
			.name(QUOTED + UNICODE)
			.source(Score.Source.REVIEWER)
			.value(0.1 + 0.2)
			.label(QUOTED)
			.comment(HUGE)
			.timestamp(Instant.parse("1999-12-31T23:59:59.999999999Z"))
			.serviceName(UNICODE)
			.build();
		Score ofConversation = score().conversationId(UNICODE).value(true).build();
		Score ofResponse = score().responseId("resp_" + "x".repeat(123)).label("").build();
		Score ofTrace = score().traceId("order " + UNICODE).value(-Double.MAX_VALUE).build();
		scores(road, with(road, Records::score, full, ofConversation, ofResponse, ofTrace));

		UUID trace = UUID.fromString("4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
		assertThat(storedScore("reviewer"))
			.isEqualTo(row("id", Ids.score(trace, "00f067aa0ba902b7", QUOTED + UNICODE, Score.Source.REVIEWER),
					"target_id", trace, "trace_id", "4bf92f3577b34da6a3ce929d0e0e4736", "span_id", "00f067aa0ba902b7",
					"conversation_id", null, "response_id", null, "name", QUOTED + UNICODE, "source", "reviewer",
					"value", 0.1 + 0.2, "label", QUOTED, "comment", HUGE, "timestamp",
					Instant.parse("1999-12-31T23:59:59.999999Z"), "service_name", UNICODE));
		assertThat(StoredRows.of(this.database, "scores", "source = 'evaluation' AND service_name = 's'"))
			.extracting((row) -> row.get("target_id"), (row) -> row.get("trace_id"),
					(row) -> row.get("conversation_id"), (row) -> row.get("response_id"), (row) -> row.get("value"),
					(row) -> row.get("label"))
			.containsExactlyInAnyOrder(tuple(Ids.conversation(UNICODE), null, UNICODE, null, 1.0, "true"),
					tuple(Ids.response(ofResponse.responseId()), null, null, ofResponse.responseId(), null, ""),
					tuple(Ids.trace("order " + UNICODE), "order " + UNICODE, null, null, -Double.MAX_VALUE, null));
		assertThat(this.database.count("scores")).isEqualTo(road.fillers() + 4);
	}

	@ParameterizedTest
	@EnumSource
	void metricsKeepEveryField(RowLoader road) {
		Metric full = Metric.builder()
			.name(QUOTED)
			.description(HUGE)
			.unit(UNICODE)
			.type(MetricType.SUMMARY)
			.serviceName(UNICODE)
			.attributes(attributes())
			.resourceAttributes(Map.of("host", "a1"))
			.build();
		Metric sparse = Metric.builder()
			.name("提".repeat(255))
			.serviceName("é".repeat(255))
			.type(MetricType.GAUGE)
			.build();
		metrics(road, with(road, (i) -> Records.metric("m" + i), full, sparse), List.of());

		assertThat(stored("metrics", full.id())).isEqualTo(row("id", full.id(), "name", QUOTED, "description", HUGE,
				"unit", UNICODE, "metric_type", "summary", "service_name", UNICODE, "attributes", attributesStored(),
				"resource_attributes", "{\"host\": \"a1\"}"));
		assertThat(stored("metrics", sparse.id()))
			.isEqualTo(row("id", sparse.id(), "name", "提".repeat(255), "description", null, "unit", null, "metric_type",
					"gauge", "service_name", "é".repeat(255), "attributes", "{}", "resource_attributes", "{}"));
	}

	@ParameterizedTest
	@EnumSource
	void pointsKeepEveryField(RowLoader road) {
		MetricDataPoint full = MetricDataPoint.builder()
			.metricName(QUOTED)
			.serviceName(UNICODE)
			.timestamp(Instant.parse("1999-12-31T23:59:59.999999999Z"))
			.value(Double.NaN)
			.count(Long.MAX_VALUE)
			.sum(Double.POSITIVE_INFINITY)
			.min(Double.NEGATIVE_INFINITY)
			.max(Double.MAX_VALUE)
			.buckets(List.of(new Bucket(0.1, Long.MAX_VALUE), new Bucket(Double.POSITIVE_INFINITY, 0)))
			.quantiles(List.of(new Quantile(0.99, Double.NaN)))
			.exemplars(List.of(
					new Exemplar(1.5, Instant.EPOCH, "4BF92F3577B34DA6A3CE929D0E0E4736", "00F067AA0BA902B7",
							Map.of("a", "b")),
					new Exemplar(Double.NEGATIVE_INFINITY, Records.START, null, null, Map.of())))
			.attributes(attributes())
			.build();
		MetricDataPoint sparse = MetricDataPoint.builder()
			.metricName("m")
			.serviceName("s")
			.timestamp(Instant.EPOCH)
			.build();
		MetricDataPoint tiny = MetricDataPoint.builder()
			.metricName("m")
			.serviceName("s")
			.timestamp(Instant.EPOCH)
			.value(Double.MIN_VALUE)
			.count(0L)
			.sum(-0.0)
			.min(0.1 + 0.2)
			.max(-Double.MAX_VALUE)
			.build();
		metrics(road, List.of(), with(road, (i) -> Records.point("m", i), full, sparse, tiny));

		assertThat(stored("metric_data_points", full.id()))
			.isEqualTo(row("id", full.id(), "metric_id", Ids.metric(QUOTED, UNICODE), "timestamp",
					Instant.parse("1999-12-31T23:59:59.999999Z"), "value", Double.NaN, "count", Long.MAX_VALUE, "sum",
					Double.POSITIVE_INFINITY, "min", Double.NEGATIVE_INFINITY, "max", Double.MAX_VALUE, "buckets",
					json("[{'boundary': 0.1, 'count': 9223372036854775807}, {'boundary': 'Infinity', 'count': 0}]"),
					"quantiles", json("[{'quantile': 0.99, 'value': 'NaN'}]"), "exemplars",
					json("[{'value': 1.5, 'timestamp': '1970-01-01T00:00:00Z', "
							+ "'trace_id': '4bf92f3577b34da6a3ce929d0e0e4736', 'span_id': '00f067aa0ba902b7', "
							+ "'attributes': {'a': 'b'}}, "
							+ "{'value': '-Infinity', 'timestamp': '2026-03-29T00:59:59.123456789Z'}]"),
					"attributes", attributesStored()));
		assertThat(stored("metric_data_points", sparse.id())).isEqualTo(row("id", sparse.id(), "metric_id",
				Ids.metric("m", "s"), "timestamp", Instant.EPOCH, "value", null, "count", null, "sum", null, "min",
				null, "max", null, "buckets", null, "quantiles", null, "exemplars", null, "attributes", "{}"));
		assertThat(stored("metric_data_points", tiny.id())).containsEntry("value", Double.MIN_VALUE)
			.containsEntry("count", 0L)
			.containsEntry("sum", -0.0)
			.containsEntry("min", 0.1 + 0.2)
			.containsEntry("max", -Double.MAX_VALUE);
	}

	@ParameterizedTest
	@EnumSource
	void ofTheVersionsOfASpanInABatchTheLaterEndStays(RowLoader road) {
		TraceSpan ended = version("ended", Records.START.plusSeconds(2));
		List<TraceSpan> versions = List.of(version("open", null), ended, version("early", Records.START.plusSeconds(1)),
				version("open again", null));
		traces(road, List.of(), with(road, (i) -> Records.span(i, i), versions.toArray(TraceSpan[]::new)), List.of());

		assertThat(span(ended)).containsEntry("name", "ended").containsEntry("duration_us", 2_000_000L);
		assertThat(StoredRows.of(this.database, "traces", "trace_id = 'versions'")).singleElement()
			.satisfies((trace) -> assertThat(trace).containsEntry("span_count", 1)
				.containsEntry("root_span_name", "ended"));
		assertThat(this.database.count("trace_spans")).isEqualTo(road.fillers() + 1);
	}

	@ParameterizedTest
	@EnumSource
	void ofTheDeclarationsOfATraceInABatchTheLaterEndStays(RowLoader road) {
		Trace late = declaration("late", Records.START.plusSeconds(2));
		traces(road, with(road, TableContractIT::trace, declaration("open", null), late,
				declaration("early", Records.START.plusSeconds(1))), List.of(), List.of());

		assertThat(trace(late)).containsEntry("service_name", "late").containsEntry("duration_us", 2_000_000L);
		assertThat(this.database.count("traces")).isEqualTo(road.fillers() + 1);
	}

	@ParameterizedTest
	@EnumSource
	void ofTheVersionsOfAMetricInABatchTheLastWrittenStays(RowLoader road) {
		Metric last = metricVersion("z last", MetricType.COUNTER);
		metrics(road, with(road, (i) -> Records.metric("m" + i), metricVersion("z", MetricType.GAUGE),
				metricVersion(null, MetricType.HISTOGRAM), last), List.of());

		assertThat(stored("metrics", last.id())).containsEntry("description", "z last")
			.containsEntry("metric_type", "counter");
		assertThat(this.database.count("metrics")).isEqualTo(road.fillers() + 1);
	}

	@ParameterizedTest
	@EnumSource
	void ofTheVersionsOfAScoreInABatchTheLatestStays(RowLoader road) {
		scores(road, with(road, Records::score, scoreVersion("early", 1), scoreVersion("late", 3),
				scoreVersion("in between", 2)));

		assertThat(storedScore("evaluation")).containsEntry("label", "late").containsEntry("comment", "late");
		assertThat(this.database.count("scores")).isEqualTo(road.fillers() + 1);
	}

	@ParameterizedTest
	@EnumSource
	void aBatchWrittenTwiceLeavesWhatIsMergedAsItWas(RowLoader road) {
		List<Trace> traces = with(road, TableContractIT::trace, declaration("declared", null));
		List<TraceSpan> spans = with(road, (i) -> Records.span(i / 3, i), version("ended", Records.START));
		List<Metric> metrics = with(road, (i) -> Records.metric("m" + i));
		List<Score> scores = with(road, Records::score);
		traces(road, traces, spans, List.of());
		scores(road, scores);
		metrics(road, metrics, List.of());
		Map<String, List<String>> once = keyed();
		scores(road, scores);
		traces(road, traces, spans, List.of());
		metrics(road, metrics, List.of());

		assertThat(keyed()).isEqualTo(once).allSatisfy((table, rows) -> assertThat(rows).isNotEmpty());
	}

	/**
	 * Without a key nobody can tell that an application has submitted a record twice;
	 * that is the price of their speed. Only what we send again ourselves lands once.
	 */
	@ParameterizedTest
	@EnumSource
	void aBatchWrittenTwiceIsAppendedTwice(RowLoader road) {
		List<LogRecord> logs = with(road, Records::log);
		List<TraceEvent> events = with(road, TableContractIT::event);
		List<MetricDataPoint> points = with(road, (i) -> Records.point("m", i));
		for (int i = 0; i < 2; i++) {
			logs(road, logs);
			traces(road, List.of(), List.of(), events);
			metrics(road, List.of(), points);
		}
		for (String table : List.of("logs", "trace_events", "metric_data_points")) {
			assertThat(this.database.rows("SELECT id FROM observatory." + table + " GROUP BY id HAVING count(*) = 2"))
				.as(table)
				.hasSize(road.fillers());
			assertThat(this.database.count(table)).as(table).isEqualTo(2L * road.fillers());
		}
	}

	/**
	 * Times around the hours that the zones of the session and of the JVM have twice, or
	 * lack.
	 */
	@ParameterizedTest
	@EnumSource
	void timesDoNotDependOnTheSessionsZone(RowLoader road) {
		List<Instant> times = List.of(Instant.parse("2026-04-04T14:30:00Z"), Instant.parse("2026-04-04T13:30:00Z"),
				Instant.parse("2025-09-27T14:15:00Z"), Instant.parse("2026-03-08T05:45:00Z"), Instant.EPOCH);
		List<LogRecord> logs = times.stream()
			.map((time) -> LogRecord.builder().timestamp(time).observedTimestamp(time).serviceName("zone").build())
			.toList();
		DataSource chatham = new DelegatingDataSource(this.database.dataSource()) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				try (Statement statement = connection.createStatement()) {
					statement.execute("SET TIME ZONE 'Pacific/Chatham'");
				}
				return connection;
			}

		};
		LogWriter writer = new LogWriter(chatham, config(road, WriterConfig.logs()));
		try (writer) {
			writer.writeLogs(with(road, Records::log, logs.toArray(LogRecord[]::new)));
			writer.flush();
		}
		assertAddsUp(writer, road.fillers() + logs.size());
		assertThat(this.database.jdbc()
			.queryForList("SELECT extract(epoch FROM timestamp)::bigint FROM observatory.logs "
					+ "WHERE service_name = 'zone' AND timestamp = observed_timestamp", Long.class))
			.containsExactlyInAnyOrderElementsOf(times.stream().map(Instant::getEpochSecond).toList());
	}

	@ParameterizedTest
	@EnumSource
	void whatPostgresCannotHoldIsReplacedTheSameWay(RowLoader road) {
		String nasty = "nul \0, half \uD83D and \uDE42.";
		String clean = "nul \uFFFD, half \uFFFD and \uFFFD.";
		LogRecord log = LogRecord.builder()
			.timestamp(Records.START)
			.serviceName(nasty)
			.traceId(nasty)
			.severityText(nasty)
			.body(nasty)
			.attributes(Map.of(nasty, List.of(nasty, Double.NaN)))
			.build();
		WriteStats stats = logs(road, with(road, Records::log, log));

		assertThat(log(log)).containsEntry("service_name", clean)
			.containsEntry("trace_id", clean)
			.containsEntry("severity_text", clean)
			.containsEntry("body", clean)
			.containsEntry("attributes", "{\"" + clean + "\": [\"" + clean + "\", \"NaN\"]}");
		assertThat(stats.replaced()).isEqualTo(7);
		assertThat(stats.truncated()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void whatLiesTooFarAheadIsRefusedAndItsNeighboursAreStored(RowLoader road) {
		Instant end = Instant.parse("9999-12-31T23:59:59.999999999Z");
		LogRecord log = LogRecord.builder().timestamp(end).serviceName("s").build();
		List<LogRecord> neighbours = with(road, Records::log);
		LogWriter writer = new LogWriter(this.database.dataSource(), config(road, WriterConfig.logs()));
		try (writer) {
			assertThatExceptionOfType(InvalidRecordException.class).isThrownBy(() -> writer.writeLog(log))
				.withMessage("LogRecord.timestamp: must not lie more than 7 days in the future");
			assertThatExceptionOfType(InvalidRecordException.class)
				.isThrownBy(() -> writer.writeLogs(with(road, Records::log, log)));
			writer.writeLogs(neighbours);
			writer.flush();
		}
		assertAddsUp(writer, neighbours.size());
		assertThat(writer.writeStats().refused()).isEqualTo(1 + road.fillers() + 1);
		assertThat(this.database.jdbc().queryForList("SELECT id FROM observatory.logs", UUID.class))
			.containsExactlyInAnyOrderElementsOf(neighbours.stream().map(LogRecord::id).toList());
	}

	// Records

	private static final String QUOTED_JSON = "\"NULL {\\\"a\\\",'b'} \\\\N \\\\u0000 \\\\\\\\ $1 ? %s \\t\\r\\n\\u0001 </script>\"";

	private static Map<String, Object> attributes() {
		Map<String, Object> attributes = new LinkedHashMap<>();
		attributes.put("text", QUOTED);
		attributes.put("", UNICODE);
		attributes.put("key \"'\\ 🙂", null);
		attributes.put("long", Long.MIN_VALUE);
		attributes.put("double", Double.MAX_VALUE);
		attributes.put("tiny", Double.MIN_VALUE);
		attributes.put("float", 0.1f);
		attributes.put("nan", Float.NaN);
		attributes.put("infinite", Double.NEGATIVE_INFINITY);
		attributes.put("exact", new BigDecimal("12345678901234567890.123456789012345678901234567890"));
		attributes.put("integer", BigInteger.TEN.pow(100));
		attributes.put("list", Arrays.asList(1, null, true, List.of(), Map.of()));
		attributes.put("array", new int[][] { { 1, 2 }, {} });
		attributes.put("bytes", new byte[] { -1, 0, 1 });
		attributes.put("time", Instant.EPOCH);
		attributes.put("enum", Status.OK);
		attributes.put("uuid", new UUID(1, 2));
		attributes.put("map", new HashMap<>(Map.of(1, 'c', SpanKind.CLIENT, new StringBuilder("b"))));
		return attributes;
	}

	private String attributesStored() {
		return json("{'text': %s, '': '%s', %s: null, 'long': -9223372036854775808, 'double': 1.7976931348623157E308, "
				+ "'tiny': 4.9E-324, 'float': 0.1, 'nan': 'NaN', 'infinite': '-Infinity', "
				+ "'exact': 12345678901234567890.123456789012345678901234567890, 'integer': %s, "
				+ "'list': [1, null, true, [], {}], 'array': [[1, 2], []], 'bytes': '/wAB', "
				+ "'time': '1970-01-01T00:00:00Z', 'enum': 'OK', 'uuid': '00000000-0000-0001-0000-000000000002', "
				+ "'map': {'1': 'c', 'CLIENT': 'b'}}", QUOTED_JSON, UNICODE, "\"key \\\"'\\\\ 🙂\"",
				"1" + "0".repeat(100));
	}

	/** Returns JSON as jsonb spells it, its quotes written as single ones. */
	private String json(String format, Object... values) {
		return StoredRows.json(this.database, format.replace('\'', '"').formatted(values));
	}

	private static Trace trace(int number) {
		return Trace.builder().traceId(Records.traceId(number)).serviceName("s").startTime(Records.START).build();
	}

	private static TraceEvent event(int number) {
		return TraceEvent.builder()
			.traceId(Records.traceId(number))
			.spanId(Records.spanId(number))
			.name("event " + number)
			.timestamp(Records.START)
			.build();
	}

	private static TraceSpan version(String name, Instant end) {
		return TraceSpan.builder()
			.traceId("versions")
			.spanId("versions")
			.name(name)
			.serviceName("s")
			.startTime(Records.START)
			.endTime(end)
			.build();
	}

	private static Trace declaration(String service, Instant end) {
		return Trace.builder().traceId("versions").serviceName(service).startTime(Records.START).endTime(end).build();
	}

	private static Score.Builder score() {
		return Score.builder()
			.name("correct")
			.source(Score.Source.EVALUATION)
			.timestamp(Records.START)
			.serviceName("s");
	}

	private static Score scoreVersion(String text, int second) {
		return score().traceId("versions")
			.label(text)
			.comment(text)
			.timestamp(Records.START.plusSeconds(second))
			.build();
	}

	private static Metric metricVersion(String description, MetricType type) {
		return Metric.builder().name("versions").serviceName("s").type(type).description(description).build();
	}

	/** Puts records between as many others as make the batch take its road. */
	@SafeVarargs
	private static <T> List<T> with(RowLoader road, IntFunction<T> filler, T... records) {
		List<T> all = new ArrayList<>(IntStream.range(0, road.fillers()).mapToObj(filler).toList());
		all.addAll(all.size() / 2, List.of(records));
		return all;
	}

	// Writing

	private WriteStats logs(RowLoader road, List<LogRecord> logs) {
		LogWriter writer = new LogWriter(this.database.dataSource(), config(road, WriterConfig.logs()));
		try (writer) {
			writer.writeLogs(logs);
			writer.flush();
		}
		return assertAddsUp(writer, logs.size());
	}

	private WriteStats traces(RowLoader road, List<Trace> traces, List<TraceSpan> spans, List<TraceEvent> events) {
		TraceWriter writer = new TraceWriter(this.database.dataSource(), config(road, WriterConfig.traces()));
		try (writer) {
			writer.writeTraces(traces);
			writer.writeSpans(spans);
			writer.writeEvents(events);
			writer.flush();
		}
		return assertAddsUp(writer, traces.size() + spans.size() + events.size());
	}

	private WriteStats scores(RowLoader road, List<Score> scores) {
		TraceWriter writer = new TraceWriter(this.database.dataSource(), config(road, WriterConfig.traces()));
		try (writer) {
			writer.writeScores(scores);
			writer.flush();
		}
		return assertAddsUp(writer, scores.size());
	}

	private WriteStats metrics(RowLoader road, List<Metric> metrics, List<MetricDataPoint> points) {
		MetricWriter writer = new MetricWriter(this.database.dataSource(), config(road, WriterConfig.metrics()));
		try (writer) {
			writer.write(metrics, points);
			writer.flush();
		}
		return assertAddsUp(writer, metrics.size() + points.size());
	}

	/** All in one batch, so that it goes the road that is asked for. */
	private static WriterConfig config(RowLoader road, WriterConfig.Builder config) {
		return config.writeMethod(road.method()).batchSize(10_000).maxConcurrency(1).build();
	}

	private static WriteStats assertAddsUp(Writer writer, long accepted) {
		WriteStats stats = writer.writeStats();
		assertThat(stats.accepted()).isEqualTo(accepted).isEqualTo(stats.stored());
		assertThat(stats.stored() + stats.deadLettered() + stats.droppedTotal() + stats.buffered() + stats.inFlight())
			.isEqualTo(accepted);
		assertThat(stats.batches()).isEqualTo(1);
		return stats;
	}

	// Reading

	private Map<String, Object> log(LogRecord log) {
		return stored("logs", log.id());
	}

	private Map<String, Object> span(TraceSpan span) {
		return stored("trace_spans", span.id());
	}

	private Map<String, Object> trace(Trace trace) {
		return stored("traces", trace.id());
	}

	private Map<String, Object> stored(String table, UUID id) {
		List<Map<String, Object>> rows = StoredRows.of(this.database, table, "id = ?", id);
		assertThat(rows).as("rows of %s with id %s", table, id).hasSize(1);
		return rows.get(0);
	}

	private Map<String, Object> storedScore(String source) {
		List<Map<String, Object>> rows = StoredRows.of(this.database, "scores", "source = ?", source);
		assertThat(rows).hasSize(1);
		return rows.get(0);
	}

	private Map<String, List<String>> keyed() {
		Map<String, List<String>> tables = new HashMap<>();
		for (String table : List.of("traces", "trace_spans", "metrics", "scores")) {
			tables.put(table, StoredRows.asText(this.database, "observatory", table));
		}
		return Collections.unmodifiableMap(tables);
	}

	private static Map<String, Object> row(Object... columns) {
		Map<String, Object> row = new LinkedHashMap<>();
		for (int i = 0; i < columns.length; i += 2) {
			row.put((String) columns[i], columns[i + 1]);
		}
		return row;
	}

	/**
	 * How a batch goes to the server. An upsert of few rows goes as parameters even where
	 * COPY is asked for.
	 */
	enum RowLoader {

		FEW_BY_COPY(WriteMethod.COPY, 5), MANY_BY_COPY(WriteMethod.COPY, 200), FEW_BY_INSERT(WriteMethod.INSERT, 5),
		MANY_BY_INSERT(WriteMethod.INSERT, 200);

		private final WriteMethod method;

		private final int fillers;

		RowLoader(WriteMethod method, int fillers) {
			this.method = method;
			this.fillers = fillers;
		}

		WriteMethod method() {
			return this.method;
		}

		int fillers() {
			return this.fillers;
		}

	}

}
