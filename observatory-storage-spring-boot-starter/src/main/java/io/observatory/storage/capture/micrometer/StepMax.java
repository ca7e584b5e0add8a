package io.observatory.storage.capture.micrometer;

import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.step.StepValue;

/**
 * The largest value of a step. Micrometer's own maximum covers three steps.
 */
final class StepMax extends StepValue<Double> {

	private final DoubleAccumulator max = new DoubleAccumulator(Math::max, 0);

	StepMax(Clock clock, long stepMillis) {
		super(clock, stepMillis);
	}

	void record(double value) {
		this.max.accumulate(value);
	}

	@Override
	protected Supplier<Double> valueSupplier() {
		return this.max::getThenReset;
	}

	@Override
	protected Double noValue() {
		return 0.0;
	}

	@Override
	protected void _closingRollover() {
		super._closingRollover();
	}

}
