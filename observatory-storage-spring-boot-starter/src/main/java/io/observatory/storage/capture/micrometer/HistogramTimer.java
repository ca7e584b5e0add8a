package io.observatory.storage.capture.micrometer;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.step.StepTimer;

/**
 * A timer whose buckets count the same step as the timer itself.
 */
final class HistogramTimer extends StepTimer {

	private final StepHistogram steps;

	HistogramTimer(Id id, Clock clock, DistributionStatisticConfig config, PauseDetector pauseDetector,
			TimeUnit baseTimeUnit, long stepMillis, StepHistogram steps) {
		super(id, clock, config, pauseDetector, baseTimeUnit, stepMillis, steps);
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
