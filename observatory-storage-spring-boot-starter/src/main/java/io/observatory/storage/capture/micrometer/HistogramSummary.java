package io.observatory.storage.capture.micrometer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.step.StepDistributionSummary;

/**
 * A summary whose maximum, percentiles and buckets are of the same step as its count.
 */
final class HistogramSummary extends StepDistributionSummary {

	private final StepHistogram steps;

	private final StepMax max;

	HistogramSummary(Id id, Clock clock, DistributionStatisticConfig config, double scale, long stepMillis,
			StepHistogram steps) {
		super(id, clock, config, scale, stepMillis, steps);
		this.steps = steps;
		this.max = new StepMax(clock, stepMillis);
	}

	@Override
	protected void recordNonNegative(double amount) {
		super.recordNonNegative(amount);
		this.max.record(amount);
	}

	@Override
	public long count() {
		this.steps.rollOver();
		this.max.poll();
		return super.count();
	}

	@Override
	public double max() {
		return this.max.poll();
	}

	@Override
	public void _closingRollover() {
		super._closingRollover();
		this.steps.closingRollOver();
		this.max._closingRollover();
	}

}
