package io.observatory.storage.sample.mapping;

import org.jspecify.annotations.Nullable;

/**
 * A missing text is empty in OTLP, and null in a column.
 */
final class EmptyText {

	private EmptyText() {
	}

	static @Nullable String toNull(String text) {
		return text.isEmpty() ? null : text;
	}

}
