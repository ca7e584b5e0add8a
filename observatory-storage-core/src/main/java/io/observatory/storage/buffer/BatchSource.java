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
	 * Marks all that was accepted until now, and has the slots take it.
	 */
	FlushMark flush();

	/** Returns whether all that was marked is settled. */
	boolean isSettled(FlushMark mark);

	/** Returns whether the batch has rows that were marked. */
	boolean covers(FlushMark mark, Batch batch);

}
