package io.observatory.storage.sample.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.capture.PointKind;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of OTLP as {@link io.observatory.storage.model.Metric}s and their
 * {@link MetricDataPoint}s. A sum that only ever grows is a counter, any other a gauge;
 * an exponential histogram is a histogram. The metric's metadata are its attributes.
 */
public final class MetricMapping {

	private MetricMapping() {
	}

	/**
	 * Returns the metrics of a request.
	 * @param request the request
	 * @param rejections counts the bad data points
	 */
	public static List<MappedMetric> metrics(ExportMetricsServiceRequest request, Rejections rejections) {
		List<MappedMetric> metrics = new ArrayList<>();
		for (ResourceMetrics resource : request.getResourceMetricsList()) {
			Origin origin = Origin.of(resource.getResource());
			for (ScopeMetrics scope : resource.getScopeMetricsList()) {
				Origin scoped = origin.scope(scope.getScope(), scope.getSchemaUrl());
				scope.getMetricsList().forEach((metric) -> add(metrics, metric, scoped, rejections));
			}
		}
		return metrics;
	}

	private static void add(List<MappedMetric> metrics, Metric metric, Origin origin, Rejections rejections) {
		MetricType type = type(metric);
		if (type == null) {
			rejections.add(0, "Metric.data: is missing or of an unknown kind");
			return;
		}
		io.observatory.storage.model.Metric mapped = metric(metric, type, origin);
		metrics.add(new MappedMetric(mapped, points(metric, mapped, rejections)));
	}

	private static io.observatory.storage.model.Metric metric(Metric metric, MetricType type, Origin origin) {
		PointKind kind = kind(metric);
		String unit = EmptyText.toNull(metric.getUnit());
		return io.observatory.storage.model.Metric.builder()
			.name(metric.getName())
			.description(EmptyText.toNull(metric.getDescription()))
			.unit(unit)
			.type(type)
			.serviceName(origin.serviceName())
			.attributes(attributes(metric, kind, origin))
			.resourceAttributes(origin.resource())
			.stream(origin.streams().id(metric.getName(), unit, kind))
			.build();
	}

	private static @Nullable MetricType type(Metric metric) {
		return switch (metric.getDataCase()) {
			case GAUGE -> MetricType.GAUGE;
			case SUM -> metric.getSum().getIsMonotonic() ? MetricType.COUNTER : MetricType.GAUGE;
			case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> MetricType.HISTOGRAM;
			case SUMMARY -> MetricType.SUMMARY;
			case DATA_NOT_SET -> null;
		};
	}

	private static PointKind kind(Metric metric) {
		return switch (metric.getDataCase()) {
			case SUM -> new PointKind("sum", temporality(metric.getSum().getAggregationTemporality()),
					metric.getSum().getIsMonotonic());
			case HISTOGRAM ->
				new PointKind("histogram", temporality(metric.getHistogram().getAggregationTemporality()), null);
			case EXPONENTIAL_HISTOGRAM -> new PointKind("exponential_histogram",
					temporality(metric.getExponentialHistogram().getAggregationTemporality()), null);
			case SUMMARY -> PointKind.SUMMARY;
			case GAUGE, DATA_NOT_SET -> PointKind.GAUGE;
		};
	}

	private static @Nullable String temporality(AggregationTemporality temporality) {
		return switch (temporality) {
			case AGGREGATION_TEMPORALITY_DELTA -> "delta";
			case AGGREGATION_TEMPORALITY_CUMULATIVE -> "cumulative";
			case AGGREGATION_TEMPORALITY_UNSPECIFIED, UNRECOGNIZED -> null;
		};
	}

	private static List<MetricDataPoint> points(Metric metric, io.observatory.storage.model.Metric mapped,
			Rejections rejections) {
		List<MetricDataPoint> points = new ArrayList<>();
		PointMapping mapping = new PointMapping(mapped);
		metric.getGauge().getDataPointsList().forEach((p) -> rejections.addUnlessBad(points, () -> mapping.number(p)));
		metric.getSum().getDataPointsList().forEach((p) -> rejections.addUnlessBad(points, () -> mapping.number(p)));
		metric.getHistogram()
			.getDataPointsList()
			.forEach((p) -> rejections.addUnlessBad(points, () -> mapping.histogram(p)));
		metric.getExponentialHistogram()
			.getDataPointsList()
			.forEach((p) -> rejections.addUnlessBad(points, () -> mapping.exponentialHistogram(p)));
		metric.getSummary()
			.getDataPointsList()
			.forEach((p) -> rejections.addUnlessBad(points, () -> mapping.summary(p)));
		return points;
	}

	private static Map<String, @Nullable Object> attributes(Metric metric, PointKind kind, Origin origin) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(metric.getMetadataList());
		OtelAttributes.putMap(attributes, OtelAttributes.SCOPE, origin.scope().asMap());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.scope().schemaUrl());
		kind.putInto(attributes);
		return attributes;
	}

}
