package io.observatory.storage.capture.opentelemetry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.capture.PointKind;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import org.jspecify.annotations.Nullable;

/**
 * Converts the SDK's metrics to {@link Metric}s and {@link MetricDataPoint}s. A monotonic
 * sum is a counter, any other sum a gauge; an exponential histogram is a histogram. Not
 * thread-safe.
 */
final class MetricMapping {

	private final List<Metric> metrics = new ArrayList<>();

	private final List<MetricDataPoint> points = new ArrayList<>();

	MetricMapping(Collection<MetricData> data) {
		SdkOrigin origin = null;
		StartTimes starts = new StartTimes();
		for (MetricData metric : data) {
			origin = SdkOrigin.of(metric.getResource(), metric.getInstrumentationScopeInfo(), origin);
			Metric mapped = metric(metric, origin);
			this.metrics.add(mapped);
			new PointMapping(metric, mapped, starts).addTo(this.points);
		}
	}

	List<Metric> metrics() {
		return this.metrics;
	}

	List<MetricDataPoint> points() {
		return this.points;
	}

	private static Metric metric(MetricData metric, SdkOrigin origin) {
		PointKind kind = kind(metric);
		String unit = SdkValues.nullIfEmpty(metric.getUnit());
		return Metric.builder()
			.name(metric.getName())
			.description(SdkValues.nullIfEmpty(metric.getDescription()))
			.unit(unit)
			.type(type(metric))
			.serviceName(origin.serviceName())
			.attributes(attributes(origin, kind))
			.resourceAttributes(origin.resource())
			.stream(origin.streams().id(metric.getName(), unit, kind))
			.build();
	}

	private static MetricType type(MetricData metric) {
		return switch (metric.getType()) {
			case LONG_GAUGE, DOUBLE_GAUGE -> MetricType.GAUGE;
			case LONG_SUM -> sum(metric.getLongSumData().isMonotonic());
			case DOUBLE_SUM -> sum(metric.getDoubleSumData().isMonotonic());
			case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> MetricType.HISTOGRAM;
			case SUMMARY -> MetricType.SUMMARY;
		};
	}

	private static PointKind kind(MetricData metric) {
		return switch (metric.getType()) {
			case LONG_GAUGE, DOUBLE_GAUGE -> PointKind.GAUGE;
			case LONG_SUM -> new PointKind("sum", text(metric.getLongSumData().getAggregationTemporality()),
					metric.getLongSumData().isMonotonic());
			case DOUBLE_SUM -> new PointKind("sum", text(metric.getDoubleSumData().getAggregationTemporality()),
					metric.getDoubleSumData().isMonotonic());
			case HISTOGRAM ->
				new PointKind("histogram", text(metric.getHistogramData().getAggregationTemporality()), null);
			case EXPONENTIAL_HISTOGRAM -> new PointKind("exponential_histogram",
					text(metric.getExponentialHistogramData().getAggregationTemporality()), null);
			case SUMMARY -> PointKind.SUMMARY;
		};
	}

	private static String text(AggregationTemporality temporality) {
		return (temporality == AggregationTemporality.DELTA) ? "delta" : "cumulative";
	}

	private static MetricType sum(boolean monotonic) {
		return monotonic ? MetricType.COUNTER : MetricType.GAUGE;
	}

	private static Map<String, @Nullable Object> attributes(SdkOrigin origin, PointKind kind) {
		Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
		OtelAttributes.putMap(attributes, OtelAttributes.SCOPE, origin.scopeMap());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.schemaUrl());
		kind.putInto(attributes);
		return attributes;
	}

}
