package io.observatory.storage.buffer;

import java.util.List;

import io.observatory.storage.row.RowSequence;
import io.observatory.storage.row.Rows;

/**
 * Rows that one slot has taken. A batch is sealed: until its outcome is known it is never
 * changed, split, or moved to another slot.
 * <p>
 * A buffer on disk numbers the rows of each of its logs. There a batch says which numbers
 * it covers, and may cover some without having rows: these are gone.
 */
public class Batch {

	private final int slot;

	private final RowSequence rows;

	private final long from;

	private final long to;

	/** Makes a batch of a buffer that does not number its rows. */
	protected Batch(int slot, RowSequence rows) {
		this(slot, rows, 0, rows.count());
	}

	/**
	 * Makes a batch.
	 * @param from the number of the first row that it covers
	 * @param to the number after the last one
	 */
	protected Batch(int slot, RowSequence rows, long from, long to) {
		this.slot = slot;
		this.rows = rows;
		this.from = from;
		this.to = to;
	}

	/** Returns which slot has taken it. */
	public int slot() {
		return this.slot;
	}

	/** Returns the rows in their order. */
	public RowSequence sequence() {
		return this.rows;
	}

	/** Returns the rows of each of the writer's tables. */
	public List<Rows> tables() {
		return this.rows.byTable();
	}

	/** Returns how many rows there are. */
	public int rows() {
		return this.rows.count();
	}

	/** Returns how many bytes they have. */
	public long bytes() {
		return this.rows.bytes();
	}

	/** Returns the number of the first row that it covers. */
	public long from() {
		return this.from;
	}

	/** Returns the number after the last row that it covers. */
	public long to() {
		return this.to;
	}

}
