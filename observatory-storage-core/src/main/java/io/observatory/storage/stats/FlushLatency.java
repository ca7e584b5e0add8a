package io.observatory.storage.stats;

import java.time.Duration;

/**
 * How long batches took since the writer was created, from when a worker took them from
 * the buffer until their outcome was known.
 *
 * @param count number of batches
 * @param total sum of their times
 * @param p50 the median
 * @param p95 the 95th percentile
 * @param p99 the 99th percentile
 * @param max the longest
 */
public record FlushLatency(long count, Duration total, Duration p50, Duration p95, Duration p99, Duration max) {
}
