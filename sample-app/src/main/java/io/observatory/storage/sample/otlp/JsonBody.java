package io.observatory.storage.sample.otlp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.otlp.JsonMessage.Range;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * A body in JSON. One pass over its tokens finds where the messages are, without decoding
 * them. A byte that is not valid UTF-8 affects only the message that it is in.
 */
final class JsonBody {

	/** The heap that the place of a message takes, in bytes. */
	private static final int BYTES_PER_MESSAGE = 96;

	private static final int MESSAGES_AT_ONCE = 1000;

	/** Too deep nesting is found when the record is decoded. */
	private static final JsonFactory JSON = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(10_000).build())
		.build();

	private final Request request;

	private final byte[] bytes;

	private final int start;

	private final int end;

	/** The places where a byte was replaced that is not valid UTF-8, in order. */
	private final int[] invalid;

	private int messages;

	private JsonBody(Request request, byte[] bytes, int start, int end, int[] invalid) {
		this.request = request;
		this.bytes = bytes;
		this.start = start;
		this.end = end;
		this.invalid = invalid;
	}

	/**
	 * Finds the messages of a request.
	 * @throws RequestException when it is not JSON, or not of this shape
	 */
	static JsonMessage read(Request request, Body body, Signal signal) {
		byte[] bytes = body.array();
		int start = Utf8.afterByteOrderMark(bytes, body.size());
		try {
			return new JsonBody(request, bytes, start, body.size(), new int[0]).read(signal);
		}
		catch (JacksonException ex) {
			int[] invalid = Utf8.replaceInvalid(bytes, start, body.size());
			if (invalid.length == 0) {
				throw malformed(signal);
			}
			return again(new JsonBody(request, bytes, start, body.size(), invalid), signal);
		}
	}

	private static JsonMessage again(JsonBody body, Signal signal) {
		try {
			return body.read(signal);
		}
		catch (JacksonException ex) {
			throw malformed(signal);
		}
	}

	private static RequestException malformed(Signal signal) {
		return RequestException.malformed("The body is not a valid request of " + signal + " in JSON");
	}

	private JsonMessage read(Signal signal) {
		try (JsonParser parser = parser(this.start, this.end)) {
			if (parser.nextToken() != JsonToken.START_OBJECT) {
				throw malformed(signal);
			}
			JsonMessage message = new Reader(parser, signal).object(signal.request(), false);
			if (parser.nextToken() != null) {
				throw RequestException.malformed("There is something after the end of the JSON");
			}
			return message;
		}
	}

	private JsonParser parser(int from, int to) {
		return JSON.createParser(ObjectReadContext.empty(), this.bytes, from, to - from);
	}

	boolean isObject(int position) {
		return this.bytes[position] == '{';
	}

	/** Returns a part of the body as JSON of protobuf; all of it must be valid UTF-8. */
	String text(int from, int to) {
		checkUtf8(from, to);
		return HexIdJson.toProtobufJson(this.bytes, from, to);
	}

	/** Returns an object of these members as JSON of protobuf, likewise. */
	String object(List<Range> members) {
		ByteArrayOutputStream object = new ByteArrayOutputStream();
		object.write('{');
		for (Range member : members) {
			checkUtf8(member.start(), member.end());
			if (object.size() > 1) {
				object.write(',');
			}
			object.write(this.bytes, member.start(), member.end() - member.start());
		}
		object.write('}');
		return HexIdJson.toProtobufJson(object.toByteArray(), 0, object.size());
	}

	private void checkUtf8(int from, int to) {
		if (this.invalid.length > 0) {
			int next = Arrays.binarySearch(this.invalid, from);
			int index = (next >= 0) ? next : -next - 1;
			if (index < this.invalid.length && this.invalid[index] < to) {
				throw new BadJsonException("is not valid UTF-8");
			}
		}
	}

	/** Returns where the members of an object are. */
	List<Range> members(int from, int to) {
		List<Range> members = new ArrayList<>();
		if (isObject(from)) {
			try (JsonParser parser = parser(from, to)) {
				parser.nextToken();
				while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
					int memberStart = from + (int) parser.currentTokenLocation().getByteOffset();
					parser.nextToken();
					parser.skipChildren();
					parser.finishToken();
					members.add(new Range(memberStart, from + (int) parser.currentLocation().getByteOffset()));
				}
			}
		}
		return members;
	}

	/** Returns the name of a member. */
	String name(Range member) {
		try (JsonParser parser = parser(member.start(), member.end())) {
			parser.nextToken();
			return parser.getString();
		}
	}

	/** Returns how many tokens there are. */
	long tokens(int from, int to) {
		long tokens = 0;
		try (JsonParser parser = parser(from, to)) {
			while (parser.nextToken() != null) {
				tokens++;
			}
		}
		return tokens;
	}

	/**
	 * Reads tokens.
	 */
	private final class Reader {

		private final JsonParser parser;

		private final Signal signal;

		Reader(JsonParser parser, Signal signal) {
			this.parser = parser;
			this.signal = signal;
		}

		/** Reads an object that begins at the present token. */
		JsonMessage object(OtlpField field, boolean inRecord) {
			count();
			int from = tokenStart();
			if (field.parts().isEmpty()) {
				this.parser.skipChildren();
				return new JsonMessage(field, JsonBody.this, from, here(), List.of(), List.of());
			}
			List<JsonMessage> parts = new ArrayList<>(1);
			List<Range> rest = new ArrayList<>(1);
			while (this.parser.nextToken() != JsonToken.END_OBJECT) {
				OtlpField part = field.part(this.parser.currentName());
				int member = tokenStart();
				this.parser.nextToken();
				if (part != null) {
					values(part, inRecord || field == this.signal.records(), parts);
				}
				else {
					skip();
					count();
					rest.add(new Range(member, here()));
				}
			}
			return new JsonMessage(field, JsonBody.this, from, here(), parts, rest);
		}

		/** Reads the value of a member, or each of a list of them. */
		private void values(OtlpField field, boolean inRecord, List<JsonMessage> values) {
			if (this.parser.currentToken() != JsonToken.START_ARRAY) {
				value(field, inRecord, values);
				return;
			}
			while (this.parser.nextToken() != JsonToken.END_ARRAY) {
				value(field, inRecord, values);
			}
		}

		private void value(OtlpField field, boolean inRecord, List<JsonMessage> values) {
			switch (this.parser.currentToken()) {
				case START_OBJECT -> values.add(object(field, inRecord));
				case VALUE_NULL -> {
				}
				default -> values.add(other(field, inRecord));
			}
		}

		/**
		 * Something that should be an object and is not; an error of a record, or of the
		 * request.
		 */
		private JsonMessage other(OtlpField field, boolean inRecord) {
			if (!field.parts().isEmpty() && !inRecord && field != this.signal.records()) {
				throw malformed(this.signal);
			}
			count();
			int from = tokenStart();
			skip();
			return new JsonMessage(field, JsonBody.this, from, here(), List.of(), List.of());
		}

		private void skip() {
			this.parser.skipChildren();
			this.parser.finishToken();
		}

		private int tokenStart() {
			return JsonBody.this.start + (int) this.parser.currentTokenLocation().getByteOffset();
		}

		private int here() {
			return JsonBody.this.start + (int) this.parser.currentLocation().getByteOffset();
		}

		private void count() {
			if (JsonBody.this.messages++ % MESSAGES_AT_ONCE == 0) {
				JsonBody.this.request.lease().reserve(MESSAGES_AT_ONCE * BYTES_PER_MESSAGE);
			}
		}

	}

}
