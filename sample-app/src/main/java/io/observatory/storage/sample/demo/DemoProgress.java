package io.observatory.storage.sample.demo;

import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the progress of the load once a second.
 */
final class DemoProgress {

	private static final Logger logger = LoggerFactory.getLogger(DemoProgress.class);

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final DemoWriters writers;

	private long since = System.nanoTime();

	private long written;

	private long refused;

	private long total;

	DemoProgress(DemoWriters writers) {
		this.writers = writers;
	}

	void written(long records) {
		this.written += records;
		this.total += records;
	}

	void refused(long records) {
		this.refused += records;
	}

	void say() {
		long now = System.nanoTime();
		if (now - this.since < SECOND) {
			return;
		}
		logger.info(
				"Demo: {} records/s, {} in all; the writers have stored {}, {} are in their buffers, {} were refused",
				Math.round((double) this.written * SECOND / (now - this.since)), this.total, this.writers.stored(),
				this.writers.buffered(), this.refused);
		this.since = now;
		this.written = 0;
	}

}
