package io.observatory.storage.model;

import org.jspecify.annotations.Nullable;

/**
 * Checks the required fields of the builders.
 */
final class Required {

	private Required() {
	}

	static <T> T of(@Nullable T value, String record, String field) {
		if (value == null) {
			throw new NullPointerException(record + "." + field + " is required");
		}
		return value;
	}

}
