package io.observatory.storage.sample.pages;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Formats the numbers and times of the pages: {@code @format} in the templates. An
 * unknown value is a dash.
 */
@Component("format")
public final class Format {

	private static final String NONE = "–";

	/** Beyond it a double cannot represent every integer. */
	private static final double MAX_WRITTEN_OUT = 1L << 53;

	private static final BigDecimal LEAST_COST = new BigDecimal("0.0001");

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	/**
	 * A number with separators, such as 12,345.
	 */
	public String number(@Nullable Number number) {
		if (number == null) {
			return NONE;
		}
		double value = number.doubleValue();
		if (number instanceof Long || (value == Math.rint(value) && Math.abs(value) < MAX_WRITTEN_OUT)) {
			return String.format(Locale.ROOT, "%,d", number.longValue());
		}
		return String.format(Locale.ROOT, (Math.abs(value) < MAX_WRITTEN_OUT) ? "%,.2f" : "%.3g", value);
	}

	/**
	 * A number in short, such as 12.3k: for tiles.
	 */
	public String brief(@Nullable Number number) {
		if (number == null) {
			return NONE;
		}
		double value = number.doubleValue();
		double size = Math.abs(value);
		if (size < 10_000) {
			return number(number);
		}
		if (size < 999_950) {
			return String.format(Locale.ROOT, "%.1fk", value / 1e3);
		}
		return (size < 999_950_000) ? String.format(Locale.ROOT, "%.2fM", value / 1e6)
				: String.format(Locale.ROOT, "%.2fG", value / 1e9);
	}

	/**
	 * A duration of microseconds, with three significant digits: 640 µs, 1.24 s, 3 m 20
	 * s.
	 */
	public String duration(@Nullable Number micros) {
		if (micros == null) {
			return NONE;
		}
		double us = micros.doubleValue();
		if (us < 1_000) {
			return String.format(Locale.ROOT, "%.0f µs", us);
		}
		if (us < 999_500) {
			return digits(us / 1e3) + " ms";
		}
		if (us < 60e6) {
			return digits(us / 1e6) + " s";
		}
		Duration duration = Duration.ofSeconds(Math.round(us / 1e6));
		return (duration.toHours() == 0) ? duration.toMinutes() + " m " + duration.toSecondsPart() + " s"
				: duration.toHours() + " h " + duration.toMinutesPart() + " m";
	}

	/**
	 * A time span. It has another name than the other method, because an expression could
	 * choose either for null.
	 */
	public String length(Duration length) {
		return duration(length.toMillis() * 1000);
	}

	private static String digits(double value) {
		int decimals = (value < 9.995) ? 2 : (value < 99.95) ? 1 : 0;
		return String.format(Locale.ROOT, "%." + decimals + "f", value);
	}

	/**
	 * US dollars: two decimals, or two significant digits for small amounts, but nothing
	 * smaller than a hundredth of a cent.
	 */
	public String cost(@Nullable BigDecimal usd) {
		if (usd == null) {
			return NONE;
		}
		if (usd.signum() == 0 || usd.abs().compareTo(BigDecimal.ONE) >= 0) {
			return String.format(Locale.ROOT, "$%,.2f", usd);
		}
		if (usd.abs().compareTo(LEAST_COST) < 0) {
			return "<$" + LEAST_COST;
		}
		BigDecimal rounded = usd.round(new MathContext(2));
		return "$" + rounded.setScale(Math.max(rounded.scale(), 2)).toPlainString();
	}

	public String bytes(@Nullable Number bytes) {
		if (bytes == null) {
			return NONE;
		}
		double size = bytes.doubleValue();
		if (size < 1024) {
			return String.format(Locale.ROOT, "%.0f B", size);
		}
		if (size < 1024 * 1024) {
			return digits(size / 1024) + " KiB";
		}
		return (size < 1L << 30) ? digits(size / (1 << 20)) + " MiB" : digits(size / (1L << 30)) + " GiB";
	}

	/**
	 * A value of a chart.
	 */
	public String value(Chart.Unit unit, @Nullable Double value) {
		if (value == null) {
			return NONE;
		}
		return switch (unit) {
			case NUMBER -> number(value);
			case MICROS -> duration(value);
			case USD -> Double.isFinite(value) ? cost(BigDecimal.valueOf(value)) : NONE;
			case BYTES -> bytes(value);
		};
	}

	/**
	 * A share, such as 0.012 as 1.2 %.
	 */
	public String percent(@Nullable Number share) {
		if (share == null) {
			return NONE;
		}
		double percent = share.doubleValue() * 100;
		return String.format(Locale.ROOT, (percent == 0 || percent >= 10) ? "%.0f %%" : "%.1f %%", percent);
	}

	/**
	 * An instant to the millisecond, in UTC; the script of the pages turns it into the
	 * browser's zone.
	 */
	public String time(@Nullable Instant time) {
		return (time != null) ? TIME.format(time) : NONE;
	}

}
