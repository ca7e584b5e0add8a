package io.observatory.storage.row;

import java.io.OutputStream;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.TemporalAccessor;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import io.observatory.storage.row.JsonObject.Members;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes plain values (maps, lists, arrays, strings, numbers, booleans) as JSON that
 * jsonb takes. The generator is kept over all values, which saves its buffers; one that
 * was left in the middle of a value is replaced.
 */
final class Json {

	private static final JsonFactory FACTORY = JsonFactory.builder().rootValueSeparator("").build();

	/** Beyond it a number is a string: jsonb's numeric has at most 131,072 digits. */
	private static final int MAX_EXPONENT = 1000;

	/** A longer string is written by the generator, in pieces. */
	private static final int PLAIN_SIZE = 1024;

	private final OutputStream out;

	private final InputIssues issues;

	private final int maxDepth;

	private final Member member = new Member();

	private final IsoTime time = new IsoTime();

	private final JsonNames names = new JsonNames();

	private final byte[] plain = new byte[PLAIN_SIZE];

	private @Nullable JsonGenerator generator;

	private int maxText = Integer.MAX_VALUE;

	Json(OutputStream out, InputIssues issues) {
		this.out = out;
		this.issues = issues;
		this.maxDepth = issues.policy().maxJsonDepth();
	}

	/**
	 * Writes one value, strings longer than the bound being cut.
	 * @param members how each element of the value becomes an object, or null where they
	 * are plain values
	 */
	void write(Object value, @Nullable Members<?> members, int maxText) {
		this.maxText = maxText;
		JsonGenerator json = (this.generator != null) ? this.generator
				: FACTORY.createGenerator(ObjectWriteContext.empty(), this.out, JsonEncoding.UTF8);
		this.generator = null;
		if (members != null) {
			objects(json, (Collection<?>) value, members);
		}
		else {
			value(json, value, 1);
		}
		json.flush();
		this.generator = json;
	}

	@SuppressWarnings("unchecked") // the members of this collection's elements
	private <T> void objects(JsonGenerator json, Collection<?> elements, Members<T> members) {
		json.writeStartArray();
		for (Object element : elements) {
			json.writeStartObject();
			members.write((T) element, this.member.of(json));
			json.writeEndObject();
		}
		json.writeEndArray();
	}

	private void value(JsonGenerator json, @Nullable Object value, int depth) {
		if (value == null) {
			json.writeNull();
		}
		else if (value instanceof CharSequence text) {
			string(json, text.toString());
		}
		else if (value instanceof Boolean bool) {
			json.writeBoolean(bool);
		}
		else if (value instanceof Number number) {
			number(json, number);
		}
		else if (depth > this.maxDepth) {
			this.issues.cut("is nested deeper than " + this.maxDepth);
			json.writeString("…[cut: nested too deep]");
		}
		else if (value instanceof Map<?, ?> map) {
			object(json, map, depth);
		}
		else if (value instanceof Collection<?> elements) {
			json.writeStartArray();
			for (Object element : elements) {
				value(json, element, depth + 1);
			}
			json.writeEndArray();
		}
		else {
			other(json, value, depth);
		}
	}

	private void object(JsonGenerator json, Map<?, ?> map, int depth) {
		json.writeStartObject();
		for (Map.Entry<?, ?> member : map.entrySet()) {
			name(json, name(member.getKey()));
			value(json, member.getValue(), depth + 1);
		}
		json.writeEndObject();
	}

	private String name(@Nullable Object key) {
		if (key instanceof CharSequence || key instanceof Enum<?> || key instanceof Number || key instanceof Boolean
				|| key instanceof UUID) {
			return key.toString();
		}
		throw this.issues.refused((key != null)
				? "a map's key of type " + key.getClass().getName() + " cannot be a name in JSON; use strings"
				: "a map's key is null; use strings");
	}

	private void other(JsonGenerator json, Object value, int depth) {
		if (value instanceof Instant time && IsoTime.takes(time)) {
			json.writeString(this.time.write(time), 0, this.time.length());
		}
		else if (value instanceof byte[] bytes) {
			string(json, Base64.getEncoder().encodeToString(bytes));
		}
		else if (value.getClass().isArray()) {
			json.writeStartArray();
			for (int i = 0; i < Array.getLength(value); i++) {
				value(json, Array.get(value, i), depth + 1);
			}
			json.writeEndArray();
		}
		else if (value instanceof Enum<?> || value instanceof UUID || value instanceof TemporalAccessor
				|| value instanceof Character) {
			string(json, value.toString());
		}
		else {
			throw this.issues.refused("a value of type " + value.getClass().getName()
					+ " cannot be stored as JSON; use strings, numbers, booleans, maps, lists and arrays");
		}
	}

	private void number(JsonGenerator json, Number number) {
		if (isIntegral(number)) {
			json.writeNumber(number.longValue());
		}
		else if (!(number instanceof BigDecimal) && !(number instanceof BigInteger)) {
			if (Double.isFinite(number.doubleValue())) {
				// a float by its own text, so that it keeps its digits
				json.writeNumber((number instanceof Float) ? number.toString() : Double.toString(number.doubleValue()));
			}
			else {
				this.issues.nonFinite();
				json.writeString(Double.toString(number.doubleValue()));
			}
		}
		else {
			exact(json, number);
		}
	}

	private static boolean isIntegral(Number number) {
		return number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte
				|| number instanceof AtomicInteger || number instanceof AtomicLong || number instanceof LongAdder
				|| number instanceof LongAccumulator;
	}

	private void exact(JsonGenerator json, Number number) {
		BigDecimal decimal = (number instanceof BigInteger integer) ? new BigDecimal(integer) : (BigDecimal) number;
		long exponent = (long) decimal.precision() - decimal.scale();
		if (Math.abs(exponent) > MAX_EXPONENT || decimal.precision() > MAX_EXPONENT) {
			this.issues.nonFinite();
			string(json, decimal.toString());
		}
		else {
			json.writeNumber(decimal);
		}
	}

	private void name(JsonGenerator json, String name) {
		SerializableString known = (name.length() <= this.maxText) ? this.names.get(name) : null;
		if (known != null) {
			json.writeName(known);
		}
		else {
			json.writeName(text(name));
		}
	}

	/**
	 * Most strings need no escape: they are copied whole, where the generator would look
	 * at each character twice.
	 */
	@SuppressWarnings("deprecation") // cuts each char to its low byte, which is all of it
	private void string(JsonGenerator json, String text) {
		int length = text.length();
		if (length <= this.plain.length && length <= this.maxText && Text.isPlainJson(text)) {
			text.getBytes(0, length, this.plain, 0);
			json.writeRawUTF8String(this.plain, 0, length);
		}
		else {
			json.writeString(text(text));
		}
	}

	private String text(String text) {
		String storable = this.issues.storable(text);
		if (storable.length() <= this.maxText) {
			return storable;
		}
		return Text.cut(storable, this.maxText);
	}

	/** Appends members to the object that is being written. */
	private final class Member implements JsonObject {

		/** In an array, in an object. */
		private static final int DEPTH = 3;

		private @Nullable JsonGenerator json;

		Member of(JsonGenerator json) {
			this.json = json;
			return this;
		}

		@Override
		public JsonObject member(String name, @Nullable Object value) {
			JsonGenerator generator = Objects.requireNonNull(this.json);
			Json.this.name(generator, name);
			Json.this.value(generator, value, DEPTH);
			return this;
		}

	}

}
