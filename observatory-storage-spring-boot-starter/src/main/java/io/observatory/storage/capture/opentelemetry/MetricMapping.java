package io.observatory.storage.capture.opentelemetry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.opentelemetry.sdk.metrics.data.MetricData;
import org.jspecify.annotations.Nullable;

/**
 * The SDK's metrics as {@link Metric}s and their {@link MetricDataPoint}s. A sum that
 * only ever grows is a counter, any other a gauge; an exponential histogram is a
 * histogram. Not thread-safe.
 */
final class MetricMapping {

	private final List<Metric> metrics = new ArrayList<>();

	private final List<MetricDataPoint> points = new ArrayList<>();

	MetricMapping(Collection<MetricData> data) {
		SdkOrigin origin = null;
		for (MetricData metric : data) {
			origin = SdkOrigin.of(metric.getResource(), metric.getInstrumentationScopeInfo(), origin);
			this.metrics.add(metric(metric, origin));
			new PointMapping(metric, origin).addTo(this.points);
		}
	}

	List<Metric> metrics() {
		return this.metrics;
	}

	List<MetricDataPoint> points() {
		return this.points;
	}

	private static Metric metric(MetricData metric, SdkOrigin origin) {
		return Metric.builder()
			.name(metric.getName())
			.description(SdkValues.nullIfEmpty(metric.getDescription()))
			.unit(SdkValues.nullIfEmpty(metric.getUnit()))
			.type(type(metric))
			.serviceName(origin.serviceName())
			.attributes(attributes(origin))
			.resourceAttributes(origin.resource())
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

	private static MetricType sum(boolean monotonic) {
		return monotonic ? MetricType.COUNTER : MetricType.GAUGE;
	}

	private static Map<String, @Nullable Object> attributes(SdkOrigin origin) {
		Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
		OtelAttributes.putMap(attributes, OtelAttributes.SCOPE, origin.scopeMap());
		OtelAttributes.putText(attributes, OtelAttributes.SCHEMA_URL, origin.schemaUrl());
		return attributes;
	}

}
