package io.observatory.storage.buffer;

import org.jspecify.annotations.Nullable;

/**
 * Where sealed batches come from, and where it is told what became of them. Each slot has
 * one batch at a time. Thread-safe.
 */
public interface BatchSource {

	/**
	 * Waits until the slot has something to do, and takes it.
	 * @return a batch, or null when the source is closed and nothing is left for the slot
	 */
	@Nullable Batch take(int slot) throws InterruptedException;

	/**
	 * Settles a batch: its outcome is known, and its memory is free again. Does nothing
	 * when the batch has been given up.
	 */
	void settle(Batch batch, long storedRows, long deadLetteredRows);

	/**
	 * Takes a batch back whose rows do not come next, as the database says: it has fewer
	 * of the log's rows than thought, or more of them.
	 * @param next the number of the row that comes next
	 */
	default Rewind rewind(Batch batch, long next) {
		throw new IllegalStateException("The rows of this buffer have no numbers");
	}

	/** Says that a batch failed a retry cycle. It is still under way. */
	default void failed(Batch batch) {
	}

	/**
	 * Marks all that was accepted until now, and has the slots take it.
	 */
	FlushMark flush();

	/** Returns whether all that was marked is settled. */
	boolean isSettled(FlushMark mark);

	/** Returns whether the batch has rows that were marked. */
	boolean covers(FlushMark mark, Batch batch);

}
