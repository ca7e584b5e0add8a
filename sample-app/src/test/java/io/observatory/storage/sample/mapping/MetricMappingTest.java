package io.observatory.storage.sample.mapping;

import java.util.List;
import java.util.Map;

import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetricMappingTest {

	private final Rejections rejections = new Rejections();

	private List<MappedMetric> map(Metric.Builder... metrics) {
		ScopeMetrics.Builder scope = ScopeMetrics.newBuilder().setScope(Proto.scope()).setSchemaUrl("https://schema/1");
		for (Metric.Builder metric : metrics) {
			scope.addMetrics(metric);
		}
		return MetricMapping.metrics(ExportMetricsServiceRequest.newBuilder()
			.addResourceMetrics(ResourceMetrics.newBuilder().setResource(Proto.resource()).addScopeMetrics(scope))
			.build(), this.rejections);
	}

	private static Metric.Builder metric() {
		return Metric.newBuilder().setName("m");
	}

	@Test
	void everyField() {
		List<MappedMetric> mapped = map(metric().setDescription("what")
			.setUnit("By")
			.addMetadata(Proto.attribute("prometheus.type", "gauge"))
			.setGauge(Gauge.getDefaultInstance()));

		assertThat(
				mapped)
			.containsExactly(new MappedMetric(io.observatory.storage.model.Metric.builder()
				.name("m")
				.description("what")
				.unit("By")
				.type(MetricType.GAUGE)
				.serviceName("shop")
				.attributes(Map.of("prometheus.type", "gauge", "otel.scope",
						Map.of("name", "lib", "version", "1.0", "attributes", Map.of("short", "yes")),
						"otel.schema_url", "https://schema/1"))
				.resourceAttributes(Map.of("service.name", "shop", "service.instance.id", "pod-1"))
				.stream(mapped.get(0).metric().stream())
				.build(), List.of()));
	}

	@Test
	void types() {
		assertThat(map(metric().setGauge(Gauge.getDefaultInstance()),
				metric().setSum(Sum.newBuilder().setIsMonotonic(true)), metric().setSum(Sum.getDefaultInstance()),
				metric().setHistogram(Histogram.getDefaultInstance()),
				metric().setExponentialHistogram(ExponentialHistogram.getDefaultInstance()),
				metric().setSummary(Summary.getDefaultInstance())))
			.extracting((mapped) -> mapped.metric().type())
			.containsExactly(MetricType.GAUGE, MetricType.COUNTER, MetricType.GAUGE, MetricType.HISTOGRAM,
					MetricType.HISTOGRAM, MetricType.SUMMARY);
	}

	@Test
	void emptyTextIsNull() {
		io.observatory.storage.model.Metric metric = map(metric().setGauge(Gauge.getDefaultInstance())).get(0).metric();
		assertThat(metric.description()).isNull();
		assertThat(metric.unit()).isNull();
	}

	@Test
	void aMetricWithoutDataIsRemarkedOn() {
		assertThat(map(metric())).isEmpty();
		assertThat(this.rejections.count()).isZero();
		assertThat(this.rejections.message()).isEqualTo("Metric.data: is missing or of an unknown kind");
	}

	@Test
	void badPointsAreCountedAndTheOthersKept() {
		List<MappedMetric> mapped = map(metric().setGauge(Gauge.newBuilder()
			.addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(Proto.TIME).setAsInt(1))
			.addDataPoints(NumberDataPoint.newBuilder().setAsInt(2))
			.addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(Proto.TIME))
			.addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(Proto.TIME).setAsInt(3))));

		assertThat(mapped.get(0).points()).extracting(MetricDataPoint::value).containsExactly(1.0, 3.0);
		assertThat(this.rejections.count()).isEqualTo(2);
		assertThat(this.rejections.message())
			.isEqualTo("NumberDataPoint.time_unix_nano: is missing; NumberDataPoint.value: is missing");
	}

}
