package io.observatory.storage.sample.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * OTLP's JSON differs from protobuf's in one point: trace and span ids are in hex, not in
 * base64. Keys of attributes are values in this JSON, never names, so the names below
 * cannot be anything else.
 */
final class HexIdJson {

	private static final Set<String> ID_FIELDS = Set.of("traceId", "trace_id", "spanId", "span_id", "parentSpanId",
			"parent_span_id");

	private HexIdJson() {
	}

	/**
	 * Returns the JSON with ids in base64; all else is copied as it is.
	 * @throws tools.jackson.core.JacksonException when it is not JSON
	 * @throws BadJsonException when an id is not in hex, or more than one value is there
	 */
	static String toProtobufJson(byte[] json, int start, int end) {
		StringBuilder text = new StringBuilder(end - start + 64);
		int copied = start;
		try (JsonParser parser = JsonMapper.shared().createParser(json, start, end - start)) {
			boolean done = false;
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				if (done) {
					throw new BadJsonException("has something after its end");
				}
				if (token == JsonToken.VALUE_STRING && isId(parser.currentName())) {
					append(text, json, copied, start + (int) parser.currentTokenLocation().getByteOffset());
					text.append('"').append(base64(parser.getString())).append('"');
					copied = start + (int) parser.currentLocation().getByteOffset();
				}
				done = parser.streamReadContext().inRoot();
			}
		}
		append(text, json, copied, end);
		return text.toString();
	}

	private static boolean isId(@Nullable String name) {
		return name != null && ID_FIELDS.contains(name);
	}

	private static void append(StringBuilder text, byte[] json, int from, int to) {
		text.append(new String(json, from, to - from, StandardCharsets.UTF_8));
	}

	private static String base64(String hex) {
		try {
			return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
		}
		catch (IllegalArgumentException ex) {
			throw new BadJsonException("must be in hex");
		}
	}

}
