package io.observatory.storage.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

import io.observatory.storage.row.Rows.Chunk;

/**
 * The rows of one call, ready to be appended: an index of its tables, then the rows of
 * the first table, of the second, and so on.
 */
final class Frame {

	private final List<TableRows> tables;

	private final byte[] index;

	private final int rows;

	private final int length;

	private final int checksum;

	Frame(List<TableRows> tables) {
		this.tables = tables;
		this.index = index(tables);
		int rowCount = 0;
		long byteCount = this.index.length;
		CRC32C crc = new CRC32C();
		crc.update(this.index);
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

	private static byte[] index(List<TableRows> tables) {
		int size = 0;
		for (TableRows each : tables) {
			size += entrySize(each.table().length());
		}
		ByteBuffer index = ByteBuffer.allocate(size);
		for (TableRows each : tables) {
			byte[] name = each.table().getBytes(StandardCharsets.US_ASCII);
			index.put((byte) name.length).put(name);
			index.putInt(each.version()).putInt(each.rows().count()).putInt((int) each.rows().bytes());
		}
		return index.array();
	}

	private static int entrySize(int nameLength) {
		return 1 + nameLength + 3 * Integer.BYTES;
	}

	/** Returns how many rows it has. */
	int rows() {
		return this.rows;
	}

	/** Returns how many bytes it takes in the log. */
	int size() {
		return FrameHeader.frameSize(this.length);
	}

	/** Returns its bytes, with the place that it gets in the log. */
	List<ByteBuffer> bytes(long rowsBefore, long millis) {
		FrameHeader header = new FrameHeader(this.tables.size(), this.rows, this.length, this.checksum, rowsBefore,
				millis);
		List<ByteBuffer> pieces = new ArrayList<>();
		pieces.add(header.bytes());
		pieces.add(ByteBuffer.wrap(this.index));
		for (TableRows each : this.tables) {
			for (Chunk chunk : each.rows().chunks()) {
				pieces.add(ByteBuffer.wrap(chunk.array(), chunk.offset(), chunk.length()));
			}
		}
		pieces.add(ByteBuffer.allocate(size() - FrameHeader.SIZE - this.length));
		return pieces;
	}

	/**
	 * Reads the index of a frame.
	 * @param position where the header ends
	 */
	static List<Part> parts(FrameHeader header, byte[] array, int position) {
		ByteBuffer index = ByteBuffer.wrap(array).position(position);
		List<Part> parts = new ArrayList<>();
		for (int i = 0; i < header.tables(); i++) {
			int nameLength = index.get();
			String name = new String(array, index.position(), nameLength, StandardCharsets.US_ASCII);
			index.position(index.position() + nameLength);
			parts.add(new Part(name, index.getInt(), index.getInt(), index.getInt()));
		}
		return parts;
	}

	/**
	 * The rows of one table in a frame, the bytes of which follow the index.
	 *
	 * @param table the table's name
	 * @param version the version of its rows
	 * @param rows how many there are
	 * @param length how many bytes they have
	 */
	record Part(String table, int version, int rows, int length) {

		static int indexSize(List<Part> parts) {
			int size = 0;
			for (Part part : parts) {
				size += entrySize(part.table().length());
			}
			return size;
		}

	}

}
