package io.observatory.storage.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Reads variables; what is empty counts as not set. */
final class EnvironmentVariables {

	private static final Pattern DURATION = Pattern.compile("(?<number>[0-9]{1,9}) ?(?<unit>ms|s|m|h)?");

	private static final String DURATION_RULE = "must be a number of seconds or have a unit "
			+ "(250ms, 10s, 5m, 1h) and lie between ";

	private static final Duration LONGEST = Duration.ofDays(365);

	private final Map<String, String> values;

	EnvironmentVariables(Map<String, String> values) {
		this.values = values;
	}

	@Nullable String text(String name) {
		String value = this.values.get(name);
		return (value == null || value.isBlank()) ? null : value.strip();
	}

	/** A password may begin or end with a space. */
	@Nullable String secret(String name) {
		String value = this.values.get(name);
		return (value == null || value.isEmpty()) ? null : value;
	}

	String required(String name) {
		String value = text(name);
		if (value == null) {
			throw new IllegalArgumentException(
					name + " is not set: set DATABASE_URL, or DB_HOST, DB_NAME, DB_USER and DB_PASSWORD");
		}
		return value;
	}

	int number(String name, int defaultValue, int min, int max) {
		String text = text(name);
		if (text == null) {
			return defaultValue;
		}
		int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
		StorageConfig.check(value >= min && value <= max,
				name + " must be a whole number between " + min + " and " + max);
		return value;
	}

	double decimal(String name, double defaultValue, int min, int max) {
		String text = text(name);
		if (text == null) {
			return defaultValue;
		}
		double value = text.matches("[0-9]{1,9}([.][0-9]{1,9})?") ? Double.parseDouble(text) : -1;
		StorageConfig.check(value >= min && value <= max,
				name + " must be a number between " + min + " and " + max + ", such as 1.5");
		return value;
	}

	/** Returns null when the variable is not set. */
	@Nullable Duration duration(String name, Duration min, Duration max) {
		String text = text(name);
		if (text == null) {
			return null;
		}
		Matcher matcher = DURATION.matcher(text);
		Duration value = matcher.matches() ? duration(matcher) : Duration.ZERO;
		StorageConfig.check(value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
				name + " " + DURATION_RULE + StorageConfig.show(min) + " and " + StorageConfig.show(max));
		return value;
	}

	/** As {@link #duration}, with 0 for "never". */
	@Nullable Duration durationOrNever(String name, Duration min) {
		return "0".equals(text(name)) ? Duration.ZERO : duration(name, min, LONGEST);
	}

	private static Duration duration(Matcher matcher) {
		long number = Long.parseLong(matcher.group("number"));
		String unit = matcher.group("unit");
		return switch ((unit != null) ? unit : "s") {
			case "ms" -> Duration.ofMillis(number);
			case "m" -> Duration.ofMinutes(number);
			case "h" -> Duration.ofHours(number);
			default -> Duration.ofSeconds(number);
		};
	}

}
