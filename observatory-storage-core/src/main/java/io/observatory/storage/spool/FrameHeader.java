package io.observatory.storage.spool;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * What stands before each frame of a log. It knows its own place and how many rows stand
 * before it, so that a reader who loses his way finds the next frame, and can tell how
 * many rows he has missed.
 *
 * @param kind what the frame holds
 * @param table the number of the rows' table, among those of the writer
 * @param version the version of the rows' format
 * @param rows how many rows there are
 * @param length how many bytes they have
 * @param offset where in the log the frame begins
 * @param rowsBefore how many rows stand before it in the log
 * @param checksum CRC-32C of the rows' bytes
 */
record FrameHeader(Kind kind, int table, int version, int rows, int length, long offset, long rowsBefore,
		int checksum) {

	/** How many bytes a header has. */
	static final int SIZE = 40;

	/** Each frame begins at a multiple of it. */
	static final int ALIGNMENT = 8;

	private static final short MAGIC = (short) 0x0B5E;

	private static final int CHECKED = SIZE - Integer.BYTES;

	private static final Kind[] KINDS = Kind.values();

	void write(ByteBuffer to) {
		int start = to.position();
		to.putShort(MAGIC).put((byte) this.kind.ordinal()).put((byte) this.table);
		to.putInt(this.version).putInt(this.rows).putInt(this.length);
		to.putLong(this.offset).putLong(this.rowsBefore).putInt(this.checksum);
		to.putInt(checksum(to.duplicate().limit(start + CHECKED).position(start)));
	}

	/**
	 * Reads a header.
	 * @return null if there is none
	 */
	static @Nullable FrameHeader read(ByteBuffer from, int position) {
		if (from.limit() - position < SIZE || from.getShort(position) != MAGIC
				|| from.getInt(position + CHECKED) != checksum(from.duplicate().limit(position + CHECKED).position(position))) {
			return null;
		}
		ByteBuffer fields = from.duplicate().position(position + Short.BYTES);
		int kind = fields.get();
		return new FrameHeader(KINDS[kind], fields.get(), fields.getInt(), fields.getInt(), fields.getInt(),
				fields.getLong(), fields.getLong(), fields.getInt());
	}

	/** Returns where the next frame begins. */
	long end() {
		return this.offset + frameSize(this.length);
	}

	/** Returns how many bytes a frame takes with so many bytes of rows. */
	static int frameSize(int length) {
		return (SIZE + length + ALIGNMENT - 1) & -ALIGNMENT;
	}

	static int checksum(ByteBuffer bytes) {
		CRC32C crc = new CRC32C();
		crc.update(bytes);
		return (int) crc.getValue();
	}

	/**
	 * What a frame holds.
	 */
	enum Kind {

		/** Rows of a table. */
		ROWS,

		/** A {@link Seal}. */
		SEAL

	}

}
