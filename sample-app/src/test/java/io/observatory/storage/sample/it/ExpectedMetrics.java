package io.observatory.storage.sample.it;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import io.observatory.storage.capture.MetricStreams;
import io.observatory.storage.capture.PointKind;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
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

/**
 * The rows that metrics of the SDK and their points should become.
 */
final class ExpectedMetrics {

	private ExpectedMetrics() {
	}

	static List<Map<String, Object>> metrics(Collection<MetricData> metrics) {
		return metrics.stream().map(ExpectedMetrics::metric).toList();
	}

	static List<Map<String, Object>> points(Collection<MetricData> metrics) {
		List<Map<String, Object>> rows = new ArrayList<>();
		metrics.forEach((metric) -> metric.getData().getPoints().forEach((point) -> rows.add(point(metric, point))));
		return rows;
	}

	private static Map<String, Object> metric(MetricData metric) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		attributes.put("otel.scope", Expected.scope(metric.getInstrumentationScopeInfo()));
		Expected.putSchema(attributes, metric.getInstrumentationScopeInfo());
		putKind(attributes, metric);
		String service = Expected.service(metric.getResource());
		Map<String, Object> row = new TreeMap<>();
		row.put("id", stream(metric));
		row.put("name", metric.getName());
		row.put("description", Expected.emptyToNull(metric.getDescription()));
		row.put("unit", Expected.emptyToNull(metric.getUnit()));
		row.put("metric_type", type(metric));
		row.put("service_name", service);
		row.put("attributes", Canonical.of(attributes));
		row.put("resource_attributes", Canonical.of(Expected.attributes(metric.getResource().getAttributes())));
		return row;
	}

	private static String type(MetricData metric) {
		return switch (metric.getType()) {
			case LONG_GAUGE, DOUBLE_GAUGE -> "gauge";
			case LONG_SUM -> metric.getLongSumData().isMonotonic() ? "counter" : "gauge";
			case DOUBLE_SUM -> metric.getDoubleSumData().isMonotonic() ? "counter" : "gauge";
			case HISTOGRAM, EXPONENTIAL_HISTOGRAM -> "histogram";
			case SUMMARY -> "summary";
		};
	}

	private static Map<String, Object> point(MetricData metric, PointData point) {
		Map<String, Object> attributes = attributes(point);
		Map<String, Object> row = new TreeMap<>();
		for (String column : List.of("value", "count", "sum", "min", "max", "buckets", "quantiles")) {
			row.put(column, null);
		}
		row.put("metric_id", stream(metric));
		row.put("timestamp", Expected.column(point.getEpochNanos()));
		row.put("exemplars", exemplars(point));
		putValues(row, attributes, point);
		row.put("attributes", Canonical.of(attributes));
		return row;
	}

	private static void putValues(Map<String, Object> row, Map<String, Object> attributes, PointData point) {
		if (point instanceof LongPointData number) {
			row.put("value", (double) number.getValue());
		}
		else if (point instanceof DoublePointData number) {
			row.put("value", number.getValue());
		}
		else if (point instanceof HistogramPointData histogram) {
			putTotals(row, histogram.getCount(), histogram.getSum());
			row.put("min", histogram.hasMin() ? histogram.getMin() : null);
			row.put("max", histogram.hasMax() ? histogram.getMax() : null);
			row.put("buckets", Canonical.of(buckets(histogram)));
		}
		else if (point instanceof ExponentialHistogramPointData histogram) {
			putTotals(row, histogram.getCount(), histogram.getSum());
			row.put("min", histogram.hasMin() ? histogram.getMin() : null);
			row.put("max", histogram.hasMax() ? histogram.getMax() : null);
			row.put("buckets", Canonical.of(buckets(histogram)));
			attributes.put("otel.scale", histogram.getScale());
		}
		else if (point instanceof SummaryPointData summary) {
			putTotals(row, summary.getCount(), summary.getSum());
			row.put("quantiles",
					Canonical.of(summary.getValues()
						.stream()
						.map((quantile) -> Map.of("quantile", quantile.getQuantile(), "value", quantile.getValue()))
						.toList()));
		}
	}

	private static void putTotals(Map<String, Object> row, long count, double sum) {
		row.put("count", count);
		row.put("sum", sum);
	}

	/** What all points of the metric have in common. */
	private static void putKind(Map<String, Object> attributes, MetricData metric) {
		switch (metric.getType()) {
			case LONG_SUM -> putSum(attributes, metric.getLongSumData().getAggregationTemporality(),
					metric.getLongSumData().isMonotonic());
			case DOUBLE_SUM -> putSum(attributes, metric.getDoubleSumData().getAggregationTemporality(),
					metric.getDoubleSumData().isMonotonic());
			case HISTOGRAM -> putTemporality(attributes, metric.getHistogramData().getAggregationTemporality());
			case EXPONENTIAL_HISTOGRAM ->
				putTemporality(attributes, metric.getExponentialHistogramData().getAggregationTemporality());
			default -> {
			}
		}
	}

	/** Whose metric it is; an id for each, whatever it is derived from. */
	private static UUID stream(MetricData metric) {
		Map<String, Object> attributes = new TreeMap<>();
		putKind(attributes, metric);
		return MetricStreams.of(Expected.attributes(metric.getResource().getAttributes()))
			.scope(Expected.scope(metric.getInstrumentationScopeInfo()))
			.id(metric.getName(), Expected.emptyToNull(metric.getUnit()), new PointKind(kind(metric),
					(String) attributes.get("otel.temporality"), (Boolean) attributes.get("otel.monotonic")));
	}

	private static String kind(MetricData metric) {
		return metric.getType().name().toLowerCase(Locale.ROOT).replaceAll("^(long|double)_", "");
	}

	private static Map<String, Object> attributes(PointData point) {
		Map<String, Object> attributes = Expected.attributes(point.getAttributes());
		if (point.getStartEpochNanos() != 0) {
			attributes.put("otel.start_time", Expected.nanos(point.getStartEpochNanos()).toString());
		}
		return attributes;
	}

	private static void putSum(Map<String, Object> attributes, AggregationTemporality temporality, boolean monotonic) {
		putTemporality(attributes, temporality);
		attributes.put("otel.monotonic", monotonic);
	}

	private static void putTemporality(Map<String, Object> attributes, AggregationTemporality temporality) {
		attributes.put("otel.temporality", Expected.lowerCase(temporality));
	}

	private static List<Map<String, Object>> buckets(HistogramPointData histogram) {
		List<Map<String, Object>> buckets = new ArrayList<>();
		for (int i = 0; i < histogram.getCounts().size(); i++) {
			boolean last = i == histogram.getBoundaries().size();
			buckets.add(bucket(last ? Double.POSITIVE_INFINITY : histogram.getBoundaries().get(i),
					histogram.getCounts().get(i)));
		}
		return buckets;
	}

	/**
	 * Each bucket by its upper boundary; an empty one ends where the first of its side
	 * begins.
	 */
	private static List<Map<String, Object>> buckets(ExponentialHistogramPointData histogram) {
		double base = Math.pow(2, Math.pow(2, -histogram.getScale()));
		List<Map<String, Object>> buckets = new ArrayList<>();
		ExponentialHistogramBuckets negative = histogram.getNegativeBuckets();
		int negatives = negative.getBucketCounts().size();
		if (negatives > 0) {
			buckets.add(bucket(-Math.pow(base, negative.getOffset() + negatives), 0));
		}
		for (int i = negatives - 1; i >= 0; i--) {
			buckets.add(bucket(-Math.pow(base, negative.getOffset() + i), negative.getBucketCounts().get(i)));
		}
		buckets.add(bucket(0, histogram.getZeroCount()));
		ExponentialHistogramBuckets positive = histogram.getPositiveBuckets();
		if (!positive.getBucketCounts().isEmpty()) {
			buckets.add(bucket(Math.pow(base, positive.getOffset()), 0));
		}
		for (int i = 0; i < positive.getBucketCounts().size(); i++) {
			buckets.add(bucket(Math.pow(base, positive.getOffset() + i + 1), positive.getBucketCounts().get(i)));
		}
		return buckets;
	}

	private static Map<String, Object> bucket(double boundary, long count) {
		return Map.of("boundary", boundary, "count", count);
	}

	private static Object exemplars(PointData point) {
		if (point.getExemplars().isEmpty()) {
			return null;
		}
		return Canonical.of(point.getExemplars().stream().map(ExpectedMetrics::exemplar).toList());
	}

	private static Map<String, Object> exemplar(ExemplarData exemplar) {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("value", (exemplar instanceof LongExemplarData number) ? (double) number.getValue()
				: ((DoubleExemplarData) exemplar).getValue());
		map.put("timestamp", Expected.nanos(exemplar.getEpochNanos()).toString());
		if (exemplar.getSpanContext().isValid()) {
			map.put("trace_id", exemplar.getSpanContext().getTraceId());
			map.put("span_id", exemplar.getSpanContext().getSpanId());
		}
		if (!exemplar.getFilteredAttributes().isEmpty()) {
			map.put("attributes", Expected.attributes(exemplar.getFilteredAttributes()));
		}
		return map;
	}

}
