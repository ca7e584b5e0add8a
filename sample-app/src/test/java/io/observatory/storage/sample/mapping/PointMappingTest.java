package io.observatory.storage.sample.mapping;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Quantile;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PointMappingTest {

	private static final Instant AT = Instant.parse("2025-03-04T05:06:07.123456789Z");

	private static final long START = Proto.TIME - 60_000_000_000L;

	private static final String START_TEXT = "2025-03-04T05:05:07.123456789Z";

	private static PointMapping of(Metric.Builder metric) {
		return new PointMapping(mapped(metric));
	}

	private static io.observatory.storage.model.Metric mapped(Metric.Builder metric) {
		return MetricMapping.metric(metric.setName("m").build(), Proto.origin());
	}

	private static PointMapping gauge() {
		return of(Metric.newBuilder().setGauge(Gauge.getDefaultInstance()));
	}

	private static PointMapping histogram() {
		return of(Metric.newBuilder()
			.setHistogram(Histogram.newBuilder()
				.setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)));
	}

	private static MetricDataPoint.Builder expected(MetricDataPoint actual) {
		return MetricDataPoint.builder()
			.id(actual.id())
			.metricName("m")
			.serviceName("shop")
			.stream(actual.stream())
			.timestamp(AT);
	}

	private static NumberDataPoint.Builder number() {
		return NumberDataPoint.newBuilder().setTimeUnixNano(Proto.TIME);
	}

	private static HistogramDataPoint.Builder histogramPoint() {
		return HistogramDataPoint.newBuilder().setTimeUnixNano(Proto.TIME);
	}

	@Test
	void aGaugesPoint() {
		MetricDataPoint point = gauge()
			.number(number().setAsDouble(1.5).addAttributes(Proto.attribute("k", "v")).build());
		assertThat(point).isEqualTo(expected(point).value(1.5).attributes(Map.of("k", "v")).build());
	}

	@Test
	void aSumsPoint() {
		PointMapping mapping = of(Metric.newBuilder()
			.setSum(Sum.newBuilder()
				.setIsMonotonic(true)
				.setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)));
		MetricDataPoint point = mapping.number(number().setAsInt(7).setStartTimeUnixNano(START).build());
		assertThat(point)
			.isEqualTo(expected(point).value(7.0).attributes(Map.of("otel.start_time", START_TEXT)).build());
	}

	@Test
	void aCounterAddsNothingBelowZero() {
		PointMapping deltas = of(Metric.newBuilder()
			.setSum(Sum.newBuilder()
				.setIsMonotonic(true)
				.setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)));
		assertThatExceptionOfType(BadRecordException.class)
			.isThrownBy(() -> deltas.number(number().setAsInt(-5).build()))
			.withMessageContaining("must not be negative");
	}

	@Test
	void countsBeyondPostgresqlAreRefused() {
		assertThatExceptionOfType(BadRecordException.class)
			.isThrownBy(() -> histogram()
				.histogram(histogramPoint().addExplicitBounds(1).addBucketCounts(1).addBucketCounts(-2).build()))
			.withMessageContaining("9223372036854775807");
		PointMapping exponential = of(
				Metric.newBuilder().setExponentialHistogram(ExponentialHistogram.getDefaultInstance()));
		ExponentialHistogramDataPoint.Builder point = ExponentialHistogramDataPoint.newBuilder()
			.setTimeUnixNano(Proto.TIME);
		point.getPositiveBuilder().addBucketCounts(Long.MIN_VALUE).addBucketCounts(Long.MIN_VALUE);
		assertThatExceptionOfType(BadRecordException.class)
			.isThrownBy(() -> exponential.exponentialHistogram(point.build()))
			.withMessageContaining("9223372036854775807");
	}

	@Test
	void aPointWithoutRecordedValue() {
		MetricDataPoint point = gauge().number(number().setFlags(1).build());
		assertThat(point.value()).isNull();
		assertThat(point.attributes()).isEqualTo(Map.of("otel.flags", 1L));
		assertThat(histogram().histogram(histogramPoint().setFlags(1).build()).count()).isNull();
	}

	@Test
	void aHistogramsPoint() {
		MetricDataPoint point = histogram().histogram(histogramPoint().setStartTimeUnixNano(START)
			.setCount(6)
			.setSum(21)
			.setMin(1)
			.setMax(11)
			.addAllExplicitBounds(List.of(5.0, 10.0))
			.addAllBucketCounts(List.of(1L, 2L, 3L))
			.build());
		assertThat(point).isEqualTo(expected(point).count(6L)
			.sum(21.0)
			.min(1.0)
			.max(11.0)
			.buckets(List.of(new Bucket(5, 1), new Bucket(10, 2), new Bucket(Double.POSITIVE_INFINITY, 3)))
			.attributes(Map.of("otel.start_time", START_TEXT))
			.build());
	}

	@Test
	void aHistogramWithoutBucketsSumMinAndMax() {
		MetricDataPoint point = histogram().histogram(histogramPoint().setCount(6).build());
		assertThat(point.count()).isEqualTo(6);
		assertThat(point.sum()).isNull();
		assertThat(point.min()).isNull();
		assertThat(point.max()).isNull();
		assertThat(point.buckets()).isEmpty();
	}

	@Test
	void aHistogramWhoseBucketsDoNotFitItsBoundsIsBad() {
		assertThatExceptionOfType(BadRecordException.class)
			.isThrownBy(() -> histogram().histogram(histogramPoint().addExplicitBounds(1).addBucketCounts(1).build()))
			.withMessage("HistogramDataPoint.bucket_counts: must be one more than explicit_bounds");
	}

	@Test
	void anExponentialHistogramsPoint() {
		PointMapping mapping = of(Metric.newBuilder()
			.setExponentialHistogram(ExponentialHistogram.newBuilder()
				.setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)));
		MetricDataPoint point = mapping.exponentialHistogram(ExponentialHistogramDataPoint.newBuilder()
			.setTimeUnixNano(Proto.TIME)
			.setStartTimeUnixNano(START)
			.setCount(4)
			.setSum(10)
			.setMin(0)
			.setMax(3.5)
			.setScale(0)
			.setZeroCount(1)
			.setZeroThreshold(0.25)
			.setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder()
				.setOffset(0)
				.addBucketCounts(1)
				.addBucketCounts(2))
			.build());
		assertThat(point).isEqualTo(expected(point).count(4L)
			.sum(10.0)
			.min(0.0)
			.max(3.5)
			.buckets(List.of(new Bucket(-0.25, 0), new Bucket(0.25, 1), new Bucket(1, 0), new Bucket(2, 1),
					new Bucket(4, 2)))
			.attributes(Map.of("otel.start_time", START_TEXT, "otel.scale", 0, "otel.zero_threshold", 0.25))
			.build());
	}

	@Test
	void aSummarysPoint() {
		PointMapping mapping = of(Metric.newBuilder().setSummary(Summary.getDefaultInstance()));
		MetricDataPoint point = mapping.summary(SummaryDataPoint.newBuilder()
			.setTimeUnixNano(Proto.TIME)
			.setCount(3)
			.setSum(4.5)
			.addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder().setQuantile(0.5).setValue(1.5))
			.addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder().setQuantile(1).setValue(2))
			.build());
		assertThat(point).isEqualTo(expected(point).count(3L)
			.sum(4.5)
			.quantiles(List.of(new Quantile(0.5, 1.5), new Quantile(1, 2)))
			.build());
	}

	@Test
	void exemplars() {
		MetricDataPoint point = gauge().number(number().setAsInt(1)
			.addExemplars(io.opentelemetry.proto.metrics.v1.Exemplar.newBuilder()
				.setTimeUnixNano(Proto.TIME)
				.setAsDouble(0.5)
				.setTraceId(Proto.id(Proto.TRACE))
				.setSpanId(Proto.id(Proto.SPAN))
				.addFilteredAttributes(Proto.attribute("user", "7")))
			.addExemplars(
					io.opentelemetry.proto.metrics.v1.Exemplar.newBuilder().setTimeUnixNano(Proto.TIME).setAsInt(9))
			.build());
		assertThat(point.exemplars()).containsExactly(
				new Exemplar(0.5, AT, Proto.TRACE, Proto.SPAN, Map.of("user", "7")),
				new Exemplar(9, AT, null, null, Map.of()));
	}

	@Test
	void aPointWithoutATimeIsBad() {
		assertThatExceptionOfType(BadRecordException.class)
			.isThrownBy(() -> gauge().number(NumberDataPoint.newBuilder().setAsInt(1).build()))
			.withMessage("NumberDataPoint.time_unix_nano: is missing");
	}

}
