package io.observatory.storage.sample.pages.metrics;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The values of histograms or summaries in each bucket of time.
 */
final class Distributions {

	private final Distribution[] distributions;

	private final double[] counts;

	private final double[] sums;

	Distributions(TimeBuckets buckets, List<Change> changes) {
		this.distributions = new Distribution[buckets.starts().size()];
		this.counts = new double[this.distributions.length];
		this.sums = new double[this.distributions.length];
		for (int i = 0; i < this.distributions.length; i++) {
			this.distributions[i] = new Distribution();
		}
		changes.forEach((change) -> buckets.spread(change.from(), change.to(), (bucket, part) -> {
			this.distributions[bucket].add(change.values(), part);
			if (change.sum() != null) {
				this.counts[bucket] += change.amount() * part;
				this.sums[bucket] += change.sum() * part;
			}
		}));
	}

	@Nullable Double quantile(int bucket, double quantile) {
		return this.distributions[bucket].quantile(quantile);
	}

	@Nullable Double mean(int bucket) {
		return (this.counts[bucket] > 0) ? (Double) (this.sums[bucket] / this.counts[bucket]) : null;
	}

}
