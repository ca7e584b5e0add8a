package io.observatory.storage.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that is done time and again, and sooner after it has failed. A failure is said
 * once, until another one comes. Used by one thread.
 */
final class Upkeep {

	private static final Duration RETRY_INTERVAL = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(Upkeep.class);

	private final String what;

	private final Duration interval;

	private @Nullable String lastFailure;

	private long dueNanos = System.nanoTime();

	/**
	 * Makes work that is due at once.
	 * @param what names it in the log
	 */
	Upkeep(String what, Duration interval) {
		this.what = what;
		this.interval = interval;
	}

	/** Does the work when it is time for that. */
	void runWhenDue(Runnable work) {
		if (System.nanoTime() - this.dueNanos < 0) {
			return;
		}
		Duration wait = attempt(work) ? this.interval : RETRY_INTERVAL;
		this.dueNanos = System.nanoTime() + wait.toNanos();
	}

	private boolean attempt(Runnable work) {
		try {
			work.run();
			this.lastFailure = null;
			return true;
		}
		catch (RuntimeException ex) {
			String reason = FailureReason.of(ex);
			if (!reason.equals(this.lastFailure) && !Thread.currentThread().isInterrupted()) {
				logger.warn("The schema's upkeep ({}) failed: {}. Tried again each minute.", this.what, reason);
			}
			this.lastFailure = reason;
			return false;
		}
	}

}
