package io.observatory.storage.sample.it;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.LogLimits;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.SummaryData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import io.opentelemetry.sdk.metrics.data.ValueAtQuantile;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The real SDK with its real exporters on one side, every column of every row on the
 * other, whichever way they come. What is expected comes from the SDK's in-memory
 * exporters, fed with the same data. The starter's exporters get these data, too, and
 * their rows have to be the same.
 */
class OpenTelemetrySdkIT {

	private static final Instant SINCE = Instant.now().truncatedTo(ChronoUnit.MICROS);

	private static final String SECRET = "what nobody may read in a log";

	@TempDir
	private static Path directory;

	private static TestDatabase database;

	private static SampleProcess sample;

	private static InProcess inProcess;

	private final StoredRows stored = new StoredRows(database, SINCE);

	@BeforeAll
	static void start() {
		database = TestDatabase.create();
		sample = SampleProcess.start(directory, database.arguments());
		inProcess = InProcess.start(SINCE);
	}

	@AfterAll
	static void stop() {
		try (SampleProcess ended = sample; InProcess alsoEnded = inProcess) {
			assertThat(ended.log()).doesNotContain(SECRET);
		}
	}

	private static Resource resource(String service) {
		return Resource.create(Attributes.builder()
			.put("service.name", service)
			.put("service.instance.id", "pod-1")
			.put("process.command_args", "java", "-jar")
			.put("process.pid", 42)
			.build());
	}

	static Stream<Arguments> ways() {
		return Arrays.stream(OtlpProtocol.values())
			.flatMap((protocol) -> Stream.of(Arguments.of(protocol, "gzip"), Arguments.of(protocol, "none")));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void traces(OtlpProtocol protocol, String compression) {
		String service = protocol.service("traces", compression);
		List<SpanData> spans;
		InMemorySpanExporter memory = InMemorySpanExporter.create();
		try (SdkTracerProvider provider = SdkTracerProvider.builder()
			.setResource(resource(service))
			.setSpanLimits(SpanLimits.builder()
				.setMaxNumberOfAttributes(12)
				.setMaxNumberOfEvents(3)
				.setMaxNumberOfLinks(2)
				.setMaxNumberOfAttributesPerEvent(2)
				.setMaxNumberOfAttributesPerLink(1)
				.build())
			.addSpanProcessor(SimpleSpanProcessor.create(memory))
			.build()) {
			Tracer tracer = provider.tracerBuilder("io.shop.Checkout")
				.setInstrumentationVersion("2.1")
				.setSchemaUrl("https://opentelemetry.io/schemas/1.41.0")
				.build();
			SpansOfAllKinds.record(tracer, SECRET);
			SpansOfAllKinds.record(provider.get("plain"), SECRET);
			spans = memory.getFinishedSpanItems();
		}
		protocol.spans(sample, compression, spans);
		sample.flush();

		assertThat(spans).hasSize(10);
		assertThat(this.stored.of("trace_spans", "service_name = ?", service))
			.containsExactlyInAnyOrderElementsOf(ExpectedTraces.spans(spans));
		assertThat(this.stored.of("traces", "service_name = ?", service))
			.containsExactlyInAnyOrderElementsOf(ExpectedTraces.traces(spans));
		inProcess.exportSpans(spans);
		List.of("trace_spans", "traces")
			.forEach((table) -> assertThat(inProcess.stored().of(table, "service_name = ?", service))
				.containsExactlyInAnyOrderElementsOf(this.stored.of(table, "service_name = ?", service)));
	}

	@Test
	void aCallOfAModelHasTheNewestNamesWhicheverWayItComes() {
		List<SpanData> spans;
		InMemorySpanExporter memory = InMemorySpanExporter.create();
		OtlpHttpSpanExporter otlp = OtlpHttpSpanExporter.builder()
			.setEndpoint(sample.uri("/v1/traces").toString())
			.build();
		try (SdkTracerProvider provider = SdkTracerProvider.builder()
			.setResource(resource("models"))
			.addSpanProcessor(SimpleSpanProcessor.create(memory))
			.addSpanProcessor(BatchSpanProcessor.builder(otlp).build())
			.build()) {
			ModelCalls.record(provider.get("models"), SECRET);
			succeeds(provider.forceFlush());
			spans = memory.getFinishedSpanItems();
		}
		sample.flush();

		List<Map<String, Object>> received = this.stored.of("trace_spans", "service_name = ?", "models");
		assertThat(received).hasSize(2)
			.extracting(ModelCalls::ownAttributes)
			.containsExactlyInAnyOrder(ModelCalls.older(SECRET), ModelCalls.newest(SECRET));
		inProcess.exportSpans(spans);
		assertThat(inProcess.stored().of("trace_spans", "service_name = ?", "models"))
			.containsExactlyInAnyOrderElementsOf(received);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void metrics(OtlpProtocol protocol, String compression) {
		String service = protocol.service("metrics", compression);
		InMemoryMetricReader cumulative = InMemoryMetricReader.create();
		InMemoryMetricReader delta = InMemoryMetricReader.createDelta();
		try (SdkMeterProvider provider = SdkMeterProvider.builder()
			.setResource(resource(service))
			.registerMetricReader(cumulative)
			.registerMetricReader(delta)
			.registerView(InstrumentSelector.builder().setName("*.exponential").build(),
					View.builder().setAggregation(Aggregation.base2ExponentialBucketHistogram(20, 8)).build())
			.registerView(InstrumentSelector.builder().setName("filtered").build(),
					View.builder().setAttributeFilter(Map.<String, Object>of("kept", true)::containsKey).build())
			.build()) {
			recordMetrics(provider.meterBuilder("io.shop.Stock").setInstrumentationVersion("3.0").build());
			Collection<MetricData> metrics = joined(cumulative.collectAllMetrics(), List.of(summary(service)));
			Collection<MetricData> deltas = delta.collectAllMetrics();
			protocol.metrics(sample, compression, metrics);
			protocol.metrics(sample, compression, deltas);
			sample.flush();

			assertThat(metrics).hasSize(9);
			assertThat(this.stored.of("metrics", "service_name = ?", service))
				.containsExactlyInAnyOrderElementsOf(new HashSet<>(ExpectedMetrics.metrics(joined(metrics, deltas))));
			assertThat(roundedBuckets(points(this.stored, service)))
				.containsExactlyInAnyOrderElementsOf(roundedBuckets(ExpectedMetrics.points(joined(metrics, deltas))));
			inProcess.exportMetrics(metrics);
			inProcess.exportMetrics(deltas);
			assertThat(inProcess.stored().of("metrics", "service_name = ?", service))
				.containsExactlyInAnyOrderElementsOf(this.stored.of("metrics", "service_name = ?", service));
			assertThat(points(inProcess.stored(), service))
				.containsExactlyInAnyOrderElementsOf(points(this.stored, service));
		}
	}

	private static Collection<MetricData> joined(Collection<MetricData> some, Collection<MetricData> others) {
		Collection<MetricData> all = new ArrayList<>(some);
		all.addAll(others);
		return all;
	}

	private static List<Map<String, Object>> points(StoredRows stored, String service) {
		return stored.appended("metric_data_points",
				"metric_id IN (SELECT id FROM observatory.metrics WHERE service_name = ?)", service);
	}

	private static List<Map<String, Object>> roundedBuckets(List<Map<String, Object>> points) {
		points.forEach((point) -> point.compute("buckets", (name, buckets) -> Canonical.rounded(buckets)));
		return points;
	}

	private static void recordMetrics(Meter meter) {
		meter.counterBuilder("counter").setDescription("how many").setUnit("{item}").build().add(7);
		meter.counterBuilder("double.counter").ofDoubles().build().add(1.5, Attributes.builder().put("k", "v").build());
		meter.upDownCounterBuilder("up.down").build().add(-3);
		meter.gaugeBuilder("gauge").setUnit("Cel").build().set(-0.25, Attributes.builder().put("room", 1).build());
		meter.gaugeBuilder("long.gauge").ofLongs().build().set(1L << 40);
		var histogram = meter.histogramBuilder("histogram").setUnit("ms").build();
		var exponential = meter.histogramBuilder("latency.exponential").build();
		for (double value : new double[] { 0, 0.001, 1, 3.3, 4, 250, 99_999 }) {
			histogram.record(value);
			exponential.record(value);
		}
		// within a sampled span a measurement becomes an exemplar
		SpanContext context = SpanContext.create("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331",
				TraceFlags.getSampled(), TraceState.getDefault());
		try (Scope scope = Span.wrap(context).makeCurrent()) {
			histogram.record(12, Attributes.builder().put("route", "/a").build());
			exponential.record(12);
			meter.counterBuilder("filtered")
				.build()
				.add(2, Attributes.builder().put("kept", "yes").put("user", "u-1").build());
		}
	}

	/** An old kind of metric that the SDK has no instrument for. */
	private static MetricData summary(String service) {
		long now = System.currentTimeMillis() * 1_000_000;
		return ImmutableMetricData.createDoubleSummary(resource(service), InstrumentationScopeInfo.create("old"),
				"summary", "of old", "s",
				SummaryData.create(List
					.of(SummaryPointData.create(now - 1_000_000, now, Attributes.builder().put("k", "v").build(), 10,
							55.5, List.of(ValueAtQuantile.create(0.5, 5), ValueAtQuantile.create(1, 10.25))))));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void logs(OtlpProtocol protocol, String compression) {
		String service = protocol.service("logs", compression);
		List<LogRecordData> logs;
		InMemoryLogRecordExporter memory = InMemoryLogRecordExporter.create();
		try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
			.setResource(resource(service))
			.setLogLimits(() -> LogLimits.builder().setMaxNumberOfAttributes(3).build())
			.addLogRecordProcessor(SimpleLogRecordProcessor.create(memory))
			.build()) {
			recordLogs(provider.loggerBuilder("io.shop.Checkout")
				.setInstrumentationVersion("2.1")
				.setSchemaUrl("https://opentelemetry.io/schemas/1.41.0")
				.build());
			recordLogs(provider.get("plain"));
			logs = memory.getFinishedLogRecordItems();
		}
		protocol.logs(sample, compression, logs);
		sample.flush();

		assertThat(logs).hasSize(8);
		assertThat(this.stored.appended("logs", "service_name = ?", service))
			.containsExactlyInAnyOrderElementsOf(ExpectedLogs.logs(logs));
		inProcess.exportLogs(logs);
		assertThat(inProcess.stored().appended("logs", "service_name = ?", service))
			.containsExactlyInAnyOrderElementsOf(this.stored.appended("logs", "service_name = ?", service));
	}

	private static void recordLogs(Logger logger) {
		SpanContext context = SpanContext.create("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331",
				TraceFlags.getSampled(), TraceState.getDefault());
		logger.logRecordBuilder()
			.setTimestamp(Instant.parse("2025-03-04T05:06:07.123456789Z"))
			.setSeverity(Severity.ERROR3)
			.setSeverityText("SEVERE")
			.setBody(SECRET + " 😀 \t\"quoted\"")
			.setContext(Context.root().with(Span.wrap(context)))
			.setAttribute(AttributeKey.stringKey("k"), "v")
			.setAttribute(AttributeKey.doubleArrayKey("d"), List.of(0.1, -1e300))
			.emit();
		logger.logRecordBuilder().setBody("no time, no severity").emit();
		logger.logRecordBuilder()
			.setEventName("order.placed")
			.setBody(Value.of(KeyValue.of("list", Value.of(Value.of(1), Value.of("two"), Value.of(3.5))),
					KeyValue.of("bytes", Value.of(new byte[] { 0, -1 })), KeyValue.of("yes", Value.of(true))))
			.emit();
		logger.logRecordBuilder()
			.setAttribute(AttributeKey.longKey("a"), 1L)
			.setAttribute(AttributeKey.longKey("b"), Long.MIN_VALUE)
			.setAttribute(AttributeKey.booleanKey("c"), false)
			.setAttribute(AttributeKey.stringKey("d"), "dropped")
			.emit();
	}

	/**
	 * Those with a span and those without, from the SDK, by each protocol and in-process.
	 */
	@ParameterizedTest
	@EnumSource
	void evaluations(OtlpProtocol protocol) {
		String service = protocol.service("evaluations", "none");
		List<SpanData> spans;
		List<LogRecordData> logs;
		SpanContext judged;
		InMemorySpanExporter spanMemory = InMemorySpanExporter.create();
		InMemoryLogRecordExporter logMemory = InMemoryLogRecordExporter.create();
		try (SdkTracerProvider tracers = SdkTracerProvider.builder()
			.setResource(resource(service))
			.addSpanProcessor(SimpleSpanProcessor.create(spanMemory))
			.build();
				SdkLoggerProvider loggers = SdkLoggerProvider.builder()
					.setResource(resource(service))
					.addLogRecordProcessor(SimpleLogRecordProcessor.create(logMemory))
					.build()) {
			judged = Evaluations.record(tracers.get("judge"), loggers.get("judge"), service);
			spans = spanMemory.getFinishedSpanItems();
			logs = logMemory.getFinishedLogRecordItems();
		}
		protocol.spans(sample, "none", spans);
		protocol.logs(sample, "none", logs);
		// a sender that has missed the answer sends again
		protocol.logs(sample, "gzip", logs);
		sample.flush();

		List<Map<String, Object>> scores = this.stored.of("scores", "service_name = ?", service);
		assertThat(scores).extracting(Evaluations::told)
			.containsExactlyInAnyOrderElementsOf(Evaluations.expected(judged, service));
		assertThat(this.stored.of("logs", "service_name = ?", service)).as("the events are stored, too")
			.hasSizeGreaterThanOrEqualTo(logs.size());
		inProcess.exportSpans(spans);
		inProcess.exportLogs(logs);
		assertThat(inProcess.stored().of("scores", "service_name = ?", service))
			.containsExactlyInAnyOrderElementsOf(scores);
	}

	@Test
	void theJavaAgentIsTakenExactly() {
		AgentProcess grpc = AgentProcess.start(directory, "agent-grpc", Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
				"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + sample.grpcPort()));
		AgentProcess defaults = AgentProcess.start(directory, "agent-defaults",
				Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", sample.uri("").toString()));
		grpc.awaitExit();
		defaults.awaitExit();
		sample.flush();

		for (String service : List.of("agent-grpc", "agent-defaults")) {
			assertThat(this.stored.of("trace_spans", "service_name = ?", service)).hasSize(AgentApplication.WORK);
			assertThat(this.stored.appended("logs", "service_name = ?", service)).hasSize(AgentApplication.WORK);
			assertThat(this.stored.of("metric_data_points",
					"metric_id IN (SELECT id FROM observatory.metrics WHERE service_name = ? AND name = 'work.done')",
					service))
				.extracting((point) -> point.get("value"))
				.containsExactly((double) AgentApplication.WORK);
		}
	}

	@Test
	void theWritersAccountForAllOfIt() {
		sample.flush();
		sample.get("/api/stats").get("writers").forEach((writer) -> {
			assertThat(writer.get("buffer").get("rows").asLong()).isZero();
			assertThat(writer.get("written").get("accepted").asLong())
				.isEqualTo(writer.get("written").get("stored").asLong());
			assertThat(writer.get("status").get("state").asString()).isEqualTo("RUNNING");
		});
	}

	private static void succeeds(CompletableResultCode result) {
		assertThat(result.join(60, TimeUnit.SECONDS).isSuccess()).as("exported").isTrue();
	}

}
