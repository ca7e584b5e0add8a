package io.observatory.storage.llm.name;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Attributes that are JSON in a string, as plain Java values: strings, longs, doubles,
 * booleans, lists and maps. Takes single quotes, too, which Python writes. Never throws
 * for a text; functions without a state, thread-safe.
 */
public final class JsonText {

	/** Longer texts are left as they are. */
	private static final int MAX_LENGTH = 16_000_000;

	private static final int MAX_DEPTH = 200;

	private static final JsonFactory JSON = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
		.enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
		.build();

	private JsonText() {
	}

	/**
	 * Returns the value that a text is in JSON, or null where it is no object, list or
	 * string in JSON, or too long.
	 */
	public static @Nullable Object parse(String text) {
		if (text.length() > MAX_LENGTH || !looksLikeJson(text)) {
			return null;
		}
		try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
			Object value = value(parser, parser.nextToken());
			return (parser.nextToken() == null) ? value : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	/**
	 * Returns the map or list that a value is, itself or as JSON in a string, even if
	 * that string is in JSON once more; else null.
	 */
	public static @Nullable Object container(@Nullable Object value) {
		Object inner = (value instanceof String text) ? parse(text) : value;
		Object container = (inner instanceof String text) ? parse(text) : inner;
		return (container instanceof Map<?, ?> || container instanceof List<?>) ? container : null;
	}

	/**
	 * Returns the object that a value is, itself or as JSON in a string; else an empty
	 * map.
	 */
	public static Map<?, ?> object(@Nullable Object value) {
		return (container(value) instanceof Map<?, ?> map) ? map : Map.of();
	}

	private static boolean looksLikeJson(String text) {
		int start = 0;
		while (start < text.length() && text.charAt(start) <= ' ') {
			start++;
		}
		return start < text.length() && "{[\"".indexOf(text.charAt(start)) >= 0;
	}

	private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token) {
		if (token == null) {
			return null;
		}
		return switch (token) {
			case START_OBJECT -> object(parser);
			case START_ARRAY -> list(parser);
			case VALUE_STRING -> parser.getString();
			case VALUE_NUMBER_INT -> parser.getNumberValue() instanceof Integer number ? (Object) number.longValue()
					: parser.getNumberValue();
			case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			default -> null;
		};
	}

	private static Map<String, @Nullable Object> object(JsonParser parser) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		while (parser.nextToken() != JsonToken.END_OBJECT) {
			String name = parser.currentName();
			map.put(name, value(parser, parser.nextToken()));
		}
		return map;
	}

	private static List<@Nullable Object> list(JsonParser parser) {
		List<@Nullable Object> list = new ArrayList<>();
		for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
			list.add(value(parser, token));
		}
		return list;
	}

}
