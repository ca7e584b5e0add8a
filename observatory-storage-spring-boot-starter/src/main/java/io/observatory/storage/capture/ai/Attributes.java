package io.observatory.storage.capture.ai;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Builds the attributes of a span; unknown values are left out.
 */
final class Attributes {

	private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

	void put(String name, @Nullable Object value) {
		boolean empty = (value instanceof String text && text.isEmpty())
				|| (value instanceof Collection<?> elements && elements.isEmpty());
		if (value != null && !empty) {
			this.values.put(name, value);
		}
	}

	/** JSON and tracers have only one type of integer. */
	void putLong(String name, @Nullable Number value) {
		put(name, (value != null) ? value.longValue() : null);
	}

	boolean has(String name) {
		return this.values.containsKey(name);
	}

	Map<String, @Nullable Object> asMap() {
		return this.values;
	}

}
