package io.observatory.storage.sample.it;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;

/**
 * What the SDK's own data should look like when stored. Written against the SDK's types
 * and the documented columns alone: it shares no code with the application's mapping.
 */
final class Expected {

	private Expected() {
	}

	static String service(Resource resource) {
		return resource.getAttribute(AttributeKey.stringKey("service.name"));
	}

	static Instant nanos(long epochNanos) {
		return Instant.EPOCH.plusNanos(epochNanos);
	}

	/** Columns have microseconds, rounded down. */
	static Instant column(long epochNanos) {
		return nanos(epochNanos).truncatedTo(ChronoUnit.MICROS);
	}

	static Map<String, Object> attributes(Attributes attributes) {
		Map<String, Object> map = new LinkedHashMap<>();
		attributes.forEach((key, value) -> map.put(key.getKey(), (value instanceof Value<?> any) ? value(any) : value));
		return map;
	}

	static Object value(Value<?> value) {
		return switch (value.getType()) {
			case ARRAY -> ((List<?>) value.getValue()).stream().map((element) -> value((Value<?>) element)).toList();
			case KEY_VALUE_LIST -> {
				Map<String, Object> map = new LinkedHashMap<>();
				((List<?>) value.getValue())
					.forEach((member) -> map.put(((KeyValue) member).getKey(), value(((KeyValue) member).getValue())));
				yield map;
			}
			case BYTES -> {
				ByteBuffer bytes = ((ByteBuffer) value.getValue()).duplicate();
				byte[] copy = new byte[bytes.remaining()];
				bytes.get(copy);
				yield Base64.getEncoder().encodeToString(copy);
			}
			case EMPTY -> null;
			default -> value.getValue();
		};
	}

	static Map<String, Object> scope(InstrumentationScopeInfo scope) {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("name", scope.getName());
		if (scope.getVersion() != null) {
			map.put("version", scope.getVersion());
		}
		if (!scope.getAttributes().isEmpty()) {
			map.put("attributes", attributes(scope.getAttributes()));
		}
		return map;
	}

	static void putSchema(Map<String, Object> attributes, InstrumentationScopeInfo scope) {
		if (scope.getSchemaUrl() != null) {
			attributes.put("otel.schema_url", scope.getSchemaUrl());
		}
	}

	static void putIfPositive(Map<String, Object> attributes, String name, int count) {
		if (count > 0) {
			attributes.put(name, count);
		}
	}

	static String emptyToNull(String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

}
