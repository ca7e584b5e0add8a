package io.observatory.storage.bench;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * What follows from a record's number: the same in each run of a day, and no two alike.
 */
final class Numbers {

	/** Spans have numbers in a row within a trace. */
	static final int SPANS_PER_TRACE = 10;

	/** Midnight in UTC, so that all rows lie in today's partition. */
	static final Instant MIDNIGHT = Instant.now().truncatedTo(ChronoUnit.DAYS);

	private static final int STEP_MICROS = 10;

	private Numbers() {
	}

	static String traceId(long number) {
		return HexFormat.of().toHexDigits(mix(number) * 0xBF58476D1CE4E5B9L) + spanId(number);
	}

	static String spanId(long number) {
		return HexFormat.of().toHexDigits(mix(number));
	}

	static Instant time(long number) {
		return MIDNIGHT.plusNanos(number * STEP_MICROS * 1000);
	}

	/** Returns how many numbers have their times in a period. */
	static long numbersIn(Duration period) {
		return period.toMillis() * 1000 / STEP_MICROS;
	}

	static Instant later(Instant time, int millis) {
		return time.plus(Duration.ofMillis(millis));
	}

	/** Returns an SQL expression of the number that a time came from. */
	static String numberOf(String timeColumn) {
		return "(extract(epoch FROM %s - TIMESTAMPTZ '%s') * %d)::bigint".formatted(timeColumn, MIDNIGHT,
				1_000_000 / STEP_MICROS);
	}

	/** A bijection, so that ids are as random as real ones and yet never the same. */
	static long mix(long number) {
		long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
		return mixed ^ (mixed >>> 32);
	}

}
