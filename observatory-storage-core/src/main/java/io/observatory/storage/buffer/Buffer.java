package io.observatory.storage.buffer;

import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.row.RowEncoder;

/**
 * The bounded buffer between the callers and the slots: rows in, sealed batches out. A
 * row with a route goes through the one slot that its key belongs to, any other row
 * through whichever slot there is. Thread-safe.
 */
public interface Buffer extends BatchSource {

	/**
	 * Takes all rows of an encoder or, when there is no room, none of them. Never waits
	 * for room.
	 * @return whether they were taken
	 * @throws TooLargeException when not even an empty buffer would have room
	 * @throws WriterClosedException when the buffer is closing
	 */
	boolean append(RowEncoder rows);

	/**
	 * Waits until there is room, which another call may then be the first to take, or
	 * until the buffer is closing.
	 * @return how many of the nanoseconds are left
	 * @throws BufferFullException when there was no room in time, or on an interrupt,
	 * which is restored
	 */
	long awaitRoom(int rows, long bytes, long nanos);

	/** Stops the slots from taking batches, or lets them go on. */
	void pause(boolean pause);

	/** Refuses further rows, and lets the slots take all that is left. */
	void close();

	/**
	 * Waits until the closed buffer is empty and nothing is in flight, or until it is of
	 * no use to wait longer; an interrupt does not end the wait.
	 * @return whether it is empty
	 */
	boolean awaitEmpty(long nanos);

	/**
	 * Gives up what is buffered or in flight: what would be lost with the process is
	 * counted as {@link DropReason#CLOSED}.
	 * @return how many rows of each table were dropped
	 */
	long[] abandon();

	/** Lets go of what it has besides memory, when nobody takes from it any more. */
	default void release() {
	}

	/** Counts rows that were accepted only to be dropped. */
	void drop(DropReason reason, long rows);

	/** Returns all counters at one moment. */
	BufferCounters tally();

}
