package io.observatory.storage.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

import io.observatory.storage.row.Rows.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one call, ready to be appended: an index of its tables, then the rows of
 * the first table, of the second, and so on.
 */
final class Frame {

	private static final byte[] PADDING = new byte[FrameHeader.ALIGNMENT];

	private final List<TableRows> tables;

	/** The header, which is filled in last, and the index. */
	private final byte[] head;

	private final int rows;

	private final int length;

	private final int checksum;

	Frame(List<TableRows> tables) {
		this.tables = tables;
		this.head = index(tables);
		int rowCount = 0;
		long byteCount = this.head.length - FrameHeader.SIZE;
		CRC32C crc = new CRC32C();
		crc.update(this.head, FrameHeader.SIZE, this.head.length - FrameHeader.SIZE);
		for (TableRows each : tables) {
			rowCount += each.rows().count();
			byteCount += each.rows().bytes();
			for (Chunk chunk : each.rows().chunks()) {
				crc.update(chunk.array(), chunk.offset(), chunk.length());
			}
		}
		this.rows = rowCount;
		this.length = Math.toIntExact(byteCount);
		this.checksum = (int) crc.getValue();
	}

	/** Returns the index, with room for the header before it. */
	private static byte[] index(List<TableRows> tables) {
		int size = FrameHeader.SIZE;
		for (TableRows each : tables) {
			size += Part.indexSize(each.table().length());
		}
		ByteBuffer index = ByteBuffer.allocate(size).position(FrameHeader.SIZE);
		for (TableRows each : tables) {
			byte[] name = each.table().getBytes(StandardCharsets.US_ASCII);
			index.put((byte) name.length).put(name);
			index.putInt(each.version()).putInt(each.rows().count()).putInt((int) each.rows().bytes());
		}
		return index.array();
	}

	/** Returns the rows of its table, or null if it has several. */
	@Nullable TableRows only() {
		return (this.tables.size() == 1) ? this.tables.get(0) : null;
	}

	/** Returns how many rows it has. */
	int rows() {
		return this.rows;
	}

	/** Returns how many bytes it takes in the log. */
	int size() {
		return FrameHeader.frameSize(this.length);
	}

	/** Puts its bytes, with the place that it gets in the log. */
	void put(ByteBuffer into, long rowsBefore, long millis) {
		into.put(head(rowsBefore, millis));
		for (TableRows each : this.tables) {
			for (Chunk chunk : each.rows().chunks()) {
				into.put(chunk.array(), chunk.offset(), chunk.length());
			}
		}
		into.put(PADDING, 0, padding());
	}

	/** Returns the same bytes, those of the rows on their own memory. */
	List<ByteBuffer> bytes(long rowsBefore, long millis) {
		List<ByteBuffer> pieces = new ArrayList<>();
		pieces.add(ByteBuffer.wrap(head(rowsBefore, millis)));
		for (TableRows each : this.tables) {
			for (Chunk chunk : each.rows().chunks()) {
				pieces.add(ByteBuffer.wrap(chunk.array(), chunk.offset(), chunk.length()));
			}
		}
		pieces.add(ByteBuffer.wrap(PADDING, 0, padding()));
		return pieces;
	}

	private byte[] head(long rowsBefore, long millis) {
		new FrameHeader(this.tables.size(), this.rows, this.length, this.checksum, rowsBefore, millis).put(this.head);
		return this.head;
	}

	int padding() {
		return size() - FrameHeader.SIZE - this.length;
	}

	/** Returns the bytes that say which table a frame is of that has only one. */
	static ByteBuffer table(ByteBuffer memory, int frame) {
		int index = frame + FrameHeader.SIZE;
		return memory.slice(index, counts(memory, frame) - index);
	}

	/** Returns where the rows of such a frame begin. */
	static int rows(ByteBuffer memory, int frame) {
		return counts(memory, frame) + 2 * Integer.BYTES;
	}

	/** Counts its rows anew, after some were added. */
	static void count(ByteBuffer memory, int frame, int end, int rows) {
		int counts = counts(memory, frame);
		memory.putInt(counts, rows).putInt(counts + Integer.BYTES, end - counts - 2 * Integer.BYTES);
	}

	private static int counts(ByteBuffer memory, int frame) {
		int index = frame + FrameHeader.SIZE;
		return index + Byte.BYTES + memory.get(index) + Integer.BYTES;
	}

	/**
	 * Reads the index of a frame.
	 * @param position where the header ends
	 */
	static List<Part> parts(FrameHeader header, byte[] array, int position) {
		ByteBuffer index = ByteBuffer.wrap(array).position(position);
		List<Part> parts = new ArrayList<>(header.tables());
		for (int i = 0; i < header.tables(); i++) {
			int nameLength = index.get();
			int name = index.position();
			index.position(name + nameLength);
			parts.add(new Part(array, name, nameLength, index.getInt(), index.getInt(), index.getInt()));
		}
		return parts;
	}

	/**
	 * The rows of one table in a frame, the bytes of which follow the index.
	 *
	 * @param array the memory that the frame lies in
	 * @param name where in it the table's name begins
	 * @param nameLength how many characters the name has
	 * @param version the version of its rows
	 * @param rows how many there are
	 * @param length how many bytes they have
	 */
	@SuppressWarnings("ArrayRecordComponent") // shared on purpose
	record Part(byte[] array, int name, int nameLength, int version, int rows, int length) {

		String table() {
			return new String(this.array, this.name, this.nameLength, StandardCharsets.US_ASCII);
		}

		boolean isOf(byte[] table) {
			return Arrays.equals(this.array, this.name, this.name + this.nameLength, table, 0, table.length);
		}

		static int indexSize(List<Part> parts) {
			int size = 0;
			for (Part part : parts) {
				size += indexSize(part.nameLength());
			}
			return size;
		}

		private static int indexSize(int nameLength) {
			return 1 + nameLength + 3 * Integer.BYTES;
		}

	}

}
