package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.Bucket;
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
import io.observatory.storage.sample.SampleApplication;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.util.HtmlUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever the writers take, every page answers, and shows it: any optional part of a
 * record may be missing, and numbers may be as large as they can be, or none.
 */
@Tag("faults")
class AnyRecordOnPagesIT {

	private static final boolean FULL = "full".equals(System.getProperty("faults.length"));

	private static final Pattern RECORD = Pattern.compile("href=\"(/logs/record[^\"]+)\"");

	private static final String COLUMNS = """
			SELECT table_name, column_name FROM information_schema.columns
			 WHERE table_schema = 'observatory'
			   AND table_name IN ('traces', 'trace_spans', 'trace_events', 'metrics', 'metric_data_points', 'logs', 'scores')
			""";

	private static final HttpClient client = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext context;

	private static TestDatabase database;

	@BeforeContainer
	static void start() {
		database = TestDatabase.create();
		context = new SpringApplicationBuilder(SampleApplication.class)
			.run(database.arguments("--server.port=0", "--observatory.storage.capture.logback.enabled=false",
					"--observatory.storage.capture.micrometer.enabled=false"));
	}

	@AfterContainer
	static void stop() {
		if (context != null) {
			context.close();
		}
	}

	@Property(tries = 30, seed = "20261128", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void aTraceIsShown(@ForAll("spans") List<TraceSpan> spans, @ForAll("traces") Optional<Trace> declared,
			@ForAll boolean event, @ForAll("scores") List<Score> scores) {
		String traceId = hex(32);
		List<TraceSpan> own = spans.stream().map((span) -> of(traceId, span)).toList();
		TraceWriter writer = context.getBean(TraceWriter.class);
		declared.ifPresent((trace) -> writer.writeTrace(of(traceId, trace)));
		writer.writeSpans(own);
		if (event && !own.isEmpty()) {
			writer.writeEvent(TraceEvent.builder()
				.traceId(traceId)
				.spanId(own.get(0).spanId())
				.name("on its own")
				.timestamp(Instant.now())
				.build());
		}
		List<Score> ownScores = scores.stream().map((score) -> of(traceId, score)).toList();
		writer.writeScores(ownScores);
		writer.flush();
		page("/");
		page("/writers");
		String list = page("/traces");
		if (own.isEmpty() && declared.isEmpty()) {
			return;
		}
		assertThat(list).contains("/traces/" + traceId);
		page("/traces?sort=slowest");
		String page = page("/traces/" + traceId);
		if (!own.isEmpty() && own.stream().noneMatch((span) -> span.name().isBlank())) {
			assertThat(page).as("a name to find it by").doesNotContain("<h1><bdi>(no name)");
		}
		declared.map(Trace::rootSpanName).ifPresent((name) -> assertThat(page).contains("<h1><bdi>" + html(name)));
		ownScores.forEach((score) -> assertThat(page).contains("<strong><bdi>" + html(score.name())));
		for (TraceSpan span : own) {
			assertThat(page).contains("<bdi class=\"name\">" + html(span.name()));
			assertThat(page("/traces/" + traceId + "?span=" + span.spanId())).contains("data-span=\"" + span.spanId());
		}
	}

	@Property(tries = 30, seed = "20261128", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void aLogRecordIsShownAndFound(@ForAll("logs") LogRecord log) {
		LogWriter writer = context.getBean(LogWriter.class);
		writer.writeLog(log);
		writer.flush();
		page("/logs");
		String word = (log.body() != null) ? log.body() : eventName(log);
		String found = page("/logs?service=" + encode(log.serviceName()) + ((word != null) ? "&q=" + word : ""));
		Matcher link = RECORD.matcher(found);
		assertThat(link.find()).as(found).isTrue();
		assertThat(found).contains("<bdi class=\"said\">" + ((word != null) ? word : "(no text)"));
		assertThat(page(HtmlUtils.htmlUnescape(link.group(1)))).contains((word != null) ? word : "It has no text.");
	}

	@Property(tries = 30, seed = "20261128", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void aMetricIsShown(@ForAll("metrics") Metric metric, @ForAll("points") List<MetricDataPoint> points) {
		MetricWriter writer = context.getBean(MetricWriter.class);
		writer.write(List.of(metric), points.stream().map((point) -> of(metric, point)).toList());
		writer.flush();
		assertThat(page("/metrics?q=" + metric.name())).contains(">" + metric.name() + "<");
		assertThat(page("/metrics?id=" + metric.id())).contains("<h2><bdi>" + metric.name(),
				">" + points.size() + "</span> points");
		page("/metrics?by=a&id=" + metric.id());
	}

	/** Whatever the writers do today: a column that may be null is null some day. */
	@Example
	void everyNullableColumnMayBeNull() {
		Full full = Full.write(context);
		List<Column> columns = columns("is_nullable = 'YES'");
		assertThat(columns).hasSizeGreaterThan(30);
		for (List<Column> some : toTryTogether(columns)) {
			answersWith(full, some, "NULL");
		}
	}

	/**
	 * What is in JSON has no constraint at all. In short, every column meets a third of
	 * the values and every value a third of the columns.
	 */
	@Example
	void everyPartOfJsonMayBeMissing() {
		Full full = Full.write(context);
		List<String> values = List.of("null", "[]", "{}", "[{}]", "[null, 1, \"text\", []]", "1e400",
				"[{\"name\": \"without a time\"}, {\"timestamp\": \"never\", \"attributes\": null}]");
		List<List<Column>> columns = toTryTogether(columns("data_type = 'jsonb'"));
		int step = FULL ? 1 : 3;
		for (int i = 0; i < columns.size(); i++) {
			for (int value = i % step; value < values.size(); value += step) {
				answersWith(full, columns.get(i), "'" + values.get(value) + "'::jsonb");
			}
		}
	}

	private static List<Column> columns(String condition) {
		return database.jdbc()
			.query(COLUMNS + " AND " + condition + " ORDER BY table_name, column_name",
					(row, number) -> new Column(row.getString("table_name"), row.getString("column_name")));
	}

	/** In full, each column is tried alone; in short, one of each table at a time. */
	private static List<List<Column>> toTryTogether(List<Column> columns) {
		if (FULL) {
			return columns.stream().map(List::of).toList();
		}
		Collection<List<Column>> tables = columns.stream().collect(Collectors.groupingBy(Column::table)).values();
		int most = tables.stream().mapToInt(List::size).max().orElseThrow();
		return IntStream.range(0, most)
			.mapToObj((i) -> tables.stream().filter((table) -> table.size() > i).map((table) -> table.get(i)).toList())
			.toList();
	}

	private static void answersWith(Full full, List<Column> columns, String value) {
		columns.forEach((column) -> database.jdbc()
			.execute(column.in("CREATE TABLE kept_{table} AS SELECT * FROM observatory.{table}; "
					+ "UPDATE observatory.{table} SET \"{column}\" = " + value)));
		full.paths().forEach(AnyRecordOnPagesIT::page);
		columns.forEach((column) -> database.jdbc()
			.execute(column
				.in("UPDATE observatory.{table} t SET \"{column}\" = k.\"{column}\" FROM kept_{table} k WHERE k.id = t.id; "
						+ "DROP TABLE kept_{table}")));
	}

	/**
	 * A column of a table.
	 */
	private record Column(String table, String column) {

		String in(String sql) {
			return sql.replace("{table}", this.table).replace("{column}", this.column);
		}

	}

	@Provide
	static Arbitrary<List<TraceSpan>> spans() {
		Arbitrary<SpanKind> kinds = Arbitraries.of(SpanKind.class);
		Arbitrary<Optional<Instant>> ends = times().optional(0.6);
		Arbitrary<Optional<Long>> durations = Arbitraries
			.frequencyOf(net.jqwik.api.Tuple.of(3, Arbitraries.longs().between(0, 10_000_000)),
					net.jqwik.api.Tuple.of(1, Arbitraries.of(0L, Long.MAX_VALUE, Long.MAX_VALUE / 1000)))
			.optional(0.3);
		Arbitrary<String> parents = Arbitraries.of("", "1000000000000001", "1000000000000002", "ffffffffffffffff");
		return Combinators
			.combine(kinds, times(), ends, durations, parents, Arbitraries.of(Status.class), names(), attributes())
			.flatAs((kind, start, end, duration, parent, status, name, attributes) -> Combinators
				.combine(events(), words().optional(0.3))
				.as((events, message) -> TraceSpan.builder()
					.traceId("0")
					.spanId("0")
					.parentSpanId(parent.isEmpty() ? null : parent)
					.name(name)
					.kind(kind)
					.serviceName("any")
					.startTime(start)
					.endTime(end.orElse(null))
					.durationUs(duration.orElse(null))
					.status(status)
					.statusMessage(message.orElse(null))
					.attributes(attributes)
					.events(events)
					.links(events.isEmpty() ? List.of() : List.of(new SpanLink("t", "s", Map.of())))
					.build()))
			.list()
			.ofMaxSize(5);
	}

	@Provide
	static Arbitrary<List<Score>> scores() {
		return Combinators
			.combine(names().filter((name) -> !name.isEmpty()), Arbitraries.of(Score.Source.class),
					numbers().filter(Double::isFinite).optional(0.7), words().optional(0.5), words().optional(0.3),
					times(), Arbitraries.of("1000000000000001").optional(0.3))
			.as((name, source, value, label, comment, time, span) -> Score.builder()
				.traceId("0")
				.spanId(span.orElse(null))
				.name(name)
				.source(source)
				.value(value.orElse(label.isPresent() ? null : 1.0))
				.label(label.orElse(null))
				.comment(comment.orElse(null))
				.timestamp(time)
				.serviceName("any")
				.build())
			.list()
			.ofMaxSize(3);
	}

	private static Arbitrary<List<SpanEvent>> events() {
		return names().map((name) -> new SpanEvent(name, Instant.now(), Map.of("a", 1))).list().ofMaxSize(2);
	}

	@Provide
	static Arbitrary<Optional<Trace>> traces() {
		return Combinators.combine(times(), times().optional(0.5), names().optional(0.5), words().optional(0.5))
			.as((start, end, name, message) -> Trace.builder()
				.traceId("0")
				.serviceName("any")
				.startTime(start)
				.endTime(end.orElse(null))
				.rootSpanName(name.orElse(null))
				.statusMessage(message.orElse(null))
				.status(message.isPresent() ? Status.ERROR : Status.UNSET)
				.build())
			.optional(0.3);
	}

	@Provide
	static Arbitrary<LogRecord> logs() {
		Arbitrary<Map<String, Object>> events = Combinators
			.combine(Arbitraries.of(OtelAttributes.EVENT_NAME, "event.name", "other"), words())
			.as((name, value) -> Map.of(name, value));
		return Combinators
			.combine(times(), times().optional(0.5), Arbitraries.integers().optional(0.7), words().optional(0.5),
					words().optional(0.5), words().optional(0.3), events)
			.as((time, observed, severity, severityText, body, scope, attributes) -> LogRecord.builder()
				.timestamp(time)
				.observedTimestamp(observed.orElse(null))
				.severityNumber(severity.orElse(null))
				.severityText(severityText.orElse(null))
				.body(body.orElse(null))
				.serviceName("log-" + hex(8))
				.traceId(scope.isPresent() ? hex(32) : null)
				.scopeName(scope.orElse(null))
				.attributes(attributes)
				.build());
	}

	@Provide
	static Arbitrary<Metric> metrics() {
		return Combinators
			.combine(Arbitraries.of(MetricType.class), Arbitraries.of("s", "By", "USD", "1", "odd").optional(0.7),
					words().optional(0.5))
			.as((type, unit, description) -> Metric.builder()
				.name("metric." + hex(12))
				.serviceName("any")
				.type(type)
				.unit(unit.orElse(null))
				.description(description.orElse(null))
				.build());
	}

	@Provide
	static Arbitrary<List<MetricDataPoint>> points() {
		Arbitrary<Long> counts = Arbitraries.of(0L, 1L, 7L, 1L << 53, Long.MAX_VALUE);
		Arbitrary<List<Bucket>> buckets = Combinators.combine(numbers(), counts).as(Bucket::new).list().ofMaxSize(4);
		Arbitrary<List<Quantile>> quantiles = Combinators.combine(numbers(), numbers())
			.as(Quantile::new)
			.list()
			.ofMaxSize(3);
		Arbitrary<Map<String, Object>> attributes = Combinators
			.combine(Arbitraries.of("delta", "cumulative", "odd"),
					Arbitraries.of("2026-11-28T00:00:00Z", "-999999999-01-01T00:00:00Z", "+999999999-01-01T00:00:00Z",
							"yesterday", "1970-01-01T00:00:00Z"),
					Arbitraries.integers().between(0, 3))
			.as((temporality, start, parts) -> (parts == 0) ? Map.of("a", 1)
					: Map.of(OtelAttributes.TEMPORALITY, temporality, OtelAttributes.START_TIME, start, "a", parts));
		return Combinators
			.combine(times(), numbers().optional(0.5), counts.optional(0.5), numbers().optional(0.5),
					numbers().optional(0.5), buckets, quantiles, attributes)
			.as((time, value, count, sum, max, bucket, quantile, attribute) -> MetricDataPoint.builder()
				.metricName("0")
				.serviceName("0")
				.timestamp(time)
				.value(value.orElse(null))
				.count(count.orElse(null))
				.sum(sum.orElse(null))
				.min(max.map((most) -> -most).orElse(null))
				.max(max.orElse(null))
				.buckets(bucket)
				.quantiles(quantile)
				.attributes(attribute)
				.build())
			.list()
			.ofMaxSize(6);
	}

	private static Arbitrary<Double> numbers() {
		return Arbitraries.oneOf(Arbitraries.of(0.0, 1.0, 0.5, -3.0, 1e300, Double.MAX_VALUE, Double.MIN_VALUE,
				Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
				Arbitraries.doubles().between(0, 1000));
	}

	private static Arbitrary<Instant> times() {
		return Arbitraries.longs()
			.between(1, 3_000_000)
			.map((millis) -> Instant.now().minusMillis(millis).truncatedTo(ChronoUnit.MICROS));
	}

	private static Arbitrary<String> words() {
		return Arbitraries.strings().withCharRange('a', 'z').ofLength(12);
	}

	private static Arbitrary<String> names() {
		return Arbitraries.oneOf(words(), Arbitraries.of("", " ", "<b>'\"&", "🙂\u202e", "x".repeat(255)));
	}

	private static Arbitrary<Map<String, Object>> attributes() {
		Arbitrary<Object> values = Arbitraries.<Object>of("text", "NaN", "1e999", 12, -1L, Long.MAX_VALUE, 0.5, true,
				List.of(), List.of(1, "a"), Map.of("role", "user"), "[{\"role\":\"user\"}]", "");
		return Arbitraries
			.maps(Arbitraries.of("gen_ai.operation.name", "gen_ai.request.model", "gen_ai.response.model",
					"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "llm.cost.amount_usd",
					"gen_ai.response.finish_reasons", "gen_ai.input.messages", "gen_ai.output.messages",
					"otel.resource", "gen_ai.response.time_to_first_chunk", "error.type", "other"), values)
			.ofMaxSize(6)
			.map((chosen) -> chosen.containsKey("other") ? withOperation(chosen) : chosen);
	}

	private static Map<String, Object> withOperation(Map<String, Object> attributes) {
		attributes.put("gen_ai.operation.name", "chat");
		return attributes;
	}

	private static String eventName(LogRecord log) {
		Object name = log.attributes().get(OtelAttributes.EVENT_NAME);
		return (String) ((name != null) ? name : log.attributes().get("event.name"));
	}

	private static TraceSpan of(String traceId, TraceSpan span) {
		return new TraceSpan(traceId, hex(16), span.parentSpanId(), span.name(), span.kind(), span.serviceName(),
				span.startTime(), span.endTime(), span.durationUs(), span.status(), span.statusMessage(),
				span.attributes(), span.events(), span.links());
	}

	private static Score of(String traceId, Score score) {
		return score.toBuilder().traceId(traceId).build();
	}

	private static Trace of(String traceId, Trace trace) {
		return new Trace(traceId, trace.serviceName(), trace.startTime(), trace.endTime(), trace.durationUs(),
				trace.status(), trace.statusMessage(), trace.rootSpanName(), trace.attributes(),
				trace.resourceAttributes());
	}

	private static MetricDataPoint of(Metric metric, MetricDataPoint point) {
		return MetricDataPoint.builder()
			.metricName(metric.name())
			.serviceName(metric.serviceName())
			.timestamp(point.timestamp())
			.value(point.value())
			.count(point.count())
			.sum(point.sum())
			.min(point.min())
			.max(point.max())
			.buckets(point.buckets())
			.quantiles(point.quantiles())
			.attributes(point.attributes())
			.build();
	}

	private static String hex(int length) {
		return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "").substring(0, length);
	}

	private static String html(String text) {
		return HtmlUtils.htmlEscape(text, "UTF-8");
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	private static String page(String path) {
		URI uri = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
		try {
			HttpResponse<String> response = client
				.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
			assertThat(response.statusCode()).as("GET %s: %s", path, response.body()).isEqualTo(200);
			return response.body();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A record of each kind with all it can have, and the pages that show them.
	 */
	private record Full(List<String> paths) {

		static Full write(ConfigurableApplicationContext context) {
			Instant now = Instant.now();
			String traceId = hex(32);
			String spanId = hex(16);
			Metric metric = Metric.builder()
				.name("full." + hex(8))
				.serviceName("full")
				.type(MetricType.HISTOGRAM)
				.unit("s")
				.description("all of it")
				.build();
			LogRecord log = LogRecord.builder()
				.timestamp(now.truncatedTo(ChronoUnit.MICROS))
				.observedTimestamp(now)
				.severityNumber(9)
				.severityText("INFO")
				.body("full body")
				.serviceName("full")
				.traceId(traceId)
				.spanId(spanId)
				.traceFlags(1)
				.scopeName("scope")
				.scopeVersion("1")
				.scopeAttributes(Map.of("a", 1))
				.build();
			TraceWriter traces = context.getBean(TraceWriter.class);
			traces.writeSpan(TraceSpan.builder()
				.traceId(traceId)
				.spanId(spanId)
				.name("chat")
				.kind(SpanKind.CLIENT)
				.serviceName("full")
				.startTime(now.minusSeconds(1))
				.endTime(now)
				.status(Status.ERROR)
				.statusMessage("failed")
				.attributes(Map.of("gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o",
						"gen_ai.response.id", "full response"))
				.events(List.of(new SpanEvent("event", now, Map.of("a", 1))))
				.links(List.of(new SpanLink(traceId, spanId, Map.of())))
				.build());
			traces
				.writeEvent(TraceEvent.builder().traceId(traceId).spanId(spanId).name("alone").timestamp(now).build());
			traces.writeScores(List.of(score(now).traceId(traceId).spanId(spanId).build(),
					score(now).responseId("full response").build()));
			context.getBean(LogWriter.class).writeLog(log);
			context.getBean(MetricWriter.class)
				.write(List.of(metric),
						List.of(MetricDataPoint.builder()
							.metricName(metric.name())
							.serviceName("full")
							.timestamp(now)
							.value(1.0)
							.count(2L)
							.sum(3.0)
							.min(1.0)
							.max(2.0)
							.buckets(List.of(new Bucket(1, 1), new Bucket(2, 1)))
							.quantiles(List.of(new Quantile(0.5, 1)))
							.build()));
			context.getBeansOfType(Writer.class).values().forEach(Writer::flush);
			return new Full(List.of("/", "/traces", "/traces?sort=slowest", "/traces?score=full", "/traces/" + traceId,
					"/logs", "/logs?q=full", "/logs?trace=" + traceId,
					"/logs/record?service=full&at=" + log.timestamp() + "&id=" + log.id(), "/metrics?q=full",
					"/metrics?id=" + metric.id()));
		}

		private static Score.Builder score(Instant time) {
			return Score.builder()
				.name("full")
				.source(Score.Source.REVIEWER)
				.value(0.5)
				.label("half")
				.comment("all of it")
				.timestamp(time)
				.serviceName("full");
		}

	}

}
