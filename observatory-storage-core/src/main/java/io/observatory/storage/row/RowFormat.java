package io.observatory.storage.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of PostgreSQL's binary COPY format (manual, COPY, "Binary Format"): a header,
 * rows, a trailer. A row is a count of fields (16 bits), then each field's length (32
 * bits, -1 for NULL) and its bytes.
 */
public final class RowFormat {

	static final int NULL_LENGTH = -1;

	static final byte JSONB_VERSION = 1;

	/** Microseconds from 1970-01-01 to 2000-01-01, PostgreSQL's epoch. */
	static final long EPOCH_OFFSET_MICROS = 946_684_800_000_000L;

	private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private RowFormat() {
	}

	/** Returns the header of a COPY stream: signature, no flags, no extension. */
	public static byte[] header() {
		byte[] header = new byte[19];
		byte[] signature = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
		System.arraycopy(signature, 0, header, 0, signature.length);
		return header;
	}

	/** Returns the trailer of a COPY stream. */
	public static byte[] trailer() {
		return new byte[] { -1, -1 };
	}

	/** Returns where the row that starts at the offset ends. */
	public static int rowEnd(byte[] bytes, int offset) {
		int fields = getShort(bytes, offset);
		int position = offset + Short.BYTES;
		for (int i = 0; i < fields; i++) {
			position += Integer.BYTES + Math.max(0, getInt(bytes, position));
		}
		return position;
	}

	/**
	 * Returns whether the bytes are one whole row of these columns, and nothing else. For
	 * bytes that come from outside of this process: a decoder trusts what it reads.
	 */
	public static boolean isRow(byte[] bytes, List<Column> columns) {
		if (bytes.length < Short.BYTES || getShort(bytes, 0) != columns.size()) {
			return false;
		}
		int position = Short.BYTES;
		for (Column column : columns) {
			if (bytes.length - position < Integer.BYTES) {
				return false;
			}
			int length = getInt(bytes, position);
			position += Integer.BYTES;
			if (length != NULL_LENGTH && !isField(bytes, position, length, column.type())) {
				return false;
			}
			position += Math.max(0, length);
		}
		return position == bytes.length;
	}

	private static boolean isField(byte[] bytes, int position, int length, ColumnType type) {
		if (length < 0 || length > bytes.length - position) {
			return false;
		}
		return switch (type) {
			case TEXT -> true;
			case JSONB -> length >= 1 && bytes[position] == JSONB_VERSION;
			case UUID -> length == 2 * Long.BYTES;
			case TIMESTAMPTZ, BIGINT, DOUBLE -> length == Long.BYTES;
			case INTEGER -> length == Integer.BYTES;
			case SMALLINT -> length == Short.BYTES;
		};
	}

	/** Returns a row with what it lacks: columns that came after it was written. */
	public static byte[] complete(byte[] row, List<Column> lacking) {
		if (lacking.isEmpty()) {
			return row;
		}
		RowBytes bytes = new RowBytes(Integer.MAX_VALUE);
		bytes.count(getShort(row, 0) + lacking.size());
		bytes.put(row, Short.BYTES, row.length - Short.BYTES);
		lacking.forEach((column) -> bytes.field(column.type(), column.missing()));
		return Arrays.copyOf(bytes.array(), bytes.length());
	}

	static short getShort(byte[] bytes, int offset) {
		return (short) SHORTS.get(bytes, offset);
	}

	static int getInt(byte[] bytes, int offset) {
		return (int) INTS.get(bytes, offset);
	}

	static long getLong(byte[] bytes, int offset) {
		return (long) LONGS.get(bytes, offset);
	}

	static void putShort(byte[] bytes, int offset, int value) {
		SHORTS.set(bytes, offset, (short) value);
	}

	static void putInt(byte[] bytes, int offset, int value) {
		INTS.set(bytes, offset, value);
	}

	static void putLong(byte[] bytes, int offset, long value) {
		LONGS.set(bytes, offset, value);
	}

}
