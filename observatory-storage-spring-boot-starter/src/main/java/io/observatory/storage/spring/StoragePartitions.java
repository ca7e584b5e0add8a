package io.observatory.storage.spring;

import java.time.Duration;
import java.util.List;

import io.observatory.storage.upkeep.Partitions;
import io.observatory.storage.writer.Writer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps daily partitions made ahead, and clears the lanes of processes long gone, after
 * those of this process have been renewed.
 */
public final class StoragePartitions {

	/** Below this many days ahead somebody should look. */
	public static final int FEW_DAYS = 3;

	private static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(StoragePartitions.class);

	private final Partitions partitions;

	private final int daysAhead;

	private final Duration interval;

	private volatile @Nullable Integer ahead;

	private @Nullable String lastFailure;

	private long dueNanos = System.nanoTime();

	public StoragePartitions(Partitions partitions, int daysAhead, Duration interval) {
		this.partitions = partitions;
		this.daysAhead = daysAhead;
		this.interval = interval;
	}

	/**
	 * For how many days ahead there were partitions when last looked at, or null when
	 * that is not known yet.
	 */
	public @Nullable Integer ahead() {
		return this.ahead;
	}

	/**
	 * Makes what is missing when it is time for that, and cleans up. Called by one
	 * thread.
	 * @param writers those of this process
	 */
	void makeWhenDue(List<Writer> writers) {
		if (System.nanoTime() - this.dueNanos < 0) {
			return;
		}
		Duration wait = make(writers) ? this.interval : RETRY_INTERVAL;
		this.dueNanos = System.nanoTime() + wait.toNanos();
	}

	private boolean make(List<Writer> writers) {
		try {
			this.partitions.make(this.daysAhead);
			this.ahead = this.partitions.ahead();
			writers.forEach(Writer::renewLanes);
			this.partitions.deleteLanes();
			this.lastFailure = null;
			return true;
		}
		catch (RuntimeException ex) {
			String reason = FailureReason.of(ex);
			if (!reason.equals(this.lastFailure) && !Thread.currentThread().isInterrupted()) {
				logger.warn("The schema's upkeep (partitions, lanes) failed: {}. Tried again each minute.", reason);
			}
			this.lastFailure = reason;
			return false;
		}
	}

}
