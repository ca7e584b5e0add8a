package io.observatory.storage.capture.opentelemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Exemplar;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Quantile;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExemplarData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongExemplarData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SummaryPointData;
import org.jspecify.annotations.Nullable;

/**
 * The data points of one metric. The start of a point is put into its attributes; what is
 * the same for all points is an attribute of the metric. Integers become doubles and are
 * rounded beyond 2^53.
 */
final class PointMapping {

	private final MetricData metric;

	private final Metric mapped;

	private final StartTimes starts;

	PointMapping(MetricData metric, Metric mapped, StartTimes starts) {
		this.metric = metric;
		this.mapped = mapped;
		this.starts = starts;
	}

	void addTo(List<MetricDataPoint> points) {
		switch (this.metric.getType()) {
			case LONG_GAUGE -> this.metric.getLongGaugeData().getPoints().forEach((p) -> points.add(number(p)));
			case DOUBLE_GAUGE -> this.metric.getDoubleGaugeData().getPoints().forEach((p) -> points.add(number(p)));
			case LONG_SUM -> this.metric.getLongSumData().getPoints().forEach((p) -> points.add(number(p)));
			case DOUBLE_SUM -> this.metric.getDoubleSumData().getPoints().forEach((p) -> points.add(number(p)));
			case HISTOGRAM -> this.metric.getHistogramData().getPoints().forEach((p) -> points.add(histogram(p)));
			case EXPONENTIAL_HISTOGRAM -> this.metric.getExponentialHistogramData()
				.getPoints()
				.forEach((p) -> points.add(exponentialHistogram(p)));
			case SUMMARY -> this.metric.getSummaryData().getPoints().forEach((p) -> points.add(summary(p)));
		}
	}

	private MetricDataPoint number(LongPointData point) {
		return point(point).value((double) point.getValue()).build();
	}

	private MetricDataPoint number(DoublePointData point) {
		return point(point).value(point.getValue()).build();
	}

	private MetricDataPoint histogram(HistogramPointData point) {
		return point(point).count(point.getCount())
			.sum(point.getSum())
			.min(point.hasMin() ? point.getMin() : null)
			.max(point.hasMax() ? point.getMax() : null)
			.buckets(buckets(point))
			.build();
	}

	private MetricDataPoint exponentialHistogram(ExponentialHistogramPointData point) {
		Map<String, @Nullable Object> attributes = attributes(point);
		attributes.put(OtelAttributes.SCALE, point.getScale());
		return point(point).count(point.getCount())
			.sum(point.getSum())
			.min(point.hasMin() ? point.getMin() : null)
			.max(point.hasMax() ? point.getMax() : null)
			.buckets(ExponentialBuckets.of(point.getScale(), 0, point.getZeroCount(), side(point.getNegativeBuckets()),
					side(point.getPositiveBuckets())))
			.attributes(attributes)
			.build();
	}

	private MetricDataPoint summary(SummaryPointData point) {
		return point(point).count(point.getCount())
			.sum(point.getSum())
			.quantiles(point.getValues()
				.stream()
				.map((quantile) -> new Quantile(quantile.getQuantile(), quantile.getValue()))
				.toList())
			.build();
	}

	private MetricDataPoint.Builder point(PointData point) {
		return MetricDataPoint.builder()
			.metric(this.mapped)
			.timestamp(SdkValues.time(point.getEpochNanos()))
			.exemplars(point.getExemplars().stream().map(PointMapping::exemplar).toList())
			.attributes(attributes(point));
	}

	private Map<String, @Nullable Object> attributes(PointData point) {
		Map<String, @Nullable Object> attributes = SdkValues.map(point.getAttributes());
		if (point.getStartEpochNanos() != 0) {
			attributes.put(OtelAttributes.START_TIME, this.starts.text(point.getStartEpochNanos()));
		}
		return attributes;
	}

	private static List<Bucket> buckets(HistogramPointData point) {
		List<Bucket> buckets = new ArrayList<>(point.getCounts().size());
		int bounds = point.getBoundaries().size();
		for (int i = 0; i < point.getCounts().size(); i++) {
			buckets.add(new Bucket((i < bounds) ? point.getBoundaries().get(i) : Double.POSITIVE_INFINITY,
					point.getCounts().get(i)));
		}
		return buckets;
	}

	private static ExponentialBuckets.Side side(ExponentialHistogramBuckets buckets) {
		return new ExponentialBuckets.Side(buckets.getOffset(), buckets.getBucketCounts());
	}

	private static Exemplar exemplar(ExemplarData exemplar) {
		SpanContext context = exemplar.getSpanContext();
		return new Exemplar(value(exemplar), SdkValues.time(exemplar.getEpochNanos()),
				TraceId.isValid(context.getTraceId()) ? context.getTraceId() : null,
				SpanId.isValid(context.getSpanId()) ? context.getSpanId() : null,
				SdkValues.map(exemplar.getFilteredAttributes()));
	}

	private static double value(ExemplarData exemplar) {
		return (exemplar instanceof LongExemplarData number) ? number.getValue()
				: ((DoubleExemplarData) exemplar).getValue();
	}

}
