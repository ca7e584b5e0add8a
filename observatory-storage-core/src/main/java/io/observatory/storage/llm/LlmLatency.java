package io.observatory.storage.llm;

import java.time.Duration;
import java.time.Instant;

import io.observatory.storage.model.Check;
import org.jspecify.annotations.Nullable;

/**
 * When a call was made and how long it took. The span's start, end and duration are taken
 * from here, in microseconds. {@code toString()} shows nothing of it.
 *
 * @param total how long the call took, best from a monotonic clock: it need not be end
 * minus start; not negative
 * @param timeToFirstToken how long the first token of a streamed answer took, or null;
 * not negative
 * @param start when the call was made
 * @param end when it was done
 */
public record LlmLatency(Duration total, @Nullable Duration timeToFirstToken, Instant start, Instant end) {

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a duration is negative, naming it
	 * @throws NullPointerException when a required field is null, naming it
	 */
	public LlmLatency {
		Check.notNegative(Check.required(total, "LlmLatency", "total"), "LlmLatency", "total");
		Check.notNegative(timeToFirstToken, "LlmLatency", "timeToFirstToken");
		Check.required(start, "LlmLatency", "start");
		Check.required(end, "LlmLatency", "end");
	}

	/** Returns the latency of a call that ended at start + total. */
	public static LlmLatency of(Instant start, Duration total) {
		return of(start, total, null, null);
	}

	/**
	 * Returns the latency of a call.
	 * @param start when it was made
	 * @param total how long it took
	 * @param timeToFirstToken how long the first token took, or null
	 * @param end when it was done, or null for start + total
	 */
	public static LlmLatency of(Instant start, Duration total, @Nullable Duration timeToFirstToken,
			@Nullable Instant end) {
		Check.required(start, "LlmLatency", "start");
		Check.required(total, "LlmLatency", "total");
		return new LlmLatency(total, timeToFirstToken, start, (end != null) ? end : start.plus(total));
	}

	/**
	 * Returns the latency of a call that took from start to end.
	 * @throws IllegalArgumentException when it ended before it started
	 */
	public static LlmLatency between(Instant start, Instant end) {
		Check.required(start, "LlmLatency", "start");
		Check.required(end, "LlmLatency", "end");
		return new LlmLatency(Duration.between(start, end), null, start, end);
	}

	/** Returns this latency with the time that the first token took. */
	public LlmLatency withTimeToFirstToken(@Nullable Duration timeToFirstToken) {
		return new LlmLatency(this.total, timeToFirstToken, this.start, this.end);
	}

	@Override
	public String toString() {
		return "LlmLatency";
	}

}
