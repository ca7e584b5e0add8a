package io.observatory.storage.row;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Encoded rows of one table, in the order they were written. Immutable as long as nobody
 * changes the arrays they lie in: a batch's memory is reused only when its outcome is
 * known.
 */
public final class Rows {

	public static final Rows NONE = new Rows(List.of());

	private final List<Chunk> chunks;

	private final int count;

	private final long bytes;

	public Rows(List<Chunk> chunks) {
		this.chunks = List.copyOf(chunks);
		int rowCount = 0;
		long byteCount = 0;
		for (Chunk chunk : chunks) {
			rowCount += chunk.rows();
			byteCount += chunk.length();
		}
		this.count = rowCount;
		this.bytes = byteCount;
	}

	/** Returns a row alone, on the same memory. */
	public static Rows one(byte[] row) {
		return new Rows(List.of(new Chunk(row, 0, row.length, 1)));
	}

	/** Returns how many rows there are. */
	public int count() {
		return this.count;
	}

	/** Returns how many bytes they have. */
	public long bytes() {
		return this.bytes;
	}

	public boolean isEmpty() {
		return this.count == 0;
	}

	/** Returns the pieces of memory that the rows lie in, each of whole rows. */
	public List<Chunk> chunks() {
		return this.chunks;
	}

	/** Returns the rows from one index to another (exclusive), on the same memory. */
	public Rows slice(int from, int to) {
		List<Chunk> slice = new ArrayList<>();
		int before = 0;
		for (Chunk chunk : this.chunks) {
			int first = Math.max(from - before, 0);
			int last = Math.min(to - before, chunk.rows());
			if (first < last) {
				slice.add(chunk.slice(first, last));
			}
			before += chunk.rows();
		}
		return new Rows(slice);
	}

	/** Returns how many rows there are in several tables. */
	public static int count(List<Rows> tables) {
		return tables.stream().mapToInt(Rows::count).sum();
	}

	/**
	 * Returns the rows from one index to another (exclusive), counted over several
	 * tables: for each table its part, which may be {@link #NONE}.
	 */
	public static List<Rows> slice(List<Rows> tables, int from, int to) {
		List<Rows> slice = new ArrayList<>();
		int before = 0;
		for (Rows table : tables) {
			int first = Math.min(Math.max(from - before, 0), table.count());
			int last = Math.min(Math.max(to - before, 0), table.count());
			slice.add((first < last) ? table.slice(first, last) : NONE);
			before += table.count();
		}
		return slice;
	}

	/** Returns these rows and then the others. */
	public Rows and(Rows others) {
		if (isEmpty() || others.isEmpty()) {
			return isEmpty() ? others : this;
		}
		List<Chunk> both = new ArrayList<>(this.chunks);
		both.addAll(others.chunks);
		return new Rows(both);
	}

	/** Returns a decoder that stands before the first row. */
	public RowDecoder decoder() {
		return new RowDecoder(this);
	}

	/** Returns the bytes of one row. */
	public byte[] row(int index) {
		Chunk row = slice(index, index + 1).chunks().get(0);
		return Arrays.copyOfRange(row.array(), row.offset(), row.offset() + row.length());
	}

	/**
	 * A piece of memory that holds whole rows.
	 *
	 * @param array the memory
	 * @param offset where the first row begins
	 * @param length how many bytes the rows have
	 * @param rows how many rows there are
	 */
	@SuppressWarnings("ArrayRecordComponent") // shared on purpose: rows are not copied
	public record Chunk(byte[] array, int offset, int length, int rows) {

		private Chunk slice(int from, int to) {
			if (from == 0 && to == this.rows) {
				return this;
			}
			int start = skip(this.offset, from);
			int end = skip(start, to - from);
			return new Chunk(this.array, start, end - start, to - from);
		}

		private int skip(int position, int rows) {
			int end = position;
			for (int i = 0; i < rows; i++) {
				end = RowFormat.rowEnd(this.array, end);
			}
			return end;
		}

	}

}
