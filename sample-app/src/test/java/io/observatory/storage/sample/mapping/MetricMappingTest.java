package io.observatory.storage.sample.mapping;

import java.util.Map;

import io.observatory.storage.model.MetricType;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MetricMappingTest {

	private static io.observatory.storage.model.Metric map(Metric.Builder metric) {
		return MetricMapping.metric(metric.build(), Proto.origin());
	}

	private static Metric.Builder metric() {
		return Metric.newBuilder().setName("m");
	}

	@Test
	void everyField() {
		io.observatory.storage.model.Metric mapped = map(metric().setDescription("what")
			.setUnit("By")
			.addMetadata(Proto.attribute("prometheus.type", "gauge"))
			.setGauge(Gauge.getDefaultInstance()));
		assertThat(mapped).isEqualTo(io.observatory.storage.model.Metric.builder()
			.name("m")
			.description("what")
			.unit("By")
			.type(MetricType.GAUGE)
			.serviceName("shop")
			.attributes(Map.of("prometheus.type", "gauge", "otel.scope",
					Map.of("name", "lib", "version", "1.0", "attributes", Map.of("short", "yes")), "otel.schema_url",
					"https://schema/1"))
			.resourceAttributes(Map.of("service.name", "shop", "service.instance.id", "pod-1"))
			.stream(mapped.stream())
			.build());
	}

	@Test
	void types() {
		assertThat(map(metric().setGauge(Gauge.getDefaultInstance())).type()).isEqualTo(MetricType.GAUGE);
		assertThat(map(metric().setSum(Sum.newBuilder().setIsMonotonic(true))).type()).isEqualTo(MetricType.COUNTER);
		assertThat(map(metric().setSum(Sum.getDefaultInstance())).type()).isEqualTo(MetricType.GAUGE);
		assertThat(map(metric().setHistogram(Histogram.getDefaultInstance())).type()).isEqualTo(MetricType.HISTOGRAM);
		assertThat(map(metric().setExponentialHistogram(ExponentialHistogram.getDefaultInstance())).type())
			.isEqualTo(MetricType.HISTOGRAM);
		assertThat(map(metric().setSummary(Summary.getDefaultInstance())).type()).isEqualTo(MetricType.SUMMARY);
	}

	@Test
	void emptyTextIsNull() {
		io.observatory.storage.model.Metric metric = map(metric().setGauge(Gauge.getDefaultInstance()));
		assertThat(metric.description()).isNull();
		assertThat(metric.unit()).isNull();
	}

	@Test
	void aMetricWithoutDataIsBad() {
		assertThatExceptionOfType(BadRecordException.class).isThrownBy(() -> map(metric()))
			.withMessage("Metric.data: is missing or of an unknown kind");
	}

}
