package io.observatory.storage.row;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.row.InputPolicy.Action;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records into rows of PostgreSQL's binary COPY format, one after the other into
 * one array that is reused. Validates on the way: what the server would refuse or alter
 * is refused here with the name of the record and field, or replaced as the
 * {@link InputPolicy} says.
 * <p>
 * Not thread-safe. After an exception, or when its rows have been taken, it must be
 * {@link #reset()}.
 */
public final class RowEncoder {

	/** The route of a row that any slot may take. */
	public static final int ANY_SLOT = -1;

	private static final int INITIAL_SIZE = 4096;

	/** A larger array is not kept, so that one huge record does not stay for ever. */
	private static final int MAX_KEPT_SIZE = 1 << 20;

	private static final int INITIAL_ROWS = 16;

	private static final int MAX_KEPT_ROWS = 1 << 14;

	private static final long MAX_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

	private static final TooLarge TOO_LARGE = new TooLarge();

	private final InputPolicy policy;

	private final Clock clock;

	private final int maxLength;

	private final Json json;

	private byte[] bytes = new byte[INITIAL_SIZE];

	private int length;

	private int rows;

	private int[] ends = new int[INITIAL_ROWS];

	private int[] tables = new int[INITIAL_ROWS];

	private int[] routes = new int[INITIAL_ROWS];

	private int replaced;

	private int truncated;

	private int table;

	private int route;

	private String recordType = "";

	private String field = "";

	private int jsonLimit = Integer.MAX_VALUE;

	/**
	 * Makes an encoder that is bounded by the largest array alone.
	 */
	public RowEncoder(InputPolicy policy, Clock clock) {
		this(policy, clock, Integer.MAX_VALUE);
	}

	/**
	 * Makes an encoder.
	 * @param maxLength the most bytes that the rows of one call may have
	 */
	public RowEncoder(InputPolicy policy, Clock clock, long maxLength) {
		this.policy = policy;
		this.maxLength = (int) Math.min(maxLength, Integer.MAX_VALUE - 8);
		this.clock = clock;
		this.json = new Json(new JsonOutput(), policy, new JsonFindings());
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
		this.recordType = recordType;
		this.route = ANY_SLOT;
		reserve(Short.BYTES);
		RowFormat.putShort(this.bytes, this.length, fields);
		this.length += Short.BYTES;
	}

	/**
	 * Says that rows with this key must go through one and the same slot.
	 */
	public void route(UUID key) {
		long mixed = (key.getMostSignificantBits() ^ key.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
		this.route = (int) (mixed >>> 33);
	}

	/**
	 * Ends a row.
	 */
	public void end() {
		if (this.rows == this.ends.length) {
			this.ends = Arrays.copyOf(this.ends, this.rows * 2);
			this.tables = Arrays.copyOf(this.tables, this.rows * 2);
			this.routes = Arrays.copyOf(this.routes, this.rows * 2);
		}
		this.ends[this.rows] = this.length;
		this.tables[this.rows] = this.table;
		this.routes[this.rows] = this.route;
		this.rows++;
	}

	/**
	 * Forgets all rows.
	 */
	public void reset() {
		if (this.bytes.length > MAX_KEPT_SIZE) {
			this.bytes = new byte[INITIAL_SIZE];
		}
		if (this.ends.length > MAX_KEPT_ROWS) {
			this.ends = new int[INITIAL_ROWS];
			this.tables = new int[INITIAL_ROWS];
			this.routes = new int[INITIAL_ROWS];
		}
		this.length = 0;
		this.rows = 0;
		this.replaced = 0;
		this.truncated = 0;
	}

	public void uuid(String field, UUID value) {
		required(field, value);
		reserve(20);
		RowFormat.putInt(this.bytes, this.length, 16);
		RowFormat.putLong(this.bytes, this.length + 4, value.getMostSignificantBits());
		RowFormat.putLong(this.bytes, this.length + 12, value.getLeastSignificantBits());
		this.length += 20;
	}

	/**
	 * Writes a name that identifies something: not empty, at most
	 * {@value InputPolicy#MAX_NAME_LENGTH} characters.
	 */
	public void name(String field, String value) {
		string(identifying(field, value, InputPolicy.MAX_NAME_LENGTH));
	}

	/**
	 * Writes an id: not empty, at most {@value InputPolicy#MAX_ID_LENGTH} characters.
	 */
	public void id(String field, String value) {
		string(identifying(field, value, InputPolicy.MAX_ID_LENGTH));
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
		this.field = field;
		required(field, value);
		String storable = storable(value);
		if (storable.length() > InputPolicy.MAX_NAME_LENGTH) {
			cut("is longer than " + InputPolicy.MAX_NAME_LENGTH + " characters");
			storable = Text.cut(storable, InputPolicy.MAX_NAME_LENGTH);
		}
		string(storable);
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
		this.field = field;
		String storable = storable(value);
		byte[] utf8 = storable.getBytes(StandardCharsets.UTF_8);
		if (utf8.length > this.policy.maxTextBytes()) {
			cut("is larger than " + this.policy.maxTextBytes() + " bytes");
			// a character has at most 3 bytes for each char of the String
			utf8 = Text.cut(storable, this.policy.maxTextBytes() / 3).getBytes(StandardCharsets.UTF_8);
		}
		field(utf8);
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
		fixed(Long.BYTES);
		RowFormat.putLong(this.bytes, this.length - Long.BYTES, micros(value) - RowFormat.EPOCH_OFFSET_MICROS);
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
		fixed(Short.BYTES);
		RowFormat.putShort(this.bytes, this.length - Short.BYTES, value);
	}

	public void integer(String field, @Nullable Integer value, int min, int max) {
		if (value == null) {
			absent();
			return;
		}
		if (value < min || value > max) {
			throw invalid(field, "must lie between " + min + " and " + max);
		}
		fixed(Integer.BYTES);
		RowFormat.putInt(this.bytes, this.length - Integer.BYTES, value);
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
		fixed(Long.BYTES);
		RowFormat.putLong(this.bytes, this.length - Long.BYTES, value);
	}

	/**
	 * Writes a double; NaN and infinities are stored as they are.
	 */
	public void real(@Nullable Double value) {
		if (value == null) {
			absent();
			return;
		}
		fixed(Long.BYTES);
		RowFormat.putLong(this.bytes, this.length - Long.BYTES, Double.doubleToLongBits(value));
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
		jsonb(field, value);
	}

	/**
	 * Writes a collection as a JSON array, an empty one as NULL.
	 */
	public void jsonArray(String field, @Nullable Collection<? extends Map<String, ?>> value) {
		if (value == null || value.isEmpty()) {
			absent();
		}
		else {
			jsonb(field, value);
		}
	}

	public void absent() {
		reserve(Integer.BYTES);
		RowFormat.putInt(this.bytes, this.length, RowFormat.NULL_LENGTH);
		this.length += Integer.BYTES;
	}

	/**
	 * Returns a name or id as it will be stored.
	 */
	public String identifying(String field, String value, int maxLength) {
		this.field = field;
		required(field, value);
		if (value.isEmpty()) {
			throw invalid(field, "must not be empty");
		}
		if (value.length() > maxLength) {
			throw invalid(field, "must not be longer than " + maxLength + " characters");
		}
		return storable(value);
	}

	/**
	 * Returns the exception that refuses the record.
	 */
	public InvalidRecordException invalid(String field, String problem) {
		return new InvalidRecordException(this.recordType, field, problem);
	}

	/** Returns a time in microseconds since 1970, rounded down. */
	public static long micros(Instant time) {
		return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
	}

	/** Returns how many rows there are. */
	public int rows() {
		return this.rows;
	}

	/** Returns how many bytes all rows have. */
	public int length() {
		return this.length;
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
		return this.bytes;
	}

	/** Returns how many values were replaced. */
	public int replaced() {
		return this.replaced;
	}

	/** Returns how many values were cut. */
	public int truncated() {
		return this.truncated;
	}

	private void jsonb(String field, Object value) {
		this.field = field;
		int start = this.length;
		int truncatedBefore = this.truncated;
		int replacedBefore = this.replaced;
		int maxText = Integer.MAX_VALUE;
		while (!tryJsonb(value, maxText)) {
			this.length = start;
			this.truncated = truncatedBefore;
			this.replaced = replacedBefore;
			cut("is larger than " + this.policy.maxJsonBytes() + " bytes");
			// the largest values are cut first, and shorter with each round
			maxText = Math.min(maxText, this.policy.maxJsonBytes()) / 4;
			if (maxText < 16) {
				Map<String, String> marker = Map.of("cut", "larger than " + this.policy.maxJsonBytes() + " bytes");
				value = (value instanceof Map) ? marker : List.of(marker);
				maxText = Integer.MAX_VALUE;
			}
		}
		RowFormat.putInt(this.bytes, start, this.length - start - Integer.BYTES);
	}

	private boolean tryJsonb(Object value, int maxText) {
		reserve(Integer.BYTES + 1);
		this.length += Integer.BYTES;
		this.bytes[this.length++] = RowFormat.JSONB_VERSION;
		this.jsonLimit = this.length + this.policy.maxJsonBytes();
		try {
			this.json.write(value, maxText);
			return true;
		}
		catch (TooLarge ex) {
			return false;
		}
		catch (StorageException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			// by its type alone: what a caller's value throws might show its content
			throw invalid(this.field, "could not be read (" + ex.getClass().getName()
					+ "); values must not change while they are written");
		}
		finally {
			this.jsonLimit = Integer.MAX_VALUE;
		}
	}

	private void string(String text) {
		field(text.getBytes(StandardCharsets.UTF_8));
	}

	private void field(byte[] value) {
		reserve(Integer.BYTES + value.length);
		RowFormat.putInt(this.bytes, this.length, value.length);
		System.arraycopy(value, 0, this.bytes, this.length + Integer.BYTES, value.length);
		this.length += Integer.BYTES + value.length;
	}

	private void fixed(int size) {
		reserve(Integer.BYTES + size);
		RowFormat.putInt(this.bytes, this.length, size);
		this.length += Integer.BYTES + size;
	}

	private void required(String field, @Nullable Object value) {
		if (value == null) {
			throw invalid(field, "must not be null");
		}
	}

	private String storable(String text) {
		if (Text.isStorable(text)) {
			return text;
		}
		if (this.policy.characters() == Action.REJECT) {
			throw invalid(this.field, "holds NUL or a lone surrogate, which PostgreSQL cannot store");
		}
		this.replaced++;
		return Text.storable(text);
	}

	private void cut(String problem) {
		if (this.policy.oversized() == Action.REJECT) {
			throw invalid(this.field, problem);
		}
		this.truncated++;
	}

	private void reserve(int more) {
		long needed = (long) this.length + more;
		if (needed > this.maxLength) {
			throw new StorageException(
					"The records of one call are larger than the buffer's bound of " + this.maxLength + " bytes", false,
					null);
		}
		if (needed > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes,
					(int) Math.min(this.maxLength, Math.max(needed, 2L * this.bytes.length)));
		}
	}

	/**
	 * Where the JSON generator's bytes go: straight into the row.
	 */
	private final class JsonOutput extends OutputStream {

		@Override
		public void write(int value) {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] source, int offset, int count) {
			RowEncoder encoder = RowEncoder.this;
			if (count > encoder.jsonLimit - encoder.length) {
				throw TOO_LARGE;
			}
			reserve(count);
			System.arraycopy(source, offset, encoder.bytes, encoder.length, count);
			encoder.length += count;
		}

	}

	private final class JsonFindings implements Json.Findings {

		@Override
		public String storable(String text) {
			return RowEncoder.this.storable(text);
		}

		@Override
		public void nonFinite() {
			if (RowEncoder.this.policy.nonFinite() == Action.REJECT) {
				throw refused("holds NaN, an infinity or a number too large for JSON in PostgreSQL");
			}
			RowEncoder.this.replaced++;
		}

		@Override
		public void cut(String problem) {
			RowEncoder.this.cut(problem);
		}

		@Override
		public RuntimeException refused(String problem) {
			return invalid(RowEncoder.this.field, problem);
		}

	}

	/**
	 * Says that a JSON value passed its bound. Has no stack trace, and there is only one.
	 */
	private static final class TooLarge extends RuntimeException {

		private static final long serialVersionUID = 1L;

		TooLarge() {
			super("JSON too large", null, false, false);
		}

	}

}
