package io.observatory.storage.engine;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.stats.FlushLatency;
import org.HdrHistogram.Histogram;

/**
 * Measures batches: how many, how long, how many rows a second.
 */
final class Throughput {

	private static final int SECONDS = 10;

	private final LongAdder retries = new LongAdder();

	private final ReentrantLock lock = new ReentrantLock();

	/** In microseconds, up to an hour, with two significant digits. */
	private final Histogram latency = new Histogram(TimeUnit.HOURS.toMicros(1), 2);

	private final long[] rows = new long[SECONDS + 1];

	private final long[] seconds = new long[SECONDS + 1];

	private long totalNanos;

	void retried() {
		this.retries.increment();
	}

	void settled(long settledRows, long nanos) {
		this.lock.lock();
		try {
			long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
			this.latency.recordValue(Math.min(micros, this.latency.getHighestTrackableValue()));
			this.totalNanos += nanos;
			long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
			int cell = Math.floorMod(second, this.rows.length);
			if (this.seconds[cell] != second) {
				this.seconds[cell] = second;
				this.rows[cell] = 0;
			}
			this.rows[cell] += settledRows;
		}
		finally {
			this.lock.unlock();
		}
	}

	long retries() {
		return this.retries.sum();
	}

	/** Returns the rate over the last whole seconds. */
	double rowsPerSecond() {
		this.lock.lock();
		try {
			long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
			long sum = 0;
			for (int i = 0; i < this.rows.length; i++) {
				if (this.seconds[i] < now && this.seconds[i] >= now - SECONDS) {
					sum += this.rows[i];
				}
			}
			return (double) sum / SECONDS;
		}
		finally {
			this.lock.unlock();
		}
	}

	FlushLatency latency() {
		this.lock.lock();
		try {
			return new FlushLatency(this.latency.getTotalCount(), Duration.ofNanos(this.totalNanos), percentile(50),
					percentile(95), percentile(99), Duration.of(this.latency.getMaxValue(), ChronoUnit.MICROS));
		}
		finally {
			this.lock.unlock();
		}
	}

	private Duration percentile(double percentile) {
		return Duration.of(this.latency.getValueAtPercentile(percentile), ChronoUnit.MICROS);
	}

}
