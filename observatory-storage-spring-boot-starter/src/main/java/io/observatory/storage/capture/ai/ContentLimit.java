package io.observatory.storage.capture.ai;

import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.observatory.storage.llm.GenAiNames;
import org.jspecify.annotations.Nullable;

/**
 * Cuts content to so many characters an attribute, telling where it did. The end of a
 * conversation is kept: what came before it is in the spans of its earlier calls.
 */
final class ContentLimit {

	/** What of a message is content; the rest is its form. */
	private static final Set<String> TEXTS = Set.of("content", "response", "arguments", "uri");

	private final int maxLength;

	ContentLimit(int maxLength) {
		this.maxLength = maxLength;
	}

	Map<String, Object> apply(Map<String, ?> attributes) {
		Map<String, Object> limited = new LinkedHashMap<>();
		attributes.forEach((name, value) -> limited.put(name,
				GenAiNames.isContent(name) ? new Budget(this.maxLength).limit(value, true) : value));
		return limited;
	}

	String apply(String text) {
		return new Budget(this.maxLength).cut(text);
	}

	/**
	 * What is left for one attribute.
	 */
	private static final class Budget {

		private int left;

		private Budget(int left) {
			this.left = left;
		}

		private @Nullable Object limit(@Nullable Object value, boolean content) {
			if (value instanceof String text) {
				return content ? cut(text) : text;
			}
			if (value instanceof List<?> elements) {
				return limit(elements, content);
			}
			return (value instanceof Map<?, ?> map) ? limit(map) : value;
		}

		/** From the last to the first. */
		private List<@Nullable Object> limit(List<?> elements, boolean content) {
			LinkedList<@Nullable Object> limited = new LinkedList<>();
			for (int i = elements.size() - 1; i >= 0; i--) {
				if (this.left <= 0) {
					limited.addFirst(Map.of("cut", i + 1));
					break;
				}
				limited.addFirst(limit(elements.get(i), content));
			}
			return limited;
		}

		private Map<Object, @Nullable Object> limit(Map<?, ?> map) {
			Map<Object, @Nullable Object> limited = new LinkedHashMap<>();
			map.forEach((name, value) -> limited.put(name, limit(value, TEXTS.contains(name))));
			return limited;
		}

		private String cut(String text) {
			int keep = Math.min(text.length(), Math.max(0, this.left));
			this.left -= keep;
			if (keep == text.length()) {
				return text;
			}
			if (keep > 0 && Character.isHighSurrogate(text.charAt(keep - 1))) {
				keep--;
			}
			return text.substring(0, keep) + "…[cut from " + text.length() + "]";
		}

	}

}
