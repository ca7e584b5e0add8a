package io.observatory.storage.sample.mapping;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts attribute values to plain Java values: strings, longs, doubles, booleans,
 * lists, maps; bytes in base64; null for the empty value. Of two attributes with the same
 * key the last one is kept.
 */
public final class AttributeMapping {

	private static final JsonMapper JSON = JsonMapper.shared();

	private AttributeMapping() {
	}

	/**
	 * Returns the attributes as a new map, in their order.
	 */
	public static Map<String, @Nullable Object> map(List<KeyValue> attributes) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		attributes.forEach((attribute) -> map.put(attribute.getKey(), value(attribute.getValue())));
		return map;
	}

	/**
	 * Returns a value.
	 */
	public static @Nullable Object value(AnyValue value) {
		return switch (value.getValueCase()) {
			case STRING_VALUE -> value.getStringValue();
			case BOOL_VALUE -> value.getBoolValue();
			case INT_VALUE -> value.getIntValue();
			case DOUBLE_VALUE -> value.getDoubleValue();
			case ARRAY_VALUE -> list(value.getArrayValue().getValuesList());
			case KVLIST_VALUE -> map(value.getKvlistValue().getValuesList());
			case BYTES_VALUE -> Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray());
			// an index into a table that exists only in profiles
			case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> null;
		};
	}

	/**
	 * Returns a value as text: a string as it is, anything else as JSON, the empty value
	 * as null.
	 */
	public static @Nullable String text(AnyValue value) {
		Object plain = value(value);
		return (plain == null || plain instanceof String) ? (String) plain : JSON.writeValueAsString(plain);
	}

	private static List<@Nullable Object> list(List<AnyValue> values) {
		List<@Nullable Object> list = new ArrayList<>(values.size());
		values.forEach((value) -> list.add(value(value)));
		return list;
	}

}
