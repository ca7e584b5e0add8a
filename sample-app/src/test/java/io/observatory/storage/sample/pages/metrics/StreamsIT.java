package io.observatory.storage.sample.pages.metrics;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.capture.opentelemetry.ObservatoryMetricExporter;
import io.observatory.storage.sample.SampleApplication;
import io.observatory.storage.sample.it.TestDatabase;
import io.observatory.storage.sample.pages.Chart;
import io.observatory.storage.sample.pages.metrics.StreamsTest.Process;
import io.observatory.storage.writer.MetricWriter;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.resources.Resource;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The processes of {@link StreamsTest}, sent by OpenTelemetry's SDK to the receiver, or
 * exported in the process, and read back from PostgreSQL: the page shows the same.
 */
class StreamsIT {

	private static ConfigurableApplicationContext context;

	@BeforeContainer
	static void start() {
		context = new SpringApplicationBuilder(SampleApplication.class).run(TestDatabase.create()
			.arguments("--server.port=0", "--sample.grpc.port=0", "--observatory.storage.capture.logback.enabled=false",
					"--observatory.storage.capture.micrometer.enabled=false"));
	}

	@AfterContainer
	static void stop() {
		if (context != null) {
			context.close();
		}
	}

	@Provide
	static Arbitrary<List<Process>> processes() {
		return StreamsTest.processes();
	}

	@Property(tries = 15, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void ofTheReceiver(@ForAll("processes") List<Process> processes) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		try (OtlpHttpMetricExporter exporter = OtlpHttpMetricExporter.builder()
			.setEndpoint("http://127.0.0.1:" + port + "/v1/metrics")
			.build()) {
			assertShown(processes, exporter);
		}
	}

	@Property(tries = 15, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
	void ofTheExporter(@ForAll("processes") List<Process> processes) {
		assertShown(processes, new ObservatoryMetricExporter(context.getBean(MetricWriter.class)));
	}

	private static void assertShown(List<Process> processes, MetricExporter exporter) {
		String service = UUID.randomUUID().toString();
		List<MetricData> data = processes.stream()
			.flatMap((process) -> List.of(sum(service, process), histogram(service, process)).stream())
			.toList();
		assertThat(exporter.export(data).join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
		context.getBean(MetricWriter.class).flush();

		MetricQueries queries = context.getBean(MetricQueries.class);
		List<MetricInfo> metrics = queries.metrics(service);
		assertThat(metrics).hasSize(2 * (int) processes.stream().map(Process::delta).distinct().count());
		for (MetricInfo metric : metrics) {
			List<Process> own = processes.stream()
				.filter((process) -> process.delta() == "delta".equals(metric.temporality()))
				.toList();
			MetricQueries.Points points = queries.points(metric, queries.streams(metric), StreamsTest.HOUR);
			Chart chart = MetricCharts.of(metric, points.points(), points.from(), StreamsTest.HOUR, null).get(0);
			if (metric.type().equals("histogram")) {
				StreamsTest.assertQuantiles(chart, own);
			}
			else {
				StreamsTest.assertRates(chart, own);
			}
		}
	}

	private static MetricData sum(String service, Process process) {
		return ImmutableMetricData.createDoubleSum(resource(service, process), scope(process), "orders", "", "1",
				ImmutableSumData.create(true, temporality(process), process.points()
					.stream()
					.<DoublePointData>map((point) -> ImmutableDoublePointData.create(nanos(point.series().start()),
							nanos(point.time()), Attributes.empty(), value(point.value())))
					.toList()));
	}

	private static MetricData histogram(String service, Process process) {
		return ImmutableMetricData.createDoubleHistogram(resource(service, process), scope(process), "sizes", "", "1",
				ImmutableHistogramData.create(temporality(process),
						process.histograms()
							.stream()
							.<HistogramPointData>map((point) -> ImmutableHistogramPointData.create(
									nanos(point.series().start()), nanos(point.time()), Attributes.empty(),
									value(point.sum()), false, 0, false, 0, List.of(1.0, 2.0),
									point.buckets().stream().map((bucket) -> bucket.count()).toList()))
							.toList()));
	}

	private static Resource resource(String service, Process process) {
		return Resource.create(Attributes.builder()
			.put("service.name", service)
			.put("service.instance.id", process.stream().toString())
			.put("pod", process.pod())
			.build());
	}

	private static InstrumentationScopeInfo scope(Process process) {
		return InstrumentationScopeInfo.create(process.scope());
	}

	private static AggregationTemporality temporality(Process process) {
		return process.delta() ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
	}

	/** An unknown start is 0. */
	private static long nanos(@Nullable Instant time) {
		return (time != null) ? TimeUnit.SECONDS.toNanos(time.getEpochSecond()) : 0;
	}

	private static double value(@Nullable Double value) {
		assertThat(value).isNotNull();
		return value;
	}

}
