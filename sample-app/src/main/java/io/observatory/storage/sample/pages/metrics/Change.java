package io.observatory.storage.sample.pages.metrics;

import java.time.Instant;
import java.util.Map;

import io.observatory.storage.sample.pages.metrics.Distribution.Segment;
import org.jspecify.annotations.Nullable;

/**
 * The increase of a counter or histogram in a period.
 *
 * @param series its series
 * @param from when the time began
 * @param to when it ended; the same where only the end is known
 * @param isFromStart whether it began at zero at that time
 * @param amount the increase of a counter, or the number of new values of a histogram or
 * summary
 * @param sum the sum of these values; null if it is not known
 * @param values these values, by size; empty for a counter
 */
record Change(PointSeries series, Instant from, Instant to, boolean isFromStart, double amount, @Nullable Double sum,
		Map<Segment, Double> values) {

}
