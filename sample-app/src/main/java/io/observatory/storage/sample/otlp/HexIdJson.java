package io.observatory.storage.sample.otlp;

import java.io.StringWriter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * OTLP's JSON differs from protobuf's in one thing: trace and span ids are in hex, where
 * protobuf expects bytes in base64. The keys of attributes are values in this JSON, never
 * names, so the names below mean nothing else.
 */
final class HexIdJson {

	private static final Set<String> ID_FIELDS = Set.of("traceId", "trace_id", "spanId", "span_id", "parentSpanId",
			"parent_span_id");

	private HexIdJson() {
	}

	/**
	 * Returns the JSON with ids in base64.
	 * @throws tools.jackson.core.JacksonException when it is not JSON
	 * @throws BadJsonException when an id is not in hex, or more than one value is there
	 */
	static String toProtobufJson(byte[] json) {
		StringWriter text = new StringWriter(json.length);
		JsonMapper mapper = JsonMapper.shared();
		try (JsonParser parser = mapper.createParser(json); JsonGenerator generator = mapper.createGenerator(text)) {
			boolean done = false;
			while (parser.nextToken() != null) {
				if (done) {
					throw new BadJsonException("has something after its end");
				}
				copy(parser, generator);
				done = parser.streamReadContext().inRoot();
			}
		}
		return text.toString();
	}

	private static void copy(JsonParser parser, JsonGenerator generator) {
		String field = parser.currentName();
		if (parser.currentToken() == JsonToken.VALUE_STRING && field != null && ID_FIELDS.contains(field)) {
			generator.writeString(base64(parser.getString()));
		}
		else {
			generator.copyCurrentEvent(parser);
		}
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
