package io.observatory.storage.capture.micrometer;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.step.StepTimer;
import io.micrometer.core.instrument.util.TimeUtils;

/**
 * A timer whose maximum, percentiles and buckets are of the same step as its count.
 */
final class HistogramTimer extends StepTimer {

	private final StepHistogram steps;

	private final StepMax max;

	HistogramTimer(Id id, Clock clock, DistributionStatisticConfig config, PauseDetector pauseDetector,
			TimeUnit baseTimeUnit, long stepMillis, StepHistogram steps) {
		super(id, clock, config, pauseDetector, baseTimeUnit, stepMillis, steps);
		this.steps = steps;
		this.max = new StepMax(clock, stepMillis);
	}

	@Override
	protected void recordNonNegative(long amount, TimeUnit unit) {
		super.recordNonNegative(amount, unit);
		this.max.record(unit.toNanos(amount));
	}

	@Override
	public long count() {
		this.steps.rollOver();
		this.max.poll();
		return super.count();
	}

	@Override
	public double max(TimeUnit unit) {
		return TimeUtils.nanosToUnit(this.max.poll(), unit);
	}

	@Override
	public void _closingRollover() {
		super._closingRollover();
		this.steps.closingRollOver();
		this.max._closingRollover();
	}

}
