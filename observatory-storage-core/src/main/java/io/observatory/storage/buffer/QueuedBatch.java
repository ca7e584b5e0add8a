package io.observatory.storage.buffer;

import java.util.List;

import io.observatory.storage.row.Rows;

/**
 * A batch of the buffer in memory.
 *
 * @param byTable the rows of each table
 * @param parts what of it was taken from which queue
 */
record QueuedBatch(int slot, List<Rows> byTable, int rows, long bytes, List<Taken> parts) implements Batch {

	QueuedBatch(int slot, List<Rows> byTable, List<Taken> parts) {
		this(slot, List.copyOf(byTable), Rows.count(byTable), byTable.stream().mapToLong(Rows::bytes).sum(),
				List.copyOf(parts));
	}

	@Override
	public long from() {
		return 0;
	}

	@Override
	public long to() {
		return this.rows;
	}

	@Override
	public List<Rows> tables(long from, long to) {
		return (from == 0 && to == this.rows) ? this.byTable : Rows.slice(this.byTable, (int) from, (int) to);
	}

	/**
	 * What was taken from one queue.
	 *
	 * @param queue the queue
	 * @param from the position of the first row
	 */
	record Taken(RowQueue queue, long from) {
	}

}
