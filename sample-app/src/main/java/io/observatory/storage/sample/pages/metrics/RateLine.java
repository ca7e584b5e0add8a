package io.observatory.storage.sample.pages.metrics;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How much a second came to counters, in each bucket of time. A change counts evenly over
 * the time it came in. A cumulative counter says what it counted, and when it says
 * nothing nobody knows: the rate is that of the time which is covered. A delta is all
 * there was in its bucket.
 */
final class RateLine {

	private final TimeBuckets buckets;

	private final double[] amounts;

	private final boolean[] deltas;

	private final Map<PointSeries, double[]> covered = new HashMap<>();

	RateLine(TimeBuckets buckets) {
		this.buckets = buckets;
		this.amounts = new double[buckets.starts().size()];
		this.deltas = new boolean[this.amounts.length];
	}

	void add(Change change) {
		double length = TimeBuckets.seconds(change.from(), change.to());
		double[] seconds = change.series().isCumulative()
				? this.covered.computeIfAbsent(change.series(), (key) -> new double[this.amounts.length]) : null;
		this.buckets.spread(change.from(), change.to(), (bucket, part) -> {
			this.amounts[bucket] += change.amount() * part;
			if (seconds != null) {
				seconds[bucket] += length * part;
			}
			else {
				this.deltas[bucket] = true;
			}
		});
	}

	/**
	 * The rate in a bucket; null where nothing is known.
	 */
	@Nullable Double rate(int bucket) {
		double seconds = this.deltas[bucket] ? this.buckets.seconds(bucket)
				: this.covered.values().stream().mapToDouble((covered) -> covered[bucket]).max().orElse(0);
		return (seconds > 0) ? (Double) (this.amounts[bucket] / seconds) : null;
	}

}
