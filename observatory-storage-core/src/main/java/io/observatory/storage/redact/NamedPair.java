package io.observatory.storage.redact;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A name and a value that are the values of two properties, as in lists of headers and of
 * variables: {@code {"name": "API_KEY", "value": "…"}}. The name is expected first.
 */
final class NamedPair {

	private static final String NAME = "name";

	private static final String KEY = "key";

	private static final String VALUE = "value";

	private static final String QUOTED_VALUE = '"' + VALUE + '"';

	private int depth;

	private String property = "";

	private Secrecy secrecy = Secrecy.NONE;

	/** Returns what the name said, if this property is the value. */
	Secrecy valueAfter(String property, int depth) {
		if (depth != this.depth) {
			this.secrecy = Secrecy.NONE;
		}
		this.depth = depth;
		this.property = property;
		return property.equals(VALUE) ? this.secrecy : Secrecy.NONE;
	}

	/** Returns whether the value that comes at the depth is a name. */
	boolean isName(int depth) {
		return depth == this.depth && (this.property.equals(NAME) || this.property.equals(KEY));
	}

	void named(Secrecy secrecy) {
		this.secrecy = secrecy;
	}

	/** Returns the name, or null if the map is no pair. */
	static @Nullable String nameOf(Map<?, ?> map) {
		Object name = map.containsKey(NAME) ? map.get(NAME) : map.get(KEY);
		return (map.containsKey(VALUE) && name instanceof String text) ? text : null;
	}

	/** Returns whether JSON may hold one. */
	static boolean mayBeIn(String json) {
		return json.contains(QUOTED_VALUE);
	}

	static boolean isValue(@Nullable Object property) {
		return VALUE.equals(property);
	}

}
