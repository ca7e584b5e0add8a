package io.observatory.storage.spring;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.upkeep.Retention;
import io.observatory.storage.upkeep.RetentionPeriods;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes, at regular times, records that are older than they should be kept. Logs once
 * what is kept for ever.
 */
public final class StorageRetention {

	private static final Duration INTERVAL = Duration.ofMinutes(10);

	private static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(StorageRetention.class);

	private final RetentionPeriods periods;

	private final Retention retention;

	private final Clock clock;

	private volatile @Nullable Run lastRun;

	private @Nullable String lastFailure;

	private long dueNanos = System.nanoTime();

	public StorageRetention(StorageDatabase database, String schema, RetentionPeriods periods, Clock clock) {
		this.periods = periods;
		this.retention = new Retention(database.dataSource(), schema, periods);
		this.clock = clock;
		if (database.isPostgres()) {
			sayWhatIsKept();
		}
	}

	private void sayWhatIsKept() {
		List<String> kept = new ArrayList<>();
		addIfKept(kept, "traces", this.periods.traces());
		addIfKept(kept, "logs", this.periods.logs());
		addIfKept(kept, "metrics", this.periods.metrics());
		addIfKept(kept, "dead-letters", this.periods.deadLetters());
		if (!kept.isEmpty()) {
			logger.info("Kept for ever, until a retention is set (7d, say): {}", String.join(", ", kept));
		}
	}

	private static void addIfKept(List<String> kept, String name, @Nullable Duration period) {
		if (period == null) {
			kept.add("observatory.storage.retention." + name);
		}
	}

	/**
	 * Returns how long records are kept, and the result of the last run.
	 */
	public Status status() {
		Run run = this.lastRun;
		return new Status(this.periods,
				(run != null && run.endedAt() == null) ? run.with(this.retention.removed()) : run);
	}

	/**
	 * Removes records that are too old, if it is time to. Called by one thread.
	 */
	void runWhenDue() {
		if (!this.periods.isAnySet() || System.nanoTime() - this.dueNanos < 0) {
			return;
		}
		Duration wait = run() ? INTERVAL : RETRY_INTERVAL;
		this.dueNanos = System.nanoTime() + wait.toNanos();
	}

	/** Returns whether everything succeeded. */
	boolean run() {
		Run run = new Run(this.clock.instant(), null, Retention.Removed.NOTHING, null);
		this.lastRun = run;
		String failure = null;
		try {
			this.retention.run();
		}
		catch (RuntimeException ex) {
			failure = FailureReason.of(ex);
			if (!failure.equals(this.lastFailure) && !Thread.currentThread().isInterrupted()) {
				logger.warn(
						"The retention could not remove all that is too old: {}. Tried again each minute. Where it is "
								+ "a right that is missing, docs/database-rights.md says which.",
						failure);
			}
		}
		this.lastFailure = failure;
		this.lastRun = new Run(run.startedAt(), this.clock.instant(), this.retention.removed(), failure);
		return failure == null;
	}

	/**
	 * The state of the retention.
	 *
	 * @param keep How long records are kept; null for ever.
	 * @param lastRun The current run, else the last one, or null before the first.
	 */
	public record Status(RetentionPeriods keep, @Nullable Run lastRun) {

	}

	/**
	 * A run.
	 *
	 * @param startedAt When it began.
	 * @param endedAt When it ended, or null while it runs.
	 * @param removed What it has removed.
	 * @param failure Why something could not be removed, or null.
	 */
	public record Run(Instant startedAt, @Nullable Instant endedAt, Retention.Removed removed,
			@Nullable String failure) {

		private Run with(Retention.Removed removed) {
			return new Run(this.startedAt, this.endedAt, removed, this.failure);
		}

	}

}
