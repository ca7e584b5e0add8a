package io.observatory.storage.capture.micrometer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.observatory.storage.capture.TelemetryResource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What timers and summaries say of a step is that step's alone.
 */
class StepMetersTest {

	private static final Duration STEP = Duration.ofMinutes(1);

	private final MockClock clock = new MockClock();

	private final ObservatoryMeterRegistry registry = new ObservatoryMeterRegistry(() -> null,
			TelemetryResource.of("shop"), STEP, this.clock);

	@Test
	void aTimersMaximumAndPercentilesAreThoseOfTheLastStep() {
		Timer timer = Timer.builder("pay").publishPercentiles(0, 0.5, 1).register(this.registry);
		timer.record(Duration.ofSeconds(60));
		step(timer::count);
		assertThat(timer.max(TimeUnit.SECONDS)).isCloseTo(60, within(0.1));
		timer.record(Duration.ofMillis(10));
		timer.record(Duration.ofMillis(30));
		this.clock.add(STEP);
		assertThat(timer.count()).isEqualTo(2);
		assertThat(timer.max(TimeUnit.MILLISECONDS)).isEqualTo(30);
		assertThat(timer.takeSnapshot().percentileValues()).extracting((value) -> value.value(TimeUnit.MILLISECONDS))
			.satisfiesExactly((least) -> assertThat(least).isCloseTo(10, within(0.5)),
					(half) -> assertThat(half).isCloseTo(10, within(0.5)),
					(most) -> assertThat(most).isCloseTo(30, within(0.5)));
		this.clock.add(STEP);
		assertThat(timer.count()).isZero();
		assertThat(timer.max(TimeUnit.SECONDS)).isZero();
	}

	@Test
	void aSummarysMaximumAndPercentilesAreThoseOfTheLastStep() {
		DistributionSummary summary = DistributionSummary.builder("size")
			.publishPercentiles(0.5)
			.register(this.registry);
		summary.record(1000);
		summary.record(Double.MAX_VALUE);
		step(summary::count);
		summary.record(4);
		this.clock.add(STEP);
		assertThat(summary.max()).isEqualTo(4);
		assertThat(summary.takeSnapshot().percentileValues()[0].value()).isCloseTo(4, within(0.1));
	}

	/** The registry looks at each meter when a step ends. */
	private void step(Runnable look) {
		this.clock.add(STEP);
		look.run();
	}

	@Test
	void whatWasLongAgoIsNotInTheStep() {
		Timer timer = Timer.builder("pay").publishPercentiles(1).register(this.registry);
		timer.record(Duration.ofSeconds(9));
		step(timer::count);
		step(timer::count);
		timer.record(Duration.ofSeconds(1));
		this.clock.add(STEP);
		assertThat(timer.max(TimeUnit.SECONDS)).isEqualTo(1);
		assertThat(timer.takeSnapshot().percentileValues()[0].value(TimeUnit.SECONDS)).isCloseTo(1, within(0.05));
	}

}
