package io.observatory.storage.sample.mapping;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.capture.opentelemetry.ExponentialBuckets;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Quantile;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import org.jspecify.annotations.Nullable;

/**
 * The data points of one metric. What tells its series apart beyond their own attributes
 * (the service's instance, temporality, start, monotonicity) is put into the attributes,
 * so that two instances never mix. Integers become doubles: beyond 2^53 they are rounded.
 * A point without a time, or without a value unless it is flagged to have none, is a bad
 * record.
 */
public final class PointMapping {

	private final String metricName;

	private final String serviceName;

	private final Map<String, Object> metricAttributes;

	private PointMapping(String metricName, String serviceName, Map<String, Object> metricAttributes) {
		this.metricName = metricName;
		this.serviceName = serviceName;
		this.metricAttributes = metricAttributes;
	}

	/**
	 * Returns the mapping for a metric's points.
	 */
	public static PointMapping of(Metric metric, Origin origin) {
		return new PointMapping(metric.getName(), origin.serviceName(), metricAttributes(metric, origin));
	}

	private static Map<String, Object> metricAttributes(Metric metric, Origin origin) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		if (origin.serviceInstance() != null) {
			attributes.put(OtelAttributes.SERVICE_INSTANCE, origin.serviceInstance());
		}
		String temporality = temporality(metric);
		if (temporality != null) {
			attributes.put(OtelAttributes.TEMPORALITY, temporality);
		}
		if (metric.hasSum()) {
			attributes.put(OtelAttributes.MONOTONIC, metric.getSum().getIsMonotonic());
		}
		return attributes;
	}

	private static @Nullable String temporality(Metric metric) {
		AggregationTemporality temporality = switch (metric.getDataCase()) {
			case SUM -> metric.getSum().getAggregationTemporality();
			case HISTOGRAM -> metric.getHistogram().getAggregationTemporality();
			case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getAggregationTemporality();
			case GAUGE, SUMMARY, DATA_NOT_SET -> AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED;
		};
		return switch (temporality) {
			case AGGREGATION_TEMPORALITY_DELTA -> "delta";
			case AGGREGATION_TEMPORALITY_CUMULATIVE -> "cumulative";
			case AGGREGATION_TEMPORALITY_UNSPECIFIED, UNRECOGNIZED -> null;
		};
	}

	public MetricDataPoint number(NumberDataPoint point) {
		return point(point.getTimeUnixNano(), "NumberDataPoint")
			.value(isRecorded(point.getFlags()) ? value(point) : null)
			.exemplars(exemplars(point.getExemplarsList()))
			.attributes(attributes(point.getAttributesList(), point.getStartTimeUnixNano(), point.getFlags()))
			.build();
	}

	public MetricDataPoint histogram(HistogramDataPoint point) {
		boolean recorded = isRecorded(point.getFlags());
		return point(point.getTimeUnixNano(), "HistogramDataPoint").count(recorded ? point.getCount() : null)
			.sum(point.hasSum() ? point.getSum() : null)
			.min(point.hasMin() ? point.getMin() : null)
			.max(point.hasMax() ? point.getMax() : null)
			.buckets(recorded ? buckets(point) : List.of())
			.exemplars(exemplars(point.getExemplarsList()))
			.attributes(attributes(point.getAttributesList(), point.getStartTimeUnixNano(), point.getFlags()))
			.build();
	}

	public MetricDataPoint exponentialHistogram(ExponentialHistogramDataPoint point) {
		boolean recorded = isRecorded(point.getFlags());
		Map<String, @Nullable Object> attributes = attributes(point.getAttributesList(), point.getStartTimeUnixNano(),
				point.getFlags());
		attributes.put(OtelAttributes.SCALE, point.getScale());
		if (point.getZeroThreshold() > 0) {
			attributes.put(OtelAttributes.ZERO_THRESHOLD, point.getZeroThreshold());
		}
		return point(point.getTimeUnixNano(), "ExponentialHistogramDataPoint").count(recorded ? point.getCount() : null)
			.sum(point.hasSum() ? point.getSum() : null)
			.min(point.hasMin() ? point.getMin() : null)
			.max(point.hasMax() ? point.getMax() : null)
			.buckets(recorded ? exponentialBuckets(point) : List.of())
			.exemplars(exemplars(point.getExemplarsList()))
			.attributes(attributes)
			.build();
	}

	public MetricDataPoint summary(SummaryDataPoint point) {
		boolean recorded = isRecorded(point.getFlags());
		return point(point.getTimeUnixNano(), "SummaryDataPoint").count(recorded ? point.getCount() : null)
			.sum(recorded ? point.getSum() : null)
			.quantiles(point.getQuantileValuesList()
				.stream()
				.map((quantile) -> new Quantile(quantile.getQuantile(), quantile.getValue()))
				.toList())
			.attributes(attributes(point.getAttributesList(), point.getStartTimeUnixNano(), point.getFlags()))
			.build();
	}

	private MetricDataPoint.Builder point(long timeUnixNano, String type) {
		return MetricDataPoint.builder()
			.metricName(this.metricName)
			.serviceName(this.serviceName)
			.timestamp(UnixNanos.required(timeUnixNano, type + ".time_unix_nano"));
	}

	private Map<String, @Nullable Object> attributes(List<KeyValue> own, long startTimeUnixNano, int flags) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(own);
		attributes.putAll(this.metricAttributes);
		Instant start = UnixNanos.orNull(startTimeUnixNano);
		if (start != null) {
			attributes.put(OtelAttributes.START_TIME, start.toString());
		}
		OtelAttributes.putCount(attributes, OtelAttributes.FLAGS, flags);
		return attributes;
	}

	private static boolean isRecorded(int flags) {
		return (flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) == 0;
	}

	private static double value(NumberDataPoint point) {
		return switch (point.getValueCase()) {
			case AS_DOUBLE -> point.getAsDouble();
			case AS_INT -> point.getAsInt();
			case VALUE_NOT_SET -> throw new BadRecordException("NumberDataPoint.value", "is missing");
		};
	}

	private static List<Bucket> buckets(HistogramDataPoint point) {
		int bounds = point.getExplicitBoundsCount();
		int counts = point.getBucketCountsCount();
		if (counts == 0 && bounds == 0) {
			return List.of();
		}
		if (counts != bounds + 1) {
			throw new BadRecordException("HistogramDataPoint.bucket_counts", "must be one more than explicit_bounds");
		}
		List<Bucket> buckets = new ArrayList<>(counts);
		for (int i = 0; i < bounds; i++) {
			buckets.add(new Bucket(point.getExplicitBounds(i), point.getBucketCounts(i)));
		}
		buckets.add(new Bucket(Double.POSITIVE_INFINITY, point.getBucketCounts(bounds)));
		return buckets;
	}

	private static List<Bucket> exponentialBuckets(ExponentialHistogramDataPoint point) {
		return ExponentialBuckets.of(point.getScale(), point.getZeroThreshold(), point.getZeroCount(),
				side(point.getNegative()), side(point.getPositive()));
	}

	private static ExponentialBuckets.Side side(ExponentialHistogramDataPoint.Buckets buckets) {
		return new ExponentialBuckets.Side(buckets.getOffset(), buckets.getBucketCountsList());
	}

	private static List<Exemplar> exemplars(List<io.opentelemetry.proto.metrics.v1.Exemplar> exemplars) {
		return exemplars.stream().map(PointMapping::exemplar).toList();
	}

	private static Exemplar exemplar(io.opentelemetry.proto.metrics.v1.Exemplar exemplar) {
		return new Exemplar(exemplar.hasAsInt() ? exemplar.getAsInt() : exemplar.getAsDouble(),
				UnixNanos.instant(exemplar.getTimeUnixNano()), HexId.traceOrNull(exemplar.getTraceId()),
				HexId.spanOrNull(exemplar.getSpanId()), AttributeMapping.map(exemplar.getFilteredAttributesList()));
	}

}
