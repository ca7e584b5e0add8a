package io.observatory.storage.stats;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How full a writer's spool on disk is.
 *
 * @param rows rows that are not known to be stored
 * @param bytes about how many bytes they have
 * @param diskBytes what the spool takes on disk: these rows, those that are kept for a
 * while after they were stored, and what is set aside for the next ones
 * @param maxBytes the most that it may take; rows that are stored go first
 * @param oldest how old the oldest row is that is not known to be stored; zero if there
 * is none
 * @param growth by how many bytes a second the rows grow, over the last ten seconds;
 * negative when more are stored than accepted
 * @param adoptedLogs logs of dead processes that are being sent, or kept for a while
 * @param damagedRows rows that the disk did not give back as they were
 */
public record SpoolStats(long rows, long bytes, long diskBytes, long maxBytes, Duration oldest, double growth,
		int adoptedLogs, long damagedRows) {

	/**
	 * Returns how long the room lasts at the present rate, or null if it does not end.
	 */
	public @Nullable Duration roomLasts() {
		return (this.growth >= 1) ? Duration.ofSeconds((long) (Math.max(0, this.maxBytes - this.bytes) / this.growth))
				: null;
	}

}
