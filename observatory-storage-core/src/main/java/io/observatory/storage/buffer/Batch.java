package io.observatory.storage.buffer;

import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.row.SealedRows;

/**
 * Rows that one slot has taken. A batch is sealed: until its outcome is known it is never
 * changed, split, or moved to another slot.
 */
public interface Batch extends SealedRows {

	/** Returns which slot has taken it. */
	int slot();

	/** Returns how many rows there are. */
	int rows();

	/** Returns how many bytes they have. */
	long bytes();

	/** Returns all rows, those of each of the writer's tables. */
	default List<Rows> tables() {
		return tables(from(), to());
	}

}
