package io.observatory.storage.row;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

import io.observatory.storage.row.Rows.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows field by field, as the text that PostgreSQL reads for a field's type. The
 * INSERT road and the dead letters are all that needs it.
 */
public final class RowDecoder {

	private final Rows rows;

	private int chunk = -1;

	private int rowsLeft;

	private byte[] bytes = new byte[0];

	private int position;

	RowDecoder(Rows rows) {
		this.rows = rows;
	}

	/**
	 * Goes to the next row, whose fields must then all be read.
	 * @return whether there is one
	 */
	public boolean next() {
		while (this.rowsLeft == 0) {
			if (++this.chunk >= this.rows.chunks().size()) {
				return false;
			}
			Chunk next = this.rows.chunks().get(this.chunk);
			this.bytes = next.array();
			this.position = next.offset();
			this.rowsLeft = next.rows();
		}
		this.rowsLeft--;
		this.position += Short.BYTES;
		return true;
	}

	/**
	 * Reads the next field of the row.
	 */
	public @Nullable String text(ColumnType type) {
		int length = RowFormat.getInt(this.bytes, this.position);
		int start = this.position + Integer.BYTES;
		this.position = start + Math.max(0, length);
		if (length == RowFormat.NULL_LENGTH) {
			return null;
		}
		return switch (type) {
			case UUID -> uuid(start).toString();
			case TEXT -> utf8(start, length);
			case JSONB -> utf8(start + 1, length - 1);
			case TIMESTAMPTZ -> time(start).toString();
			case SMALLINT -> Short.toString(RowFormat.getShort(this.bytes, start));
			case INTEGER -> Integer.toString(RowFormat.getInt(this.bytes, start));
			case BIGINT -> Long.toString(RowFormat.getLong(this.bytes, start));
			case DOUBLE -> Double.toString(Double.longBitsToDouble(RowFormat.getLong(this.bytes, start)));
		};
	}

	private UUID uuid(int start) {
		return new UUID(RowFormat.getLong(this.bytes, start), RowFormat.getLong(this.bytes, start + 8));
	}

	private Instant time(int start) {
		long micros = RowFormat.getLong(this.bytes, start) + RowFormat.EPOCH_OFFSET_MICROS;
		return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
	}

	private String utf8(int start, int length) {
		return new String(this.bytes, start, length, StandardCharsets.UTF_8);
	}

}
