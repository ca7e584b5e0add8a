package io.observatory.storage.buffer;

import java.util.List;

import io.observatory.storage.row.Rows;

/**
 * Rows that one slot has taken. A batch is sealed: until its outcome is known it is never
 * changed, split, or moved to another slot.
 */
public final class Batch {

	private final int slot;

	private final List<Rows> tables;

	private final List<Part> parts;

	private final int rows;

	private final long bytes;

	Batch(int slot, List<Rows> tables, List<Part> parts) {
		this.slot = slot;
		this.tables = List.copyOf(tables);
		this.parts = List.copyOf(parts);
		this.rows = tables.stream().mapToInt(Rows::count).sum();
		this.bytes = tables.stream().mapToLong(Rows::bytes).sum();
	}

	/** Returns the rows of each of the writer's tables, in the tables' order. */
	public List<Rows> tables() {
		return this.tables;
	}

	/** Returns how many rows there are. */
	public int rows() {
		return this.rows;
	}

	/** Returns how many bytes they have. */
	public long bytes() {
		return this.bytes;
	}

	int slot() {
		return this.slot;
	}

	List<Part> parts() {
		return this.parts;
	}

	/**
	 * What was taken from one queue.
	 *
	 * @param queue the queue
	 * @param from the position of the first row
	 */
	record Part(RowQueue queue, long from) {
	}

}
