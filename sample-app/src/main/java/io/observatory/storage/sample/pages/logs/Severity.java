package io.observatory.storage.sample.pages.logs;

import java.util.Locale;

import io.observatory.storage.sample.pages.InvalidParameterException;
import org.jspecify.annotations.Nullable;

/**
 * OpenTelemetry's ranges of severity numbers, by the name of their first number.
 */
enum Severity {

	TRACE(1), DEBUG(5), INFO(9), WARN(13), ERROR(17), FATAL(21);

	private final int number;

	Severity(int number) {
		this.number = number;
	}

	/**
	 * The smallest severity number of this range.
	 */
	int number() {
		return this.number;
	}

	/**
	 * Its name in a URL and as a CSS class.
	 */
	public String key() {
		return name().toLowerCase(Locale.ROOT);
	}

	static @Nullable Severity of(@Nullable Integer number) {
		Severity found = null;
		for (Severity severity : values()) {
			if (number != null && severity.number <= number) {
				found = severity;
			}
		}
		return found;
	}

	static @Nullable Severity parse(@Nullable String key) {
		if (key == null || key.isBlank()) {
			return null;
		}
		for (Severity severity : values()) {
			if (severity.key().equals(key)) {
				return severity;
			}
		}
		throw new InvalidParameterException("severity must be one of trace, debug, info, warn, error, fatal.");
	}

}
