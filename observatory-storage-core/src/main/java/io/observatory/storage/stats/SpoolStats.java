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
 * @param roomLasts how long the room lasts at the present rate, or null if it does not
 * end
 * @param adoptedLogs logs of dead processes that are being sent, or kept for a while
 * @param damagedRows rows that the disk did not give back as they were
 */
public record SpoolStats(long rows, long bytes, long diskBytes, long maxBytes, Duration oldest, double growth,
		@Nullable Duration roomLasts, int adoptedLogs, long damagedRows) {

	/** Returns how long so much room lasts, or null if nothing grows. */
	public static @Nullable Duration lasts(long bytes, double growth) {
		return (growth >= 1) ? Duration.ofSeconds((long) (Math.max(0, bytes) / growth)) : null;
	}

	/** Returns which part of the room rows take that are not known to be stored. */
	public double used() {
		return (double) this.bytes / this.maxBytes;
	}

}
