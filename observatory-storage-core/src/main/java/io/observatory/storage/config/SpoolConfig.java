package io.observatory.storage.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A writer's buffer on disk: what was accepted outlives the process.
 *
 * @param directory where it is, on a local disk. Several writers and processes may share
 * it: each has files of its own, and takes over those of processes that are gone
 * @param level what accepted records survive
 * @param maxBytes the most bytes that each writer takes there, at least
 * {@value #MIN_BYTES_A_SLOT} for each of {@link WriterConfig#maxConcurrency()}
 * @param syncInterval how long it may take at the level {@link Level#MACHINE} until a
 * record is on the disk; zero has each write wait for it
 * @param keepSent for how long records are kept after they were stored: when the server
 * loses commits by a failover, they are sent again
 */
public record SpoolConfig(Path directory, Level level, long maxBytes, Duration syncInterval, Duration keepSent) {

	public static final long DEFAULT_MAX_BYTES = 1L << 30;

	public static final Duration DEFAULT_KEEP_SENT = Duration.ofMinutes(10);

	public static final Duration MAX_SYNC_INTERVAL = Duration.ofMinutes(1);

	public static final Duration MAX_KEEP_SENT = Duration.ofDays(1);

	public static final long MIN_BYTES_A_SLOT = 16 << 20;

	public SpoolConfig {
		StorageConfig.check(!syncInterval.isNegative() && syncInterval.compareTo(MAX_SYNC_INTERVAL) <= 0,
				"spool.syncInterval must lie between 0 and 1 minute");
		StorageConfig.check(syncInterval.isZero() || level == Level.MACHINE,
				"spool.syncInterval belongs to the level MACHINE");
		StorageConfig.check(!keepSent.isNegative() && keepSent.compareTo(MAX_KEEP_SENT) <= 0,
				"spool.keepSent must lie between 0 and 1 day");
	}

	/** Returns the defaults: level PROCESS, 1 GiB a writer, ten minutes. */
	public static SpoolConfig in(Path directory) {
		return new SpoolConfig(directory, Level.PROCESS, DEFAULT_MAX_BYTES, Duration.ZERO, DEFAULT_KEEP_SENT);
	}

	/**
	 * Returns the most bytes of one call: there must be room for it beside the memory of
	 * each log and the segment that each writes, which may have taken a call as large.
	 */
	long maxCallBytes(int slots) {
		return this.maxBytes / (4L * slots);
	}

	void check(int slots) {
		StorageConfig.check(this.maxBytes >= slots * MIN_BYTES_A_SLOT, "spool.maxBytes must be at least "
				+ slots * MIN_BYTES_A_SLOT + ": 16 MiB for each batch that may be in flight at once (maxConcurrency)");
	}

	/** What accepted records survive. */
	public enum Level {

		/** The death of the process: kill -9, out of memory. */
		PROCESS,

		/** The death of the machine, too: a power cut. */
		MACHINE

	}

}
