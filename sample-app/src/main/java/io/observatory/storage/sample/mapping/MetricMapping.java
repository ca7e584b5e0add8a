package io.observatory.storage.sample.mapping;

import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.MetricType;
import io.opentelemetry.proto.metrics.v1.Metric;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of OTLP as {@link io.observatory.storage.model.Metric}s. A sum that only ever
 * grows is a counter, any other a gauge; an exponential histogram is a histogram. The
 * metric's metadata are its attributes.
 */
public final class MetricMapping {

	private MetricMapping() {
	}

	/**
	 * Returns a metric.
	 * @param metric the metric, whose data points are not looked at
	 * @param origin what produced it
	 * @throws BadRecordException naming the field, when it cannot be stored
	 */
	public static io.observatory.storage.model.Metric metric(Metric metric, Origin origin) {
		return io.observatory.storage.model.Metric.builder()
			.name(metric.getName())
			.description(EmptyText.toNull(metric.getDescription()))
			.unit(EmptyText.toNull(metric.getUnit()))
			.type(type(metric))
			.serviceName(origin.serviceName())
			.attributes(attributes(metric, origin))
			.resourceAttributes(origin.resource())
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

	private static Map<String, @Nullable Object> attributes(Metric metric, Origin origin) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(metric.getMetadataList());
		OtelAttributes.putMap(attributes, OtelAttributes.SCOPE, origin.scope().asMap());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.scope().schemaUrl());
		return attributes;
	}

}
