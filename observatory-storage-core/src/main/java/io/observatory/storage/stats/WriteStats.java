package io.observatory.storage.stats;

import java.util.Map;

import io.observatory.storage.buffer.DropReason;

/**
 * What became of a writer's records, as one consistent snapshot:
 * {@code accepted = stored + deadLettered + dropped + buffered + inFlight}.
 *
 * @param accepted records taken; those that were dropped at once, by the full policy or
 * for their age, are among them
 * @param stored records committed; those merged into another of the same key are among
 * them
 * @param deadLettered records put into {@code dead_letters} instead
 * @param dropped records dropped, by reason
 * @param buffered records that wait for a slot
 * @param inFlight records whose outcome is not known yet
 * @param refused records never accepted: invalid ones, and those refused by a full buffer
 * @param replaced values that were replaced at the door
 * @param truncated values that were cut at the door
 * @param batches batches settled
 * @param retries attempts that failed
 * @param lostByServer records that the server had committed and was found to have lost,
 * by a failover to a standby that lagged or by a restore, dead letters included; they go
 * on being counted as what they were
 * @param sentInDoubt records that were sent again although nobody could say whether they
 * were stored, because the lane's row was gone from the database
 * @param rowsPerSecond records settled a second, over the last ten seconds
 * @param latency how long batches took
 */
public record WriteStats(long accepted, long stored, long deadLettered, Map<DropReason, Long> dropped, long buffered,
		long inFlight, long refused, long replaced, long truncated, long batches, long retries, long lostByServer,
		long sentInDoubt, double rowsPerSecond, FlushLatency latency) {

	/** Returns the records dropped for whatever reason. */
	public long droppedTotal() {
		return this.dropped.values().stream().mapToLong(Long::longValue).sum();
	}

}
