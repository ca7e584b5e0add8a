package io.observatory.storage.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a message through at most once in ten seconds, so that a lasting fault does not
 * fill the log.
 */
public final class ThrottledLog {

	private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

	private final AtomicLong last = new AtomicLong(System.nanoTime() - INTERVAL);

	public void run(Runnable message) {
		long before = this.last.get();
		long now = System.nanoTime();
		if (now - before >= INTERVAL && this.last.compareAndSet(before, now)) {
			message.run();
		}
	}

}
