package io.observatory.storage.spool;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.row.RowFormat;
import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.spool.Frame.Part;
import io.observatory.storage.spool.FrameReader.StoredFrame;
import io.observatory.storage.spool.Stretch.Run;

/**
 * Takes rows from frames until there are enough of them. They are copied, so that those
 * of one table lie together however small the frames are.
 */
final class StretchBuilder {

	private final long from;

	private final int maxRows;

	private final long maxBytes;

	private final List<Column> columns = new ArrayList<>();

	private final List<Run> runs = new ArrayList<>();

	private long to;

	private long acceptedMillis;

	private int rows;

	private long bytes;

	private boolean full;

	StretchBuilder(long from, int maxRows, long maxBytes) {
		this.from = from;
		this.to = from;
		this.maxRows = maxRows;
		this.maxBytes = maxBytes;
	}

	/** Returns the number of the row that comes next. */
	long to() {
		return this.to;
	}

	boolean isFull() {
		return this.full;
	}

	/** Passes over rows that are not there. */
	void skipTo(long row) {
		this.to = Math.max(this.to, row);
	}

	/** Takes those rows of a frame that come next, as many as fit. */
	void add(StoredFrame frame) {
		FrameHeader header = frame.header();
		skipTo(header.rowsBefore());
		if (this.rows == 0) {
			this.acceptedMillis = header.acceptedMillis();
		}
		List<Part> parts = Frame.parts(header, frame.array(), frame.start());
		int position = frame.start() + Part.indexSize(parts);
		long row = header.rowsBefore();
		for (Part part : parts) {
			if (!this.full && this.to < row + part.rows()) {
				add(part, (int) (this.to - row), frame.array(), position);
			}
			position += part.length();
			row += part.rows();
		}
	}

	private void add(Part part, int skipped, byte[] array, int position) {
		int start = position;
		for (int i = 0; i < skipped; i++) {
			start = RowFormat.rowEnd(array, start);
		}
		int wanted = part.rows() - skipped;
		int length = part.length() - (start - position);
		int count = fits(wanted, length) ? wanted : 0;
		int end = start + ((count > 0) ? length : 0);
		while (count < wanted && fitsOneMore(count, RowFormat.rowEnd(array, end) - start)) {
			end = RowFormat.rowEnd(array, end);
			count++;
		}
		if (count > 0) {
			take(part, count, array, start, end - start);
		}
		this.full = count < wanted || this.rows == this.maxRows;
	}

	private boolean fits(int count, int length) {
		return this.rows + count <= this.maxRows && this.bytes + length <= this.maxBytes;
	}

	/** One row is taken, whatever its size. */
	private boolean fitsOneMore(int count, int length) {
		return fits(count + 1, length) || this.rows + count == 0;
	}

	private void take(Part part, int count, byte[] array, int start, int length) {
		int table = table(part);
		this.columns.get(table).add(array, start, length, count);
		Run last = this.runs.isEmpty() ? null : this.runs.get(this.runs.size() - 1);
		if (last != null && last.table() == table && last.first() + last.rows() == this.to) {
			this.runs.set(this.runs.size() - 1, new Run(table, last.first(), last.rows() + count));
		}
		else {
			this.runs.add(new Run(table, this.to, count));
		}
		this.rows += count;
		this.bytes += length;
		this.to += count;
	}

	private int table(Part part) {
		for (int i = 0; i < this.columns.size(); i++) {
			if (this.columns.get(i).holds(part)) {
				return i;
			}
		}
		this.columns.add(new Column(part.table(), part.version()));
		return this.columns.size() - 1;
	}

	Stretch build() {
		return new Stretch(this.from, this.to, this.acceptedMillis, this.columns.stream().map(Column::rows).toList(),
				this.runs);
	}

	/**
	 * The rows of one table and version.
	 */
	private static final class Column {

		private static final int CHUNK = 64 * 1024;

		private final String table;

		private final byte[] name;

		private final int version;

		private final List<Chunk> closed = new ArrayList<>();

		private byte[] open = {};

		private int length;

		private int count;

		Column(String table, int version) {
			this.table = table;
			this.name = table.getBytes(StandardCharsets.US_ASCII);
			this.version = version;
		}

		boolean holds(Part part) {
			return this.version == part.version() && part.isOf(this.name);
		}

		void add(byte[] array, int start, int bytes, int rows) {
			if (bytes > this.open.length - this.length) {
				close();
				this.open = new byte[Math.max(CHUNK, bytes)];
			}
			System.arraycopy(array, start, this.open, this.length, bytes);
			this.length += bytes;
			this.count += rows;
		}

		private void close() {
			if (this.count > 0) {
				this.closed.add(new Chunk(this.open, 0, this.length, this.count));
			}
			this.length = 0;
			this.count = 0;
		}

		TableRows rows() {
			close();
			return new TableRows(this.table, this.version, new Rows(this.closed));
		}

	}

}
