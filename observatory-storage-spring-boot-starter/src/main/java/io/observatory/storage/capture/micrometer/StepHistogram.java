package io.observatory.storage.capture.micrometer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.Histogram;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.StepBucketHistogram;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import org.jspecify.annotations.Nullable;

/**
 * The buckets and percentiles of the values of a step, if the configuration of a timer or
 * summary asks for them.
 */
final class StepHistogram implements Histogram {

	private final @Nullable Buckets buckets;

	private final @Nullable StepPercentiles percentiles;

	StepHistogram(Clock clock, long stepMillis, DistributionStatisticConfig config) {
		this.buckets = config.isPublishingHistogram() ? new Buckets(clock, stepMillis, config) : null;
		this.percentiles = config.isPublishingPercentiles() ? new StepPercentiles(clock, stepMillis, config) : null;
	}

	@Override
	public void recordLong(long value) {
		if (this.buckets != null) {
			this.buckets.recordLong(value);
		}
		if (this.percentiles != null) {
			this.percentiles.record(value);
		}
	}

	@Override
	public void recordDouble(double value) {
		if (this.buckets != null) {
			this.buckets.recordDouble(value);
		}
		if (this.percentiles != null) {
			this.percentiles.record(value);
		}
	}

	@Override
	public HistogramSnapshot takeSnapshot(long count, double total, double max) {
		CountAtBucket @Nullable [] counts = (this.buckets != null) ? this.buckets.poll() : null;
		ValueAtPercentile @Nullable [] values = (this.percentiles != null) ? this.percentiles.poll() : null;
		return new HistogramSnapshot(count, total, max, values, counts, null);
	}

	/**
	 * Begins a new step if it is time, like the counts of the same meter.
	 */
	void rollOver() {
		if (this.buckets != null) {
			this.buckets.poll();
		}
		if (this.percentiles != null) {
			this.percentiles.poll();
		}
	}

	/**
	 * Ends the step early; it cannot be used after that.
	 */
	void closingRollOver() {
		if (this.buckets != null) {
			this.buckets._closingRollover();
		}
		if (this.percentiles != null) {
			this.percentiles._closingRollover();
		}
	}

	private static final class Buckets extends StepBucketHistogram {

		Buckets(Clock clock, long stepMillis, DistributionStatisticConfig config) {
			super(clock, stepMillis, config, true, false);
		}

		@Override
		protected void _closingRollover() {
			super._closingRollover();
		}

	}

}
