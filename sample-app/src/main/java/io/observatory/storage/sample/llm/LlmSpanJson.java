package io.observatory.storage.sample.llm;

import java.util.function.ObjIntConsumer;

import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads LLM spans from JSON, one at a time: one object, or an array of them. Strict, so
 * that a misspelled field is not lost. The message for an invalid span names the field.
 * The parser's own messages may show content and are not passed on.
 */
final class LlmSpanJson {

	/** A span with fewer bytes cannot become large. */
	private static final int SMALL = 16 * 1024;

	private static final long BYTES_PER_TOKEN = 128;

	private static final ObjectReader READER = JsonMapper.builder()
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build()
		.readerFor(LlmSpanRequest.class);

	private LlmSpanJson() {
	}

	/**
	 * Reads the spans.
	 * @param request has the memory for them
	 * @param action is called for each, with its place in the list
	 * @throws RequestException when one of them is not valid
	 */
	static void read(Request request, Body body, ObjIntConsumer<LlmSpan> action) {
		int[] count = new int[1];
		// first check that all of it is JSON and not too large
		elements(body, (from, to) -> request.checkRecords(++count[0], body.size()));
		count[0] = 0;
		elements(body, (from, to) -> action.accept(span(request, body, from, to, count[0]), count[0]++));
	}

	private static void elements(Body body, RangeConsumer action) {
		try (JsonParser parser = READER.createParser(body.array(), 0, body.size())) {
			boolean isList = parser.nextToken() == JsonToken.START_ARRAY;
			if (isList) {
				parser.nextToken();
			}
			else if (parser.currentToken() == null) {
				throw RequestException.malformed("There is no JSON");
			}
			while (parser.currentToken() != null && parser.currentToken() != JsonToken.END_ARRAY) {
				int from = (int) parser.currentTokenLocation().getByteOffset();
				parser.skipChildren();
				parser.finishToken();
				action.accept(from, (int) parser.currentLocation().getByteOffset());
				parser.nextToken();
				if (!isList) {
					break;
				}
			}
			if (isList ? parser.nextToken() != null : parser.currentToken() != null) {
				throw RequestException.malformed("There is something after the end of the JSON");
			}
		}
		catch (JacksonException ex) {
			throw RequestException.malformed("Not valid JSON at line " + ex.getLocation().getLineNr() + ", column "
					+ ex.getLocation().getColumnNr());
		}
	}

	private static LlmSpan span(Request request, Body body, int from, int to, int index) {
		long size = decodedSize(body, from, to);
		request.lease().reserve(size);
		try {
			return span(parse(body, from, to, index), index);
		}
		finally {
			request.lease().release(size);
		}
	}

	private static long decodedSize(Body body, int from, int to) {
		long tokens = 0;
		if (to - from > SMALL) {
			try (JsonParser parser = READER.createParser(body.array(), from, to - from)) {
				while (parser.nextToken() != null) {
					tokens++;
				}
			}
		}
		return (tokens > 0) ? 3L * (to - from) + BYTES_PER_TOKEN * tokens : 0;
	}

	private static @Nullable LlmSpanRequest parse(Body body, int from, int to, int index) {
		try {
			return READER.readValue(body.array(), from, to - from);
		}
		catch (JacksonException ex) {
			throw RequestException.malformed("Not a valid LLM span: [" + index + "]" + field(ex));
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
				field.append('.').append(step.getPropertyName());
			}
			else {
				field.append('[').append(step.getIndex()).append(']');
			}
		}
		return field + " is not as it should be";
	}

	@FunctionalInterface
	private interface RangeConsumer {

		void accept(int from, int to);

	}

}
