package io.observatory.storage.spring;

import java.time.Duration;

import io.observatory.storage.upkeep.Partitions;
import org.jspecify.annotations.Nullable;

/**
 * Keeps daily partitions made ahead, and clears the lanes of processes long gone.
 */
public final class StoragePartitions {

	/** With fewer days ahead than this, health reports a problem. */
	public static final int FEW_DAYS = 3;

	private final Partitions partitions;

	private final int daysAhead;

	private final Upkeep upkeep;

	private volatile @Nullable Integer ahead;

	public StoragePartitions(Partitions partitions, int daysAhead, Duration interval) {
		this.partitions = partitions;
		this.daysAhead = daysAhead;
		this.upkeep = new Upkeep("partitions, lanes of other processes", interval);
	}

	/**
	 * Returns the number of days ahead for which there were partitions at the last check,
	 * or null if not known yet.
	 */
	public @Nullable Integer ahead() {
		return this.ahead;
	}

	/**
	 * Makes what is missing when it is time for that, and cleans up. Called by one
	 * thread, after the lanes of this process have been renewed.
	 */
	void makeWhenDue() {
		this.upkeep.runWhenDue(() -> {
			this.partitions.make(this.daysAhead);
			this.ahead = this.partitions.ahead();
			this.partitions.deleteLanes();
		});
	}

}
