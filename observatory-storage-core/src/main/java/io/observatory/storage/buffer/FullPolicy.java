package io.observatory.storage.buffer;

/**
 * What a write does when the buffer is at its bound.
 */
public enum FullPolicy {

	/**
	 * Waits for room, at most for the block timeout, then throws; from then on throws at
	 * once, until there is room.
	 */
	BLOCK,

	/** Throws at once. */
	REJECT,

	/** Drops the new records, counted. */
	DROP_NEWEST

}
