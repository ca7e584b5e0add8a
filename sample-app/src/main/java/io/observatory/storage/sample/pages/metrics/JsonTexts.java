package io.observatory.storage.sample.pages.metrics;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads JSON of the database.
 */
final class JsonTexts {

	private JsonTexts() {
	}

	/**
	 * The members of an object as texts, by name.
	 */
	static Map<String, String> of(@Nullable String json) {
		Map<String, String> texts = new TreeMap<>();
		read(json).properties().forEach((property) -> texts.put(property.getKey(), text(property.getValue())));
		return texts;
	}

	/**
	 * Returns the value; a missing one for jsonb that no parser accepts, such as a
	 * thousand levels.
	 */
	static JsonNode read(@Nullable String json) {
		try {
			return (json != null) ? JsonMapper.shared().readTree(json) : MissingNode.getInstance();
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

	private static String text(JsonNode value) {
		return value.isString() ? value.stringValue() : value.toString();
	}

}
