package io.observatory.storage.row;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.row.JsonObject.Members;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records into rows of PostgreSQL's binary COPY format, one after the other into
 * one array that is reused. Validates on the way: what the server would refuse or alter
 * is refused here with the name of the record and field, or replaced as the
 * {@link InputPolicy} says.
 * <p>
 * Not thread-safe. After an exception the row at fault must be rolled back
 * ({@link #rollBack()}) or all of them forgotten ({@link #reset()}), and when its rows
 * have been taken they must be forgotten.
 */
public final class RowEncoder {

	/** The route of a row that any slot may take. */
	public static final int ANY_SLOT = -1;

	private static final int INITIAL_ROWS = 16;

	private static final int MAX_KEPT_ROWS = 1 << 14;

	private static final long[] NONE_EXPIRED = {};

	private static final long NO_MAX_AGE = Long.MAX_VALUE;

	private static final long MAX_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

	private final InputPolicy policy;

	private final Clock clock;

	private final long maxAgeMillis;

	private final InputIssues findings;

	private final RowBytes bytes;

	private final JsonField json;

	private int rows;

	private int[] ends = new int[INITIAL_ROWS];

	private int[] tables = new int[INITIAL_ROWS];

	private int[] routes = new int[INITIAL_ROWS];

	private int table;

	private int route;

	private boolean isExpired;

	private int replacedBefore;

	private int truncatedBefore;

	private long[] expired = NONE_EXPIRED;

	/**
	 * Makes an encoder that is bounded by the largest array alone.
	 */
	public RowEncoder(InputPolicy policy, Clock clock) {
		this(policy, clock, Integer.MAX_VALUE);
	}

	/**
	 * Makes an encoder that keeps rows of any age.
	 * @param maxLength the most bytes that the rows of one call may have
	 */
	public RowEncoder(InputPolicy policy, Clock clock, long maxLength) {
		this(policy, clock, maxLength, null);
	}

	/**
	 * Makes an encoder.
	 * @param maxLength the most bytes that the rows of one call may have
	 * @param maxAge how old a row may be, or null if as old as it likes
	 */
	public RowEncoder(InputPolicy policy, Clock clock, long maxLength, @Nullable Duration maxAge) {
		this.policy = policy;
		this.clock = clock;
		this.maxAgeMillis = (maxAge != null) ? maxAge.toMillis() : NO_MAX_AGE;
		this.findings = new InputIssues(policy);
		this.bytes = new RowBytes(maxLength);
		this.json = new JsonField(this.bytes, this.findings);
	}

	/**
	 * Says which of its writer's tables the following rows are for.
	 */
	public void into(int table) {
		this.table = table;
	}

	/**
	 * Begins a row.
	 */
	public void begin(String recordType, int fields) {
		this.findings.record(recordType);
		this.route = ANY_SLOT;
		this.isExpired = false;
		this.replacedBefore = this.findings.replaced();
		this.truncatedBefore = this.findings.truncated();
		this.bytes.count(fields);
	}

	/**
	 * Forgets the row that has begun and not ended, after an exception. The rows before
	 * it stay.
	 */
	public void rollBack() {
		this.bytes.truncate(start(this.rows));
		this.findings.reset(this.replacedBefore, this.truncatedBefore);
	}

	/**
	 * Says that rows with this key must go through one and the same slot.
	 */
	public void route(UUID key) {
		long mixed = (key.getMostSignificantBits() ^ key.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
		this.route = (int) (mixed >>> 33);
	}

	/**
	 * Says by which time the row ages. One that is older than the bound is left out when
	 * it ends, and counted.
	 */
	public void ages(Instant time) {
		this.isExpired = this.maxAgeMillis != NO_MAX_AGE
				&& time.toEpochMilli() < this.clock.millis() - this.maxAgeMillis;
	}

	/**
	 * Ends a row.
	 */
	public void end() {
		if (this.isExpired) {
			expire();
			return;
		}
		if (this.rows == this.ends.length) {
			this.ends = Arrays.copyOf(this.ends, this.rows * 2);
			this.tables = Arrays.copyOf(this.tables, this.rows * 2);
			this.routes = Arrays.copyOf(this.routes, this.rows * 2);
		}
		this.ends[this.rows] = this.bytes.length();
		this.tables[this.rows] = this.table;
		this.routes[this.rows] = this.route;
		this.rows++;
	}

	private void expire() {
		this.bytes.truncate(start(this.rows));
		if (this.expired.length <= this.table) {
			this.expired = Arrays.copyOf(this.expired, this.table + 1);
		}
		this.expired[this.table]++;
	}

	/**
	 * Forgets all rows.
	 */
	public void reset() {
		if (this.ends.length > MAX_KEPT_ROWS) {
			this.ends = new int[INITIAL_ROWS];
			this.tables = new int[INITIAL_ROWS];
			this.routes = new int[INITIAL_ROWS];
		}
		this.bytes.reset();
		this.findings.reset();
		this.rows = 0;
		this.expired = NONE_EXPIRED;
	}

	public void uuid(String field, UUID value) {
		required(field, value);
		this.bytes.uuid(value.getMostSignificantBits(), value.getLeastSignificantBits());
	}

	/**
	 * Writes a name that identifies something: not empty, at most
	 * {@value InputPolicy#MAX_NAME_LENGTH} characters.
	 */
	public void name(String field, String value) {
		identifier(field, value, InputPolicy.MAX_NAME_LENGTH);
	}

	/**
	 * Writes an id: not empty, at most {@value InputPolicy#MAX_ID_LENGTH} characters.
	 */
	public void id(String field, String value) {
		identifier(field, value, InputPolicy.MAX_ID_LENGTH);
	}

	public void optionalId(String field, @Nullable String value) {
		if (value == null) {
			absent();
		}
		else {
			id(field, value);
		}
	}

	/**
	 * Writes a name that describes but identifies nothing: a longer one is cut.
	 */
	public void label(String field, String value) {
		this.findings.field(field);
		required(field, value);
		if (value.length() > InputPolicy.MAX_NAME_LENGTH) {
			this.findings.cut("is longer than " + InputPolicy.MAX_NAME_LENGTH + " characters");
			this.bytes.text(Text.cut(this.findings.storable(value), InputPolicy.MAX_NAME_LENGTH));
		}
		else {
			string(value);
		}
	}

	public void optionalLabel(String field, @Nullable String value) {
		if (value == null) {
			absent();
		}
		else {
			label(field, value);
		}
	}

	/**
	 * Writes free text; a longer one than the policy's bound is cut.
	 */
	public void text(String field, @Nullable String value) {
		if (value == null) {
			absent();
			return;
		}
		this.findings.field(field);
		// a character has at most 3 bytes for each char of the String
		if (value.length() <= this.policy.maxTextBytes() / 3) {
			string(value);
			return;
		}
		String storable = this.findings.storable(value);
		if (Text.utf8Length(storable) > this.policy.maxTextBytes()) {
			this.findings.cut("is larger than " + this.policy.maxTextBytes() + " bytes");
			storable = Text.cut(storable, this.policy.maxTextBytes() / 3);
		}
		this.bytes.text(storable);
	}

	/**
	 * Writes a time, in whole microseconds, rounded down as everywhere in this library.
	 */
	public void time(String field, Instant value) {
		required(field, value);
		long seconds = value.getEpochSecond();
		if (seconds < 0 || seconds > MAX_SECOND) {
			throw invalid(field, "must lie between the years 1970 and 9999");
		}
		if (seconds > this.clock.millis() / 1000 + this.policy.maxAhead().toSeconds()) {
			throw invalid(field, "must not lie more than " + this.policy.maxAhead().toDays() + " days in the future");
		}
		this.bytes.bigint(micros(value) - RowFormat.EPOCH_OFFSET_MICROS);
	}

	public void optionalTime(String field, @Nullable Instant value) {
		if (value == null) {
			absent();
		}
		else {
			time(field, value);
		}
	}

	public void smallint(int value) {
		this.bytes.smallint(value);
	}

	public void integer(String field, @Nullable Integer value, int min, int max) {
		if (value == null) {
			absent();
			return;
		}
		if (value < min || value > max) {
			throw invalid(field, "must lie between " + min + " and " + max);
		}
		this.bytes.integer(value);
	}

	/**
	 * Writes a count or a duration.
	 */
	public void notNegative(String field, @Nullable Long value) {
		if (value == null) {
			absent();
			return;
		}
		if (value < 0) {
			throw invalid(field, "must not be negative");
		}
		this.bytes.bigint(value);
	}

	/**
	 * Writes a double; NaN and infinities are stored as they are.
	 */
	public void real(@Nullable Double value) {
		if (value == null) {
			absent();
			return;
		}
		this.bytes.bigint(Double.doubleToLongBits(value));
	}

	/**
	 * Writes the stored text of an enum.
	 */
	public void constant(String text) {
		string(text);
	}

	/**
	 * Writes a map as a JSON object, an empty one as {@code {}}.
	 */
	public void json(String field, Map<String, ?> value) {
		required(field, value);
		this.findings.field(field);
		this.json.write(value, null);
	}

	/**
	 * Writes a collection as a JSON array of objects, an empty one as NULL.
	 */
	public <T> void jsonArray(String field, Collection<T> value, Members<T> members) {
		required(field, value);
		if (value.isEmpty()) {
			absent();
		}
		else {
			this.findings.field(field);
			this.json.write(value, members);
		}
	}

	public void absent() {
		this.bytes.absent();
	}

	/**
	 * Returns a name or id as it will be stored.
	 */
	public String identifying(String field, String value, int maxLength) {
		identifies(field, value, maxLength);
		return this.findings.storable(value);
	}

	/**
	 * Returns the exception that refuses the record.
	 */
	public InvalidRecordException invalid(String field, String problem) {
		return this.findings.refused(field, problem);
	}

	/** Returns a time in microseconds since 1970, rounded down. */
	public static long micros(Instant time) {
		return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
	}

	/** Returns how many rows there are. */
	public int rows() {
		return this.rows;
	}

	/**
	 * Returns how many rows were left out for their age, by table, for as many tables as
	 * it takes.
	 */
	public long[] expired() {
		return this.expired;
	}

	/** Returns how many bytes all rows have. */
	public int length() {
		return this.bytes.length();
	}

	/** Returns where a row begins in {@link #bytes()}. */
	public int start(int row) {
		return (row == 0) ? 0 : this.ends[row - 1];
	}

	/** Returns where a row ends in {@link #bytes()}. */
	public int end(int row) {
		return this.ends[row];
	}

	/** Returns which of its writer's tables a row is for. */
	public int table(int row) {
		return this.tables[row];
	}

	/** Returns a row's route: not negative, or {@link #ANY_SLOT}. */
	public int route(int row) {
		return this.routes[row];
	}

	/** Returns the rows' bytes, valid until the next call that changes this encoder. */
	public byte[] bytes() {
		return this.bytes.array();
	}

	/** Returns how many values were replaced. */
	public int replaced() {
		return this.findings.replaced();
	}

	/** Returns how many values were cut. */
	public int truncated() {
		return this.findings.truncated();
	}

	private void identifier(String field, String value, int maxLength) {
		identifies(field, value, maxLength);
		string(value);
	}

	private void identifies(String field, String value, int maxLength) {
		this.findings.field(field);
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
			this.bytes.text(this.findings.storable(text));
		}
	}

	private void required(String field, @Nullable Object value) {
		if (value == null) {
			throw invalid(field, "must not be null");
		}
	}

}
