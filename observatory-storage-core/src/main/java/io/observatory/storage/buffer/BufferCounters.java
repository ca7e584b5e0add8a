package io.observatory.storage.buffer;

import java.util.Map;

/**
 * What became of a buffer's rows, as one consistent snapshot:
 * {@code accepted = stored + deadLettered + dropped + buffered + inFlight}.
 *
 * @param accepted rows taken, those dropped at once included
 * @param recovered those of them that a log on disk had before: of a process that is
 * dead, or sent again after the database had lost them
 * @param stored rows committed, merged ones included
 * @param deadLettered rows that were put into {@code dead_letters} instead
 * @param dropped rows dropped, by reason
 * @param buffered rows that wait for a slot
 * @param bufferedBytes their bytes
 * @param inFlight rows taken by a slot whose outcome is not known
 * @param inFlightBytes their bytes
 * @param replaced values that were replaced at the door
 * @param truncated values that were cut at the door
 */
public record BufferCounters(long accepted, long recovered, long stored, long deadLettered,
		Map<DropReason, Long> dropped, long buffered, long bufferedBytes, long inFlight, long inFlightBytes,
		long replaced, long truncated) {

	/** Returns the rows dropped for whatever reason. */
	public long droppedTotal() {
		return this.dropped.values().stream().mapToLong(Long::longValue).sum();
	}

	/** Returns the rows that are buffered or in flight. */
	public long held() {
		return this.buffered + this.inFlight;
	}

}
