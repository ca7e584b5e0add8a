package io.observatory.storage.sample.pages.metrics;

import java.util.Locale;

import io.observatory.storage.sample.pages.Chart;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a metric are shown, depending on its UCUM unit.
 */
enum MetricUnit {

	SECONDS(1e6, Chart.Unit.MICROS), MILLISECONDS(1e3, Chart.Unit.MICROS), MICROSECONDS(1, Chart.Unit.MICROS),
	NANOSECONDS(1e-3, Chart.Unit.MICROS), BYTES(1, Chart.Unit.BYTES), DOLLARS(1, Chart.Unit.USD),
	OTHER(1, Chart.Unit.NUMBER);

	private final double factor;

	private final Chart.Unit shown;

	MetricUnit(double factor, Chart.Unit shown) {
		this.factor = factor;
		this.shown = shown;
	}

	static MetricUnit of(@Nullable String unit) {
		return switch ((unit != null) ? unit.toLowerCase(Locale.ROOT) : "") {
			case "s", "seconds", "second" -> SECONDS;
			case "ms", "milliseconds" -> MILLISECONDS;
			case "us", "microseconds" -> MICROSECONDS;
			case "ns", "nanoseconds" -> NANOSECONDS;
			case "by", "bytes", "byte" -> BYTES;
			case "usd", "{usd}" -> DOLLARS;
			default -> OTHER;
		};
	}

	Chart.Unit shown() {
		return this.shown;
	}

	/**
	 * Returns a value in the unit in which it is shown; null if it is not a number.
	 */
	@Nullable Double scale(@Nullable Double value) {
		return (value != null && Double.isFinite(value)) ? (Double) (value * this.factor) : null;
	}

}
