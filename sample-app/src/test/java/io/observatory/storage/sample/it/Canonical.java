package io.observatory.storage.sample.it;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in a form that can be compared: objects as sorted maps, numbers by their value.
 */
final class Canonical {

	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
		.build();

	private static final MathContext TWELVE_DIGITS = new MathContext(12);

	private Canonical() {
	}

	static Object parse(String json) {
		return of(JSON.readValue(json, Object.class));
	}

	static Object of(Object value) {
		if (value instanceof Map<?, ?> map) {
			Map<String, Object> sorted = new TreeMap<>();
			map.forEach((key, member) -> sorted.put((String) key, of(member)));
			return sorted;
		}
		if (value instanceof List<?> list) {
			List<Object> elements = new ArrayList<>();
			list.forEach((element) -> elements.add(of(element)));
			return elements;
		}
		if (value instanceof Double number && !Double.isFinite(number)) {
			return number.toString();
		}
		return (value instanceof Number) ? new BigDecimal(value.toString()).stripTrailingZeros() : value;
	}

	/**
	 * Returns the value with numbers cut to twelve digits, for what two sides compute.
	 */
	static Object rounded(Object canonical) {
		if (canonical instanceof Map<?, ?> map) {
			Map<String, Object> sorted = new TreeMap<>();
			map.forEach((key, member) -> sorted.put((String) key, rounded(member)));
			return sorted;
		}
		if (canonical instanceof List<?> list) {
			return list.stream().map(Canonical::rounded).toList();
		}
		return (canonical instanceof BigDecimal number) ? number.round(TWELVE_DIGITS).stripTrailingZeros() : canonical;
	}

}
