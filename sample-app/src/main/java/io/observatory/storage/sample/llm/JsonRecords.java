package io.observatory.storage.sample.llm;

import java.util.function.Function;
import java.util.function.ObjIntConsumer;

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
 * Reads records from JSON, one at a time: one object, or an array of them. Strict, so
 * that a misspelled field is not lost. The message for an invalid record names the field.
 * The parser's own messages may show content and are not passed on.
 *
 * @param <T> the record's type
 */
final class JsonRecords<T> {

	/** A record with fewer bytes cannot become large. */
	private static final int SMALL = 16 * 1024;

	private static final long BYTES_PER_TOKEN = 128;

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.build();

	private final String invalid;

	private final ObjectReader reader;

	private final Function<Object, T> conversion;

	/**
	 * Creates a reader of one kind of record.
	 * @param name what messages call it
	 * @param type its JSON
	 * @param conversion makes the record, or throws an IllegalArgumentException that
	 * names the field
	 */
	<R> JsonRecords(String name, Class<R> type, Function<R, T> conversion) {
		this.invalid = "Not a valid " + name + ": [";
		this.reader = MAPPER.readerFor(type);
		this.conversion = (json) -> conversion.apply(type.cast(json));
	}

	/**
	 * Reads the records.
	 * @param request has the memory for them
	 * @param action is called for each, with its place in the list
	 * @throws RequestException when one of them is not valid
	 */
	void read(Request request, Body body, ObjIntConsumer<T> action) {
		int[] count = new int[1];
		// first check that all of it is JSON and not too large
		elements(body, (from, to) -> request.checkRecords(++count[0], body.size()));
		count[0] = 0;
		elements(body, (from, to) -> action.accept(record(request, body, from, to, count[0]), count[0]++));
	}

	private void elements(Body body, RangeConsumer action) {
		try (JsonParser parser = this.reader.createParser(body.array(), 0, body.size())) {
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

	private T record(Request request, Body body, int from, int to, int index) {
		long size = decodedSize(body, from, to);
		request.lease().reserve(size);
		try {
			return convert(parse(body, from, to, index), index);
		}
		finally {
			request.lease().release(size);
		}
	}

	private long decodedSize(Body body, int from, int to) {
		long tokens = 0;
		if (to - from > SMALL) {
			try (JsonParser parser = this.reader.createParser(body.array(), from, to - from)) {
				while (parser.nextToken() != null) {
					tokens++;
				}
			}
		}
		return (tokens > 0) ? 3L * (to - from) + BYTES_PER_TOKEN * tokens : 0;
	}

	private @Nullable Object parse(Body body, int from, int to, int index) {
		try {
			return this.reader.readValue(body.array(), from, to - from);
		}
		catch (JacksonException ex) {
			throw RequestException.malformed(this.invalid + index + "]" + field(ex));
		}
	}

	private T convert(@Nullable Object json, int index) {
		if (json == null) {
			throw RequestException.malformed(this.invalid + index + "] is null");
		}
		try {
			return this.conversion.apply(json);
		}
		catch (IllegalArgumentException ex) {
			throw RequestException.malformed(this.invalid + index + "]." + ex.getMessage());
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
