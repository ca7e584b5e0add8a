package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * What stands before each frame of a log. It says how many rows stand before the frame,
 * so that a reader who finds no frame where one should be knows how many rows are
 * missing, and cannot take an old frame for a new one.
 *
 * @param tables for how many tables the frame has rows
 * @param rows how many rows it has
 * @param length how many bytes follow this header
 * @param checksum CRC-32C of these bytes
 * @param rowsBefore how many rows stand before it in the log
 * @param acceptedMillis when it was appended, in milliseconds since 1970
 */
record FrameHeader(int tables, int rows, int length, int checksum, long rowsBefore, long acceptedMillis) {

	/** How many bytes a header has. */
	static final int SIZE = 40;

	/** Each frame begins at a multiple of it. */
	static final int ALIGNMENT = 8;

	private static final short MAGIC = (short) 0x0B5E;

	private static final byte FORMAT = 1;

	private static final int PLACE = 16;

	private static final int CHECKED = 32;

	/** Puts the header at the beginning of an array. */
	void put(byte[] into) {
		ByteBuffer bytes = ByteBuffer.wrap(into);
		bytes.putShort(MAGIC).put(FORMAT).put((byte) this.tables);
		bytes.putInt(this.rows).putInt(this.length).putInt(this.checksum);
		bytes.putLong(this.rowsBefore).putLong(this.acceptedMillis);
		bytes.putInt(checksum(into, 0, CHECKED));
	}

	/**
	 * Reads a header.
	 * @return null if there is none
	 * @throws IOException when it is of a later version of this library
	 */
	static @Nullable FrameHeader read(ByteBuffer from, int position) throws IOException {
		if (from.limit() - position < SIZE || from.getShort(position) != MAGIC
				|| from.getInt(position + CHECKED) != checksum(from.array(), position, CHECKED)) {
			return null;
		}
		ByteBuffer fields = ByteBuffer.wrap(from.array()).position(position + Short.BYTES);
		int format = fields.get();
		if (format != FORMAT) {
			throw new IOException("The log was written by a later version of this library, in format " + format
					+ "; this one reads format " + FORMAT);
		}
		return new FrameHeader(Byte.toUnsignedInt(fields.get()), fields.getInt(), fields.getInt(), fields.getInt(),
				fields.getLong(), fields.getLong());
	}

	/** Returns the bytes that say where in the log a frame is, and since when. */
	static ByteBuffer place(ByteBuffer memory, int frame) {
		return memory.slice(frame + PLACE, CHECKED - PLACE);
	}

	/** Writes the header of a frame anew that has more rows now. */
	static void renew(ByteBuffer memory, int frame, int end, int rows) {
		ByteBuffer body = memory.slice(frame + SIZE, end - frame - SIZE);
		CRC32C crc = new CRC32C();
		crc.update(body.duplicate());
		byte[] header = new byte[SIZE];
		new FrameHeader(1, rows, body.limit(), (int) crc.getValue(), memory.getLong(frame + PLACE),
				memory.getLong(frame + PLACE + Long.BYTES))
			.put(header);
		memory.put(frame, header);
	}

	/** Returns how many rows stand before the next frame. */
	long endRow() {
		return this.rowsBefore + this.rows;
	}

	/** Returns how many bytes the frame takes, header included. */
	int frameSize() {
		return frameSize(this.length);
	}

	static int frameSize(int length) {
		return Math.addExact(SIZE + ALIGNMENT - 1, length) & -ALIGNMENT;
	}

	static int checksum(byte[] bytes, int from, int length) {
		CRC32C crc = new CRC32C();
		crc.update(bytes, from, length);
		return (int) crc.getValue();
	}

}
