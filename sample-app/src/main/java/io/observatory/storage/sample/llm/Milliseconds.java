package io.observatory.storage.sample.llm;

import java.time.Duration;

/**
 * Durations in milliseconds, with a fraction.
 */
final class Milliseconds {

	private static final double NANOS = 1_000_000;

	/** A hundred years. More is a mistake, and nanoseconds would soon overflow a long. */
	private static final double MAX = Duration.ofDays(36_500).toMillis();

	private Milliseconds() {
	}

	static Duration toDuration(double milliseconds, String field) {
		if (!(milliseconds >= 0 && milliseconds <= MAX)) {
			throw new IllegalArgumentException(field + " must be a number of milliseconds from 0 to 100 years");
		}
		return Duration.ofNanos(Math.round(milliseconds * NANOS));
	}

}
