package io.observatory.storage.sample.pages.metrics;

import java.time.Instant;
import java.util.Map;

import io.observatory.storage.sample.pages.metrics.Distribution.Segment;
import org.jspecify.annotations.Nullable;

/**
 * What came to a counter or histogram in a time.
 *
 * @param series its series
 * @param from when the time began
 * @param to when it ended; the same where only the end is known
 * @param isFromStart whether it began from nothing at that time
 * @param amount what a counter grew by; how many values a histogram or summary saw more
 * @param sum the sum of these values; null if it is not known
 * @param values these values, by size; empty for a counter
 */
record Change(PointSeries series, Instant from, Instant to, boolean isFromStart, double amount, @Nullable Double sum,
		Map<Segment, Double> values) {

}
