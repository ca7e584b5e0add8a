package io.observatory.storage.capture.micrometer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.step.StepDistributionSummary;

/**
 * A summary whose buckets count the same step as the summary itself.
 */
final class HistogramSummary extends StepDistributionSummary {

	private final StepHistogram steps;

	HistogramSummary(Id id, Clock clock, DistributionStatisticConfig config, double scale, long stepMillis,
			StepHistogram steps) {
		super(id, clock, config, scale, stepMillis, steps);
		this.steps = steps;
	}

	@Override
	public long count() {
		this.steps.rollOver();
		return super.count();
	}

	@Override
	public void _closingRollover() {
		super._closingRollover();
		this.steps.closingRollOver();
	}

}
