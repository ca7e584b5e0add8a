package io.observatory.storage.buffer;

/**
 * What was accepted at a moment, to tell when all of it is settled.
 */
public final class FlushMark {

	private final long[] positions;

	private final long rows;

	FlushMark(long[] positions, long rows) {
		this.positions = positions;
		this.rows = rows;
	}

	/** Returns how many rows were buffered or in flight at the moment. */
	public long rows() {
		return this.rows;
	}

	long position(int queue) {
		return this.positions[queue];
	}

}
