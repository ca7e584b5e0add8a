package io.observatory.storage.spool;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

import io.observatory.storage.row.RowFormat;
import io.observatory.storage.row.Rows.Chunk;

/**
 * The last frame in a piece of memory, to which more rows of its table can be added: most
 * calls have one row, and to give each a frame costs more than to copy it.
 * <p>
 * While it is open, its header speaks of its first rows only. How far it goes says a mark
 * behind the memory: one word, so that a kill leaves the old mark or the new one. Whoever
 * finds the memory of a dead process closes the frame.
 * <p>
 * Guarded by the log's lock.
 */
final class OpenFrame {

	/**
	 * A frame is lost as a whole when a byte of it is damaged: it takes no more rows than
	 * this.
	 */
	static final int MAX_SIZE = 8 * 1024;

	private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final int END_BITS = 20;

	private static final int CHECK_BITS = 27;

	private final ByteBuffer memory;

	/** Of what stays as it is when the frame is closed. */
	private final CRC32C checksum = new CRC32C();

	private final String table;

	private final int version;

	private final int start;

	private int end;

	private int rows;

	/**
	 * Opens a frame that is in the memory.
	 * @param rows its rows, which are of one table
	 * @param start where it begins
	 * @param end where its rows end
	 */
	OpenFrame(ByteBuffer memory, TableRows rows, int start, int end) {
		this.memory = memory;
		this.table = rows.table();
		this.version = rows.version();
		this.start = start;
		this.end = end;
		this.rows = rows.rows().count();
		check(this.checksum, memory, start, end);
	}

	/** Returns whether rows can be added. */
	boolean takes(TableRows more) {
		return this.end - this.start + more.rows().bytes() <= MAX_SIZE && more.version() == this.version
				&& more.table().equals(this.table);
	}

	/** Adds rows, which survive the process when this returns. */
	void add(TableRows more) {
		int place = this.end;
		for (Chunk chunk : more.rows().chunks()) {
			this.memory.put(place, chunk.array(), chunk.offset(), chunk.length());
			this.checksum.update(chunk.array(), chunk.offset(), chunk.length());
			place += chunk.length();
		}
		this.end = place;
		this.rows += more.rows().count();
		LONGS.setRelease(this.memory, Staging.SIZE, mark(this.start, this.end, this.checksum));
	}

	/** Returns where the next frame begins. */
	int next() {
		return this.start + FrameHeader.frameSize(this.end - this.start - FrameHeader.SIZE);
	}

	/** Has the header speak of all rows. */
	void close() {
		close(this.memory, this.start, this.end, this.rows);
	}

	/** Closes the frame that a dead process has left open in a file, if there is one. */
	static void close(SpoolFile file) throws IOException {
		ByteBuffer memory = ByteBuffer.allocate(Staging.FILE_SIZE);
		file.read(memory, 0);
		long mark = memory.getLong(Staging.SIZE);
		int start = (int) (mark >>> END_BITS + CHECK_BITS) * FrameHeader.ALIGNMENT;
		int end = (int) (mark >>> CHECK_BITS) & (1 << END_BITS) - 1;
		if (!memory.hasRemaining() && isWhole(memory, start, end, mark)) {
			int rows = 0;
			for (int place = Frame.rows(memory, start); place < end; place = RowFormat.rowEnd(memory.array(), place)) {
				rows++;
			}
			close(memory, start, end, rows);
			file.write(memory.limit(end).position(start), start);
		}
	}

	/** The mark may be older than what is in its place by now, or damaged. */
	private static boolean isWhole(ByteBuffer memory, int start, int end, long mark) {
		int name = start + FrameHeader.SIZE;
		if (name >= end || end > Staging.SIZE || memory.get(name) < 0 || Frame.rows(memory, start) >= end) {
			return false;
		}
		CRC32C checksum = new CRC32C();
		check(checksum, memory, start, end);
		return mark(start, end, checksum) == mark;
	}

	private static long mark(int start, int end, CRC32C checksum) {
		long check = checksum.getValue() & (1L << CHECK_BITS) - 1;
		return ((long) (start / FrameHeader.ALIGNMENT) << END_BITS | end) << CHECK_BITS | check;
	}

	private static void check(CRC32C checksum, ByteBuffer memory, int start, int end) {
		checksum.update(FrameHeader.place(memory, start));
		checksum.update(Frame.table(memory, start));
		int rows = Frame.rows(memory, start);
		checksum.update(memory.slice(rows, end - rows));
	}

	private static void close(ByteBuffer memory, int start, int end, int rows) {
		Frame.count(memory, start, end, rows);
		FrameHeader.renew(memory, start, end, rows);
	}

}
