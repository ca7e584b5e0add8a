package io.observatory.storage.capture.micrometer;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.step.StepValue;
import org.HdrHistogram.DoubleHistogram;
import org.HdrHistogram.DoubleRecorder;

/**
 * The percentiles of a step's values. Micrometer's own percentiles use a window that is
 * independent of steps.
 */
final class StepPercentiles extends StepValue<ValueAtPercentile[]> {

	private final double[] percentiles;

	private final DoubleRecorder values;

	StepPercentiles(Clock clock, long stepMillis, DistributionStatisticConfig config) {
		super(clock, stepMillis, new ValueAtPercentile[0]);
		this.percentiles = Objects.requireNonNull(config.getPercentiles());
		this.values = new DoubleRecorder(Objects.requireNonNull(config.getPercentilePrecision()));
	}

	void record(double value) {
		try {
			this.values.recordValue(value);
		}
		catch (IndexOutOfBoundsException ex) {
			// as with Micrometer: too far from the others to be told apart from them
		}
	}

	@Override
	protected Supplier<ValueAtPercentile[]> valueSupplier() {
		return () -> {
			DoubleHistogram step = this.values.getIntervalHistogram();
			return Arrays.stream(this.percentiles)
				.mapToObj(
						(percentile) -> new ValueAtPercentile(percentile, step.getValueAtPercentile(percentile * 100)))
				.toArray(ValueAtPercentile[]::new);
		};
	}

	@Override
	protected ValueAtPercentile[] noValue() {
		return new ValueAtPercentile[0];
	}

	@Override
	protected void _closingRollover() {
		super._closingRollover();
	}

}
