package io.observatory.storage.llm;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The checks of this package's records. Messages name the field and never show its value.
 */
final class Check {

	private Check() {
	}

	static <T> T required(@Nullable T value, String record, String field) {
		if (value == null) {
			throw new NullPointerException(record + "." + field + " is required");
		}
		return value;
	}

	static void notNegative(@Nullable Long value, String record, String field) {
		if (value != null && value < 0) {
			throw new IllegalArgumentException(record + "." + field + " must not be negative");
		}
	}

	static void notNegative(@Nullable Duration value, String record, String field) {
		if (value != null && value.isNegative()) {
			throw new IllegalArgumentException(record + "." + field + " must not be negative");
		}
	}

	static void price(@Nullable BigDecimal value, String field) {
		if (value != null && value.signum() < 0) {
			throw new IllegalArgumentException("ModelPrice." + field + " must not be negative");
		}
	}

	static void amount(@Nullable Double value, String record, String field) {
		if (value != null && !(value >= 0 && value < Double.POSITIVE_INFINITY)) {
			throw new IllegalArgumentException(record + "." + field + " must be finite and not negative");
		}
	}

}
