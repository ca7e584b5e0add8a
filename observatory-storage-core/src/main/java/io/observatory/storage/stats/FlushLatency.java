package io.observatory.storage.stats;

import java.time.Duration;

/**
 * How long batches took, from being taken by a slot to their outcome, since the writer
 * was made.
 *
 * @param count how many batches
 * @param total their times added up
 * @param p50 the median
 * @param p95 the 95th percentile
 * @param p99 the 99th percentile
 * @param max the longest
 */
public record FlushLatency(long count, Duration total, Duration p50, Duration p95, Duration p99, Duration max) {
}
