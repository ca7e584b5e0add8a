package io.observatory.storage.llm.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Attributes like {@code prefix.0.message.role}, put together again: lists where a name
 * is a number, maps elsewhere.
 */
final class Flattened {

	private static final int MAX_DEPTH = 20;

	private Flattened() {
	}

	/**
	 * Returns the list below a prefix that ends with a dot, in the order of its numbers;
	 * empty if there is none.
	 */
	static List<Object> list(Map<String, ?> attributes, String prefix) {
		Map<String, Object> root = new LinkedHashMap<>();
		attributes.forEach((name, value) -> {
			if (value != null && name.startsWith(prefix)) {
				put(root, name.substring(prefix.length()).split("\\.", MAX_DEPTH), value);
			}
		});
		return (plain(root) instanceof List<?> list) ? new ArrayList<>(list) : List.of();
	}

	@SuppressWarnings("unchecked")
	private static void put(Map<String, Object> root, String[] path, Object value) {
		Map<String, Object> map = root;
		for (int i = 0; i < path.length - 1; i++) {
			Object below = map.computeIfAbsent(path[i], (name) -> new LinkedHashMap<>());
			if (!(below instanceof LinkedHashMap<?, ?>)) {
				return;
			}
			map = (Map<String, Object>) below;
		}
		map.putIfAbsent(path[path.length - 1], value);
	}

	private static @Nullable Object plain(@Nullable Object value) {
		if (!(value instanceof LinkedHashMap<?, ?> map) || map.isEmpty()) {
			return value;
		}
		Map<Integer, @Nullable Object> numbered = new TreeMap<>();
		Map<String, @Nullable Object> named = new LinkedHashMap<>();
		map.forEach((key, below) -> {
			String name = (String) key;
			if (name.matches("[0-9]{1,6}")) {
				numbered.put(Integer.valueOf(name), plain(below));
			}
			else {
				named.put(name, plain(below));
			}
		});
		return named.isEmpty() ? new ArrayList<>(numbered.values()) : named;
	}

}
