package io.observatory.storage.row;

import java.io.OutputStream;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
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

	private final OutputStream out;

	private final InputPolicy policy;

	private final Findings findings;

	private @Nullable JsonGenerator generator;

	private int maxText = Integer.MAX_VALUE;

	Json(OutputStream out, InputPolicy policy, Findings findings) {
		this.out = out;
		this.policy = policy;
		this.findings = findings;
	}

	/**
	 * Writes one value, strings longer than the bound being cut.
	 */
	void write(Object value, int maxText) {
		this.maxText = maxText;
		JsonGenerator json = (this.generator != null) ? this.generator
				: FACTORY.createGenerator(ObjectWriteContext.empty(), this.out, JsonEncoding.UTF8);
		this.generator = null;
		value(json, value, 1);
		json.flush();
		this.generator = json;
	}

	private void value(JsonGenerator json, @Nullable Object value, int depth) {
		if (value == null) {
			json.writeNull();
		}
		else if (value instanceof CharSequence text) {
			json.writeString(text(text.toString()));
		}
		else if (value instanceof Boolean bool) {
			json.writeBoolean(bool);
		}
		else if (value instanceof Number number) {
			number(json, number);
		}
		else if (depth > this.policy.maxJsonDepth()) {
			this.findings.cut("is nested deeper than " + this.policy.maxJsonDepth());
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
			json.writeName(text(name(member.getKey())));
			value(json, member.getValue(), depth + 1);
		}
		json.writeEndObject();
	}

	private String name(@Nullable Object key) {
		if (key instanceof CharSequence || key instanceof Enum<?> || key instanceof Number || key instanceof Boolean
				|| key instanceof UUID) {
			return key.toString();
		}
		throw this.findings.refused((key != null)
				? "a map's key of type " + key.getClass().getName() + " cannot be a name in JSON; use strings"
				: "a map's key is null; use strings");
	}

	private void other(JsonGenerator json, Object value, int depth) {
		if (value instanceof byte[] bytes) {
			json.writeString(text(Base64.getEncoder().encodeToString(bytes)));
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
			json.writeString(text(value.toString()));
		}
		else {
			throw this.findings.refused("a value of type " + value.getClass().getName()
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
				this.findings.nonFinite();
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
			this.findings.nonFinite();
			json.writeString(text(decimal.toString()));
		}
		else {
			json.writeNumber(decimal);
		}
	}

	private String text(String text) {
		String storable = this.findings.storable(text);
		if (storable.length() <= this.maxText) {
			return storable;
		}
		return Text.cut(storable, this.maxText);
	}

	/**
	 * What is told about the input while it is written.
	 */
	interface Findings {

		/** Returns the text without what cannot be stored, or refuses it. */
		String storable(String text);

		/** A number became a string. */
		void nonFinite();

		/** Something was cut. */
		void cut(String problem);

		/** Returns the exception that refuses the record. */
		RuntimeException refused(String problem);

	}

}
