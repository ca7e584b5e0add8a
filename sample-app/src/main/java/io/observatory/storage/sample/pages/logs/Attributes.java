package io.observatory.storage.sample.pages.logs;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Attributes as text, in the order of their names.
 *
 * @param entries the attributes
 */
record Attributes(List<Entry> entries) {

	/** More than anybody reads on a page. */
	private static final int MAX_VALUE = 200_000;

	private static final Attributes NONE = new Attributes(List.of());

	/**
	 * The attributes of a JSON object.
	 */
	static Attributes of(@Nullable String json) {
		if (json == null) {
			return NONE;
		}
		List<Entry> entries = new ArrayList<>();
		try {
			JsonMapper.shared()
				.readTree(json)
				.properties()
				.forEach((property) -> entries.add(entry(property.getKey(), text(property.getValue()))));
		}
		catch (JacksonException ex) {
			// jsonb allows numbers and depths that no parser accepts
			return new Attributes(List.of(entry("(as stored)", json)));
		}
		entries.sort((a, b) -> a.name().compareTo(b.name()));
		return new Attributes(List.copyOf(entries));
	}

	private static Entry entry(String name, String text) {
		return new Entry(name, cut(text), Math.max(0, text.length() - MAX_VALUE));
	}

	private static String text(JsonNode value) {
		return value.isString() ? value.stringValue() : value.toString();
	}

	private static String cut(String text) {
		return (text.length() <= MAX_VALUE) ? text : text.substring(0, MAX_VALUE);
	}

	public boolean isEmpty() {
		return this.entries.isEmpty();
	}

	@Nullable String get(String name) {
		return this.entries.stream()
			.filter((entry) -> entry.name().equals(name))
			.map(Entry::value)
			.findFirst()
			.orElse(null);
	}

	Attributes without(String name) {
		return new Attributes(this.entries.stream().filter((entry) -> !entry.name().equals(name)).toList());
	}

	/**
	 * An attribute.
	 *
	 * @param name its name
	 * @param value its text, or its value as JSON
	 * @param omitted how many characters of it are not shown
	 */
	record Entry(String name, String value, int omitted) {

		public boolean isLong() {
			return this.value.length() > 300 || this.value.indexOf('\n') >= 0;
		}

	}

}
