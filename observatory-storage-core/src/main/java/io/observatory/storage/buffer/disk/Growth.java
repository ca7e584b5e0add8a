package io.observatory.storage.buffer.disk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How fast something grows, over the last ten seconds. Written by one thread.
 */
final class Growth {

	private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

	private final Deque<Sample> samples = new ArrayDeque<>();

	private volatile double perSecond;

	void add(long value) {
		long now = System.nanoTime();
		this.samples.addLast(new Sample(now, value));
		while (now - this.samples.getFirst().nanos() > WINDOW_NANOS) {
			this.samples.removeFirst();
		}
		Sample first = this.samples.getFirst();
		long nanos = now - first.nanos();
		this.perSecond = (nanos > 0) ? (value - first.value()) * 1e9 / nanos : 0;
	}

	double perSecond() {
		return this.perSecond;
	}

	private record Sample(long nanos, long value) {
	}

}
