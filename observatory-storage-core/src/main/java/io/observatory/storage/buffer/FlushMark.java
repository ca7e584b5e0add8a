package io.observatory.storage.buffer;

/**
 * What was accepted at a moment, to tell when all of it is settled. Belongs to the buffer
 * that made it.
 */
public interface FlushMark {

	/** Returns how many rows were buffered or in flight at the moment. */
	long rows();

}
