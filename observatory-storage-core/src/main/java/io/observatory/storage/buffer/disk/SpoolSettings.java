package io.observatory.storage.buffer.disk;

import java.time.Clock;
import java.time.Duration;

import io.observatory.storage.buffer.BufferLimits;
import io.observatory.storage.spool.SpoolDirectory;

/**
 * What a buffer on disk is made with.
 *
 * @param directory where the logs are
 * @param forced whether accepted rows survive the death of the machine, and not only that
 * of the process
 * @param syncInterval for how long they may not yet, if they are to; zero for not at all
 * @param maxBytes the most bytes on disk, of all logs
 * @param keepSent for how long rows are kept that are stored
 * @param limits the bounds of batches; those of rows and bytes in memory do not count
 * here
 * @param slots how many slots there are, each with a log
 * @param clock says when rows were accepted
 */
public record SpoolSettings(SpoolDirectory directory, boolean forced, Duration syncInterval, long maxBytes,
		Duration keepSent, BufferLimits limits, int slots, Clock clock) {

	/** There are so many segments at least before the bound is reached. */
	private static final int MIN_SEGMENTS = 64;

	/** Those that are being written, one a slot, take a quarter of the room at most. */
	private static final int MIN_SEGMENTS_A_SLOT = 4;

	private static final long MIN_SEGMENT_BYTES = 1 << 20;

	private static final long MAX_SEGMENT_BYTES = 64 << 20;

	/** Returns whether an append waits for the disk. */
	boolean forcesEach() {
		return this.forced && this.syncInterval.isZero();
	}

	long segmentBytes() {
		return segmentBytes(this.maxBytes, this.slots);
	}

	static long segmentBytes(long maxBytes, int slots) {
		int segments = Math.max(MIN_SEGMENTS, MIN_SEGMENTS_A_SLOT * slots);
		return Math.max(MIN_SEGMENT_BYTES, Math.min(MAX_SEGMENT_BYTES, maxBytes / segments));
	}

}
