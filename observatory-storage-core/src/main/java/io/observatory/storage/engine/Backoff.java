package io.observatory.storage.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The waits of one flush worker between its attempts, which others can cut short.
 */
final class Backoff {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private boolean cutShort;

	/** Cuts the wait short, or else the next one. */
	void cutShort() {
		this.lock.lock();
		try {
			this.cutShort = true;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes back that the next wait is to be cut short. */
	void reset() {
		this.lock.lock();
		try {
			this.cutShort = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	void await(Duration duration) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			long left = duration.toNanos();
			while (!this.cutShort && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			this.cutShort = false;
		}
		finally {
			this.lock.unlock();
		}
	}

}
