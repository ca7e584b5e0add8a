package io.observatory.storage.sample.llm;

import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.sample.http.RequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads LLM spans from JSON: one object, or an array of them. Strict, so that a
 * misspelled field is not lost. What it says of a bad one names the field; the parser's
 * own messages may show content and are not passed on.
 */
final class LlmSpanJson {

	private static final ObjectReader READER = JsonMapper.builder()
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
				DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
		.build()
		.readerFor(new TypeReference<List<LlmSpanRequest>>() {
		});

	private LlmSpanJson() {
	}

	/**
	 * Returns the spans.
	 * @throws RequestException when one of them is not valid
	 */
	static List<LlmSpan> read(byte[] json) {
		List<@Nullable LlmSpanRequest> requests = parse(json);
		List<LlmSpan> spans = new ArrayList<>(requests.size());
		for (int i = 0; i < requests.size(); i++) {
			spans.add(span(requests.get(i), i));
		}
		return spans;
	}

	private static List<@Nullable LlmSpanRequest> parse(byte[] json) {
		try {
			List<@Nullable LlmSpanRequest> requests = READER.readValue(json);
			return (requests != null) ? requests : List.of();
		}
		catch (StreamReadException ex) {
			throw RequestException.malformed("Not valid JSON at line " + ex.getLocation().getLineNr() + ", column "
					+ ex.getLocation().getColumnNr());
		}
		catch (JacksonException ex) {
			throw RequestException.malformed("Not a valid LLM span: " + field(ex));
		}
	}

	private static LlmSpan span(@Nullable LlmSpanRequest request, int index) {
		if (request == null) {
			throw RequestException.malformed("Not a valid LLM span: [" + index + "] is null");
		}
		try {
			return request.toSpan();
		}
		catch (IllegalArgumentException ex) {
			throw RequestException.malformed("Not a valid LLM span: [" + index + "]." + ex.getMessage());
		}
	}

	private static String field(JacksonException ex) {
		StringBuilder field = new StringBuilder();
		for (JacksonException.Reference step : ex.getPath()) {
			if (step.getPropertyName() != null) {
				field.append((field.isEmpty()) ? "" : ".").append(step.getPropertyName());
			}
			else {
				field.append('[').append(step.getIndex()).append(']');
			}
		}
		return field + " is not as it should be";
	}

}
