package io.observatory.storage.upkeep;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How long records are kept; null means for ever.
 *
 * @param traces traces with their spans, from the newest end of any of them on, and trace
 * events and scores, from their own time on
 * @param logs log records
 * @param metrics data points; a metric itself stays, as a writer may have told it once
 * and for all
 * @param deadLetters rows that PostgreSQL refused, since they were put aside
 */
public record RetentionPeriods(@Nullable Duration traces, @Nullable Duration logs, @Nullable Duration metrics,
		@Nullable Duration deadLetters) {

	/** The shortest period, and the longest. */
	public static final Duration MIN = Duration.ofDays(1);

	public static final Duration MAX = Duration.ofDays(36_500);

	public RetentionPeriods {
		check(traces, "traces");
		check(logs, "logs");
		check(metrics, "metrics");
		check(deadLetters, "deadLetters");
	}

	/** Returns whether anything is to be removed some time. */
	public boolean isAnySet() {
		return this.traces != null || this.logs != null || this.metrics != null || this.deadLetters != null;
	}

	private static void check(@Nullable Duration period, String name) {
		if (period != null && !isValid(period)) {
			throw new IllegalArgumentException(name + " must lie between 1 and " + MAX.toDays() + " days");
		}
	}

	/** Returns whether a period is neither too short nor too long. */
	public static boolean isValid(Duration period) {
		return period.compareTo(MIN) >= 0 && period.compareTo(MAX) <= 0;
	}

}
