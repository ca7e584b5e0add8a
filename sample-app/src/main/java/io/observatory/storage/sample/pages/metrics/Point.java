package io.observatory.storage.sample.pages.metrics;

import java.time.Instant;
import java.util.List;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Quantile;
import org.jspecify.annotations.Nullable;

/**
 * A point of a metric, as it is stored.
 *
 * @param series its series
 * @param time when it was measured
 * @param value the value of a counter or gauge
 * @param count number of values of a histogram or summary
 * @param sum their sum
 * @param min the smallest
 * @param max the largest
 * @param buckets the buckets of a histogram
 * @param quantiles the quantiles of a summary
 */
record Point(PointSeries series, Instant time, @Nullable Double value, @Nullable Long count, @Nullable Double sum,
		@Nullable Double min, @Nullable Double max, List<Bucket> buckets, List<Quantile> quantiles) {

	static Point ofValue(PointSeries series, Instant time, @Nullable Double value) {
		return new Point(series, time, value, null, null, null, null, List.of(), List.of());
	}

}
