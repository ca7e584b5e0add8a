package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

import io.observatory.storage.row.Rows.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows: their fields in order, as the text that PostgreSQL reads for a field's
 * type, or single fields by their index.
 */
public final class RowDecoder {

	private final Rows rows;

	private int chunk = -1;

	private int rowsLeft;

	private byte[] bytes = new byte[0];

	/** Where each field of the row begins, and where the row ends. */
	private int[] offsets = new int[1];

	private int field;

	RowDecoder(Rows rows) {
		this.rows = rows;
	}

	/**
	 * Goes to the next row.
	 * @return whether there is one
	 */
	public boolean next() {
		int start = this.offsets[this.offsets.length - 1];
		while (this.rowsLeft == 0) {
			if (++this.chunk >= this.rows.chunks().size()) {
				return false;
			}
			Chunk next = this.rows.chunks().get(this.chunk);
			this.bytes = next.array();
			this.rowsLeft = next.rows();
			start = next.offset();
		}
		this.rowsLeft--;
		this.field = 0;
		index(start);
		return true;
	}

	private void index(int start) {
		int fields = RowFormat.getShort(this.bytes, start);
		if (this.offsets.length != fields + 1) {
			this.offsets = new int[fields + 1];
		}
		int position = start + Short.BYTES;
		for (int i = 0; i < fields; i++) {
			this.offsets[i] = position;
			position += Integer.BYTES + Math.max(0, RowFormat.getInt(this.bytes, position));
		}
		this.offsets[fields] = position;
	}

	/** Reads the next field of the row. */
	public @Nullable String text(ColumnType type) {
		int current = this.field++;
		if (isNull(current)) {
			return null;
		}
		int start = start(current);
		return switch (type) {
			case UUID -> uuid(current).toString();
			case TEXT -> text(current);
			case JSONB -> utf8(start + 1, length(current) - 1);
			case TIMESTAMPTZ -> time(micros(current));
			case SMALLINT -> Short.toString(RowFormat.getShort(this.bytes, start));
			case INTEGER -> Integer.toString(RowFormat.getInt(this.bytes, start));
			case BIGINT -> Long.toString(RowFormat.getLong(this.bytes, start));
			case DOUBLE -> Double.toString(Double.longBitsToDouble(RowFormat.getLong(this.bytes, start)));
		};
	}

	public boolean isNull(int field) {
		return length(field) == RowFormat.NULL_LENGTH;
	}

	/** Returns a field of type uuid. */
	public UUID uuid(int field) {
		int start = start(field);
		return new UUID(RowFormat.getLong(this.bytes, start), RowFormat.getLong(this.bytes, start + 8));
	}

	/** Returns whether a field of type uuid has this value. */
	public boolean is(int field, UUID value) {
		int start = start(field);
		return RowFormat.getLong(this.bytes, start) == value.getMostSignificantBits()
				&& RowFormat.getLong(this.bytes, start + 8) == value.getLeastSignificantBits();
	}

	/** Returns a field of type timestamptz, in microseconds since 1970. */
	public long micros(int field) {
		return RowFormat.getLong(this.bytes, start(field)) + RowFormat.EPOCH_OFFSET_MICROS;
	}

	/** Returns a field of type text. */
	public @Nullable String text(int field) {
		return isNull(field) ? null : utf8(start(field), length(field));
	}

	/** Returns the bytes of a field that is not NULL; of a text they are UTF-8. */
	public byte[] bytes(int field) {
		return Arrays.copyOfRange(this.bytes, start(field), start(field) + length(field));
	}

	/** Compares the bytes of a field that is not NULL with others, as unsigned ones. */
	public int compare(int field, byte[] others) {
		return Arrays.compareUnsigned(this.bytes, start(field), start(field) + length(field), others, 0, others.length);
	}

	/**
	 * Returns the JSON of a member of the object that a field of type jsonb holds, or
	 * null when it has none of that name.
	 * @param name the name as it is written, in quotes
	 */
	public @Nullable String member(int field, byte[] name) {
		return JsonMember.find(this.bytes, start(field) + 1, name);
	}

	/**
	 * Returns the time that is so many microseconds after 1970, as PostgreSQL reads it.
	 */
	public static String time(long micros) {
		return IsoTime.text(instant(micros));
	}

	private static Instant instant(long micros) {
		return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
	}

	private int start(int field) {
		return this.offsets[field] + Integer.BYTES;
	}

	private int length(int field) {
		return RowFormat.getInt(this.bytes, this.offsets[field]);
	}

	private String utf8(int start, int length) {
		return new String(this.bytes, start, length, StandardCharsets.UTF_8);
	}

}
