package io.observatory.storage.redact;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.observatory.storage.model.TraceEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of other backends reported, as OTLP: latencies called {@code …_token} were
 * hidden, and conversations were no JSON any more.
 */
class ReportedCasesTest {

	private static final ObjectMapper MAPPER = new ObjectMapper();

	/** All that is a secret in them, as it was and as it is stored. */
	private static final Map<Object, Object> MASKED = Map.of("SECRETSECRET", "[redacted]",
			"{\"credentials\": {\"user\": \"u\"", "{\"credentials\": {\"user\": \"[redacted]\"");

	private final MaskingRedactor redactor = new MaskingRedactor();

	@ParameterizedTest
	@ValueSource(strings = { "time-to-first-token", "time-to-first-token-metric", "time-to-first-token-log", "messages",
			"tool-arguments" })
	void onlySecretsAreMasked(String name) throws IOException {
		List<Map<String, Object>> given = new ArrayList<>();
		collect(read(name), given);
		assertThat(given).hasSizeGreaterThan(1)
			.allSatisfy((attributes) -> assertThat(masked(attributes)).isEqualTo(expected(attributes)));
	}

	private static JsonNode read(String name) throws IOException {
		try (InputStream in = ReportedCasesTest.class.getResourceAsStream("/redact/cases/" + name + ".json")) {
			return MAPPER.readTree(Objects.requireNonNull(in));
		}
	}

	private Map<String, ?> masked(Map<String, ?> attributes) {
		return this.redactor.redact(new TraceEvent(new java.util.UUID(0, 1), "t", "s", "n", Instant.EPOCH, attributes))
			.attributes();
	}

	private static Map<String, Object> expected(Map<String, Object> attributes) {
		Map<String, Object> expected = new LinkedHashMap<>(attributes);
		expected.replaceAll((key, value) -> {
			Object masked = value;
			for (Map.Entry<Object, Object> change : MASKED.entrySet()) {
				masked = (masked instanceof String text)
						? text.replace((String) change.getKey(), (String) change.getValue()) : masked;
			}
			return masked;
		});
		return expected;
	}

	/** Finds the attributes, and the bodies as if they were one. */
	private static void collect(JsonNode node, List<Map<String, Object>> found) {
		for (Map.Entry<String, JsonNode> property : node.properties()) {
			if (property.getKey().equals("attributes")) {
				found.add(attributes(property.getValue()));
			}
			else if (property.getKey().equals("body")) {
				Map<String, Object> body = new LinkedHashMap<>();
				body.put("body", value(property.getValue()));
				found.add(body);
			}
			collect(property.getValue(), found);
		}
		if (node.isArray()) {
			node.forEach((element) -> collect(element, found));
		}
	}

	private static Map<String, Object> attributes(JsonNode list) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		list.forEach((pair) -> attributes.put(pair.get("key").asString(), value(pair.get("value"))));
		return attributes;
	}

	/** OTLP's AnyValue. */
	private static @Nullable Object value(JsonNode any) {
		for (Map.Entry<String, JsonNode> kind : any.properties()) {
			return switch (kind.getKey()) {
				case "intValue" -> Long.valueOf(kind.getValue().asString());
				case "doubleValue" -> kind.getValue().doubleValue();
				case "kvlistValue" -> attributes(kind.getValue().get("values"));
				default -> kind.getValue().asString();
			};
		}
		return null;
	}

}
