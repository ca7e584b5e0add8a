package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

import io.observatory.storage.error.TooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * The array that rows are encoded into: it grows up to a bound, and is kept for the next
 * rows.
 */
final class RowBytes {

	private static final int INITIAL_SIZE = 4096;

	private final int maxLength;

	private byte[] bytes = new byte[INITIAL_SIZE];

	private int length;

	RowBytes(long maxLength) {
		this.maxLength = (int) Math.min(maxLength, Integer.MAX_VALUE - 8);
	}

	byte[] array() {
		return this.bytes;
	}

	int length() {
		return this.length;
	}

	void reset() {
		this.length = 0;
	}

	/** Forgets what was appended after the position. */
	void truncate(int position) {
		this.length = position;
	}

	/** Appends a count of fields. */
	void count(int fields) {
		reserve(Short.BYTES);
		RowFormat.putShort(this.bytes, this.length, fields);
		this.length += Short.BYTES;
	}

	void absent() {
		length(RowFormat.NULL_LENGTH);
	}

	/** Appends a field's length alone. */
	void length(int field) {
		reserve(Integer.BYTES);
		RowFormat.putInt(this.bytes, this.length, field);
		this.length += Integer.BYTES;
	}

	/** Puts the length of the field that begins at the position and ends here. */
	void lengthAt(int position) {
		RowFormat.putInt(this.bytes, position, this.length - position - Integer.BYTES);
	}

	void smallint(int value) {
		int position = field(Short.BYTES);
		RowFormat.putShort(this.bytes, position, value);
	}

	void integer(int value) {
		int position = field(Integer.BYTES);
		RowFormat.putInt(this.bytes, position, value);
	}

	void bigint(long value) {
		int position = field(Long.BYTES);
		RowFormat.putLong(this.bytes, position, value);
	}

	void uuid(UUID value) {
		int position = field(2 * Long.BYTES);
		RowFormat.putLong(this.bytes, position, value.getMostSignificantBits());
		RowFormat.putLong(this.bytes, position + Long.BYTES, value.getLeastSignificantBits());
	}

	/**
	 * Appends a text of ASCII, which most of telemetry is, without an array in between.
	 */
	@SuppressWarnings("deprecation") // cuts each char to its low byte, which is all of it
	void ascii(String text) {
		int size = text.length();
		int position = field(size);
		text.getBytes(0, size, this.bytes, position);
	}

	void text(String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		int position = field(utf8.length);
		System.arraycopy(utf8, 0, this.bytes, position, utf8.length);
	}

	/** Appends a field that is given as {@link RowDecoder#text} returns it. */
	void field(ColumnType type, @Nullable String text) {
		if (text == null) {
			absent();
			return;
		}
		switch (type) {
			case UUID -> uuid(UUID.fromString(text));
			case TEXT -> text(text);
			case JSONB -> jsonb(text);
			case TIMESTAMPTZ -> bigint(RowEncoder.micros(Instant.parse(text)) - RowFormat.EPOCH_OFFSET_MICROS);
			case SMALLINT -> smallint(Short.parseShort(text));
			case INTEGER -> integer(Integer.parseInt(text));
			case BIGINT -> bigint(Long.parseLong(text));
			case DOUBLE -> bigint(Double.doubleToLongBits(Double.parseDouble(text)));
		}
	}

	private void jsonb(String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		length(1 + utf8.length);
		put(RowFormat.JSONB_VERSION);
		put(utf8, 0, utf8.length);
	}

	void put(byte value) {
		reserve(1);
		this.bytes[this.length++] = value;
	}

	void put(byte[] source, int offset, int count) {
		reserve(count);
		System.arraycopy(source, offset, this.bytes, this.length, count);
		this.length += count;
	}

	/**
	 * Appends the length of a field and room for it, which it returns. May replace the
	 * array.
	 */
	private int field(int size) {
		reserve(Integer.BYTES + size);
		RowFormat.putInt(this.bytes, this.length, size);
		int position = this.length + Integer.BYTES;
		this.length = position + size;
		return position;
	}

	private void reserve(int more) {
		long needed = (long) this.length + more;
		if (needed > this.maxLength) {
			throw new TooLargeException(
					"The records of one call are larger than the buffer's bound of " + this.maxLength + " bytes");
		}
		if (needed > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes,
					(int) Math.min(this.maxLength, Math.max(needed, 2L * this.bytes.length)));
		}
	}

}
