package io.observatory.storage.sample.mapping;

import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.capture.PointKind;
import io.observatory.storage.model.MetricType;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of OTLP as {@link io.observatory.storage.model.Metric}s. A monotonic sum is a
 * counter, any other sum a gauge; an exponential histogram is a histogram. The metadata
 * of the metric become its attributes.
 */
public final class MetricMapping {

	private MetricMapping() {
	}

	/**
	 * Returns a metric.
	 * @param metric the metric; its data points are not used
	 * @param origin what produced it
	 * @throws BadRecordException naming the field, when it cannot be stored
	 */
	public static io.observatory.storage.model.Metric metric(Metric metric, Origin origin) {
		PointKind kind = kind(metric);
		String unit = EmptyText.toNull(metric.getUnit());
		return io.observatory.storage.model.Metric.builder()
			.name(metric.getName())
			.description(EmptyText.toNull(metric.getDescription()))
			.unit(unit)
			.type(type(metric))
			.serviceName(origin.serviceName())
			.attributes(attributes(metric, kind, origin))
			.resourceAttributes(origin.resource())
			.stream(origin.streams().id(metric.getName(), unit, kind))
			.build();
	}

	private static MetricType type(Metric metric) {
		return switch (metric.getDataCase()) {
			case GAUGE -> MetricType.GAUGE;
			case SUM -> metric.getSum().getIsMonotonic() ? MetricType.COUNTER : MetricType.GAUGE;
			case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> MetricType.HISTOGRAM;
			case SUMMARY -> MetricType.SUMMARY;
			case DATA_NOT_SET -> throw new BadRecordException("Metric.data", "is missing or of an unknown kind");
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

	private static Map<String, @Nullable Object> attributes(Metric metric, PointKind kind, Origin origin) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(metric.getMetadataList());
		OtelAttributes.putMap(attributes, OtelAttributes.SCOPE, origin.scope().asMap());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.scope().schemaUrl());
		kind.putInto(attributes);
		return attributes;
	}

}
