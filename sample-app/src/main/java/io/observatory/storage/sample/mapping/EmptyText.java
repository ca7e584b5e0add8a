package io.observatory.storage.sample.mapping;

import org.jspecify.annotations.Nullable;

/**
 * In OTLP a text that is not there is empty; in a column it is null.
 */
final class EmptyText {

	private EmptyText() {
	}

	static @Nullable String toNull(String text) {
		return text.isEmpty() ? null : text;
	}

}
