package io.observatory.storage.llm;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Copies that keep the order and, unlike {@link Map#copyOf}, take null values: those are
 * left out when the span is converted, not refused.
 */
final class Copies {

	private Copies() {
	}

	static Map<String, ?> of(Map<String, ?> map) {
		return Collections.unmodifiableMap(new LinkedHashMap<String, Object>(map));
	}

}
