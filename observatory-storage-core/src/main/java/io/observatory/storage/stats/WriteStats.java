package io.observatory.storage.stats;

import java.util.Map;

import io.observatory.storage.buffer.DropReason;

/**
 * What became of a writer's records, as one consistent snapshot:
 * {@code accepted = stored + deadLettered + dropped + buffered + inFlight}.
 *
 * @param accepted accepted records, including those that were dropped at once because the
 * buffer was full or they were too old
 * @param recovered those of the accepted records that a log of the spool had before: of a
 * process that is dead, or sent again after the server had lost them; always 0 without a
 * spool
 * @param stored committed records, including those that were merged into another one with
 * the same key
 * @param deadLettered records that were put into {@code dead_letters}
 * @param dropped records dropped, by reason
 * @param buffered records that wait to be sent
 * @param inFlight records that are being sent, or whose outcome is not known yet
 * @param refused records that were not accepted: they were invalid, or the buffer was
 * full
 * @param replaced values that were replaced when a record was accepted, such as NUL
 * characters
 * @param truncated values that were cut when a record was accepted
 * @param batches batches whose outcome is known
 * @param retries failed attempts to send a batch
 * @param lostByServer records, including dead letters, that the server had committed and
 * has lost since, by a failover to a standby that lagged or by a restore; the other
 * numbers still count them as before
 * @param sentInDoubt records that were sent again without knowing whether they were
 * stored, because the row of the lane was missing in the database
 * @param rowsPerSecond records a second whose outcome became known, over the last ten
 * seconds
 * @param latency how long batches took
 */
public record WriteStats(long accepted, long recovered, long stored, long deadLettered, Map<DropReason, Long> dropped,
		long buffered, long inFlight, long refused, long replaced, long truncated, long batches, long retries,
		long lostByServer, long sentInDoubt, double rowsPerSecond, FlushLatency latency) {

	/** Returns the number of dropped records, for all reasons. */
	public long droppedTotal() {
		return this.dropped.values().stream().mapToLong(Long::longValue).sum();
	}

}
