package io.observatory.storage.model;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What records check. Messages name the field and never show its value.
 */
public final class Check {

	private Check() {
	}

	public static <T> T required(@Nullable T value, String record, String field) {
		if (value == null) {
			throw new NullPointerException(record + "." + field + " is required");
		}
		return value;
	}

	public static void notNegative(@Nullable Long value, String record, String field) {
		if (value != null && value < 0) {
			throw new IllegalArgumentException(record + "." + field + " must not be negative");
		}
	}

	public static void notNegative(@Nullable Duration value, String record, String field) {
		if (value != null && value.isNegative()) {
			throw new IllegalArgumentException(record + "." + field + " must not be negative");
		}
	}

	public static void price(@Nullable BigDecimal value, String field) {
		if (value != null && value.signum() < 0) {
			throw new IllegalArgumentException("ModelPrice." + field + " must not be negative");
		}
	}

	public static void amount(@Nullable Double value, String record, String field) {
		if (value != null && !(value >= 0 && value < Double.POSITIVE_INFINITY)) {
			throw new IllegalArgumentException(record + "." + field + " must be finite and not negative");
		}
	}

}
