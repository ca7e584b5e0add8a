package io.observatory.storage.sample.mapping;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.capture.opentelemetry.ExponentialBuckets;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Quantile;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import org.jspecify.annotations.Nullable;

/**
 * The data points of one metric. The start of a point is put into its attributes; what is
 * the same for all points is an attribute of the metric. Integers become doubles and are
 * rounded beyond 2^53. A point is a bad record if it has no time, has no value without
 * the flag for that, or has a count below 0 or above 2^63 - 1.
 */
public final class PointMapping {

	private static final String NEGATIVE = "must not be negative where a sum only grows";

	private static final String TOO_LARGE = "must be at most 9223372036854775807";

	private final Metric metric;

	/** Whether the temporality is delta. */
	private final boolean added;

	/**
	 * Makes the mapping for the points of a metric.
	 */
	public PointMapping(Metric metric) {
		this.metric = metric;
		this.added = metric.type() == MetricType.COUNTER
				&& "delta".equals(metric.attributes().get(OtelAttributes.TEMPORALITY));
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
			.sum((recorded && point.hasSum()) ? point.getSum() : null)
			.min((recorded && point.hasMin()) ? point.getMin() : null)
			.max((recorded && point.hasMax()) ? point.getMax() : null)
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
			.sum((recorded && point.hasSum()) ? point.getSum() : null)
			.min((recorded && point.hasMin()) ? point.getMin() : null)
			.max((recorded && point.hasMax()) ? point.getMax() : null)
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
			.metric(this.metric)
			.timestamp(UnixNanos.required(timeUnixNano, type + ".time_unix_nano"));
	}

	private Map<String, @Nullable Object> attributes(List<KeyValue> own, long startTimeUnixNano, int flags) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(own);
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

	private double value(NumberDataPoint point) {
		double value = switch (point.getValueCase()) {
			case AS_DOUBLE -> point.getAsDouble();
			case AS_INT -> point.getAsInt();
			case VALUE_NOT_SET -> throw new BadRecordException("NumberDataPoint.value", "is missing");
		};
		if (this.added && value < 0) {
			throw new BadRecordException("NumberDataPoint.value", NEGATIVE);
		}
		return value;
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
		if (isTooLarge(point.getBucketCountsList())) {
			throw new BadRecordException("HistogramDataPoint.bucket_counts", TOO_LARGE);
		}
		if (!isAscending(point.getExplicitBoundsList())) {
			throw new BadRecordException("HistogramDataPoint.explicit_bounds", "must be ascending numbers");
		}
		List<Bucket> buckets = new ArrayList<>(counts);
		for (int i = 0; i < bounds; i++) {
			buckets.add(new Bucket(point.getExplicitBounds(i), point.getBucketCounts(i)));
		}
		buckets.add(new Bucket(Double.POSITIVE_INFINITY, point.getBucketCounts(bounds)));
		return buckets;
	}

	private static List<Bucket> exponentialBuckets(ExponentialHistogramDataPoint point) {
		if (point.getZeroCount() < 0 || isTooLarge(point.getNegative().getBucketCountsList())
				|| isTooLarge(point.getPositive().getBucketCountsList())) {
			throw new BadRecordException("ExponentialHistogramDataPoint.bucket_counts", TOO_LARGE);
		}
		return ExponentialBuckets.of(point.getScale(), point.getZeroThreshold(), point.getZeroCount(),
				side(point.getNegative()), side(point.getPositive()));
	}

	private static boolean isAscending(List<Double> bounds) {
		for (int i = 0; i < bounds.size(); i++) {
			if (bounds.get(i).isNaN() || (i > 0 && bounds.get(i - 1) >= bounds.get(i))) {
				return false;
			}
		}
		return true;
	}

	/** OTLP's counts are unsigned, PostgreSQL's are not. */
	private static boolean isTooLarge(List<Long> counts) {
		return counts.stream().anyMatch((count) -> count < 0);
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
