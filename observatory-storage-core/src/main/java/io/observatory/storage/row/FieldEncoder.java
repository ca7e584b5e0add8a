package io.observatory.storage.row;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.row.JsonObject.Members;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the fields of a row, in the order of the columns. Validates on the way: what
 * the server would refuse or alter is refused here with the name of the record and field,
 * or replaced as the {@link InputPolicy} says.
 */
public abstract sealed class FieldEncoder permits RowEncoder {

	private static final long MAX_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

	private final InputPolicy policy;

	private final Clock clock;

	private final InputIssues issues;

	private final RowBytes bytes;

	private final JsonField json;

	FieldEncoder(InputPolicy policy, Clock clock, long maxLength) {
		this.policy = policy;
		this.clock = clock;
		this.issues = new InputIssues(policy);
		this.bytes = new RowBytes(maxLength);
		this.json = new JsonField(this.bytes, this.issues);
	}

	final RowBytes rowBytes() {
		return this.bytes;
	}

	final InputIssues issues() {
		return this.issues;
	}

	public final void uuid(String field, UUID value) {
		required(field, value);
		this.bytes.uuid(value);
	}

	/**
	 * Writes a name that identifies something: not empty, at most
	 * {@value InputPolicy#MAX_NAME_LENGTH} characters.
	 */
	public final void name(String field, String value) {
		identifier(field, value, InputPolicy.MAX_NAME_LENGTH);
	}

	/** Writes an id: not empty, at most {@value InputPolicy#MAX_ID_LENGTH} characters. */
	public final void id(String field, String value) {
		identifier(field, value, InputPolicy.MAX_ID_LENGTH);
	}

	public final void optionalId(String field, @Nullable String value) {
		if (value == null) {
			absent();
		}
		else {
			id(field, value);
		}
	}

	/** Writes a name that describes but identifies nothing: a longer one is cut. */
	public final void label(String field, String value) {
		this.issues.field(field);
		required(field, value);
		if (value.length() > InputPolicy.MAX_NAME_LENGTH) {
			this.issues.cut("is longer than " + InputPolicy.MAX_NAME_LENGTH + " characters");
			this.bytes.text(Text.cut(this.issues.storable(value), InputPolicy.MAX_NAME_LENGTH));
		}
		else {
			string(value);
		}
	}

	public final void optionalLabel(String field, @Nullable String value) {
		if (value == null) {
			absent();
		}
		else {
			label(field, value);
		}
	}

	/** Writes free text; a longer one than the policy's bound is cut. */
	public final void text(String field, @Nullable String value) {
		if (value == null) {
			absent();
			return;
		}
		this.issues.field(field);
		// a character has at most 3 bytes for each char of the String
		if (value.length() <= this.policy.maxTextBytes() / 3) {
			string(value);
			return;
		}
		String storable = this.issues.storable(value);
		if (Text.utf8Length(storable) > this.policy.maxTextBytes()) {
			this.issues.cut("is larger than " + this.policy.maxTextBytes() + " bytes");
			storable = Text.cut(storable, this.policy.maxTextBytes() / 3);
		}
		this.bytes.text(storable);
	}

	/**
	 * Writes a time, in whole microseconds, rounded down as everywhere in this library.
	 */
	public final void time(String field, Instant value) {
		required(field, value);
		long seconds = value.getEpochSecond();
		if (seconds < 0 || seconds > MAX_SECOND) {
			throw invalid(field, "must lie between the years 1970 and 9999");
		}
		if (seconds > this.clock.millis() / 1000 + this.policy.maxAhead().toSeconds()) {
			throw invalid(field, "must not lie more than " + this.policy.maxAhead().toDays() + " days in the future");
		}
		stamp(micros(value));
	}

	/**
	 * Writes when the row was made, in microseconds since 1970. It comes from no caller,
	 * so it may be ahead of a clock that has been set back.
	 */
	public final void stamp(long micros) {
		this.bytes.bigint(micros - RowFormat.EPOCH_OFFSET_MICROS);
	}

	public final void optionalTime(String field, @Nullable Instant value) {
		if (value == null) {
			absent();
		}
		else {
			time(field, value);
		}
	}

	public final void smallint(int value) {
		this.bytes.smallint(value);
	}

	public final void integer(String field, @Nullable Integer value, int min, int max) {
		if (value == null) {
			absent();
			return;
		}
		if (value < min || value > max) {
			throw invalid(field, "must lie between " + min + " and " + max);
		}
		this.bytes.integer(value);
	}

	/** Writes a count or a duration. */
	public final void notNegative(String field, @Nullable Long value) {
		if (value == null) {
			absent();
			return;
		}
		if (value < 0) {
			throw invalid(field, "must not be negative");
		}
		this.bytes.bigint(value);
	}

	/** Writes a double; NaN and infinities are stored as they are. */
	public final void real(@Nullable Double value) {
		if (value == null) {
			absent();
			return;
		}
		this.bytes.bigint(Double.doubleToLongBits(value));
	}

	/** Writes the stored text of an enum. */
	public final void constant(String text) {
		string(text);
	}

	/** Writes a map as a JSON object, an empty one as {@code {}}. */
	public final void json(String field, Map<String, ?> value) {
		required(field, value);
		this.issues.field(field);
		this.json.write(value, null);
	}

	/** Writes a collection as a JSON array of objects, an empty one as NULL. */
	public final <T> void jsonArray(String field, Collection<T> value, Members<T> members) {
		required(field, value);
		if (value.isEmpty()) {
			absent();
		}
		else {
			this.issues.field(field);
			this.json.write(value, members);
		}
	}

	public final void absent() {
		this.bytes.absent();
	}

	/** Returns a name or id as it will be stored. */
	public final String identifying(String field, String value, int maxLength) {
		identifies(field, value, maxLength);
		return this.issues.storable(value);
	}

	/** Returns the exception that refuses the record. */
	public final InvalidRecordException invalid(String field, String problem) {
		return this.issues.refused(field, problem);
	}

	/** Returns a time in microseconds since 1970, rounded down. */
	public static long micros(Instant time) {
		return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
	}

	private void identifier(String field, String value, int maxLength) {
		identifies(field, value, maxLength);
		string(value);
	}

	private void identifies(String field, String value, int maxLength) {
		this.issues.field(field);
		required(field, value);
		if (value.isEmpty()) {
			throw invalid(field, "must not be empty");
		}
		if (value.length() > maxLength) {
			throw invalid(field, "must not be longer than " + maxLength + " characters");
		}
	}

	private void string(String text) {
		if (Text.isAscii(text)) {
			this.bytes.ascii(text);
		}
		else {
			this.bytes.text(this.issues.storable(text));
		}
	}

	private void required(String field, @Nullable Object value) {
		if (value == null) {
			throw invalid(field, "must not be null");
		}
	}

}
