package io.observatory.storage.llm.name;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Cuts what was said to so many characters, telling where it did. Of a conversation its
 * instructions and its end are kept, for what came between is in the spans of its earlier
 * calls; {@code {"cut": 12}} stands for twelve messages. What was a list or a map stays
 * one, so that it is valid JSON. Immutable, thread-safe.
 */
public final class ContentLimit {

	/** What of a message is content; the rest is its form. */
	private static final Set<String> TEXTS = Set.of("content", "response", "arguments", "uri");

	private static final Set<String> INSTRUCTIONS = Set.of("system", "developer");

	private final int maxLength;

	/** Limits to so many characters. */
	public ContentLimit(int maxLength) {
		this.maxLength = maxLength;
	}

	/** Returns the attributes, those with content cut to the limit each. */
	public Map<String, Object> apply(Map<String, ?> attributes) {
		Map<String, Object> limited = new LinkedHashMap<>();
		attributes.forEach((name, value) -> limited.put(name, GenAiNames.isContent(name) ? limit(value) : value));
		return limited;
	}

	/** Returns a value cut to the limit: text, or lists and maps with texts in them. */
	public @Nullable Object limit(@Nullable Object value) {
		return new Budget(this.maxLength).limit(value, true);
	}

	/** Returns a text cut to the limit. */
	public String apply(String text) {
		return new Budget(this.maxLength).cut(text);
	}

	private static boolean isInstruction(@Nullable Object element) {
		return element instanceof Map<?, ?> message && message.get("role") instanceof String role
				&& INSTRUCTIONS.contains(role);
	}

	/** What is left for one attribute. */
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

		/** Instructions first, at most half of it; then from the last to the first. */
		private List<@Nullable Object> limit(List<?> elements, boolean content) {
			int first = 0;
			List<@Nullable Object> head = new ArrayList<>();
			int all = this.left;
			this.left = all / 2;
			while (first < elements.size() && isInstruction(elements.get(first)) && this.left > 0) {
				head.add(limit(elements.get(first++), content));
			}
			this.left += all - all / 2;
			head.addAll(end(elements.subList(first, elements.size()), content));
			return head;
		}

		private List<@Nullable Object> end(List<?> elements, boolean content) {
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
