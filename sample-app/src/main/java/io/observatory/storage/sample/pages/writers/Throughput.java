package io.observatory.storage.sample.pages.writers;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.observatory.storage.stats.WriteStats;
import org.jspecify.annotations.Nullable;

/**
 * The rows a second that a writer stored or put into dead letters, between two views of
 * the page. The last {@value #MAX_SAMPLES} are kept. Thread-safe.
 */
final class Throughput {

	static final int MAX_SAMPLES = 60;

	/** Two views at the same time make one sample. */
	private static final long MIN_NANOS = 1_500_000_000L;

	private final AtomicReference<State> state = new AtomicReference<>(new State(null, List.of()));

	/**
	 * Takes a reading.
	 * @return the rows a second, oldest first
	 */
	List<Double> read(WriteStats stats, long nanos) {
		Reading reading = new Reading(nanos, stats.stored() + stats.deadLettered());
		return this.state.updateAndGet((last) -> last.next(reading)).samples();
	}

	private record Reading(long nanos, long settled) {
	}

	private record State(@Nullable Reading last, List<Double> samples) {

		State next(Reading reading) {
			if (this.last == null) {
				return new State(reading, this.samples);
			}
			long nanos = reading.nanos() - this.last.nanos();
			if (nanos < MIN_NANOS) {
				return this;
			}
			double rate = (reading.settled() - this.last.settled()) * 1e9 / nanos;
			List<Double> kept = this.samples.subList(Math.max(0, this.samples.size() - MAX_SAMPLES + 1),
					this.samples.size());
			return new State(reading, Stream.concat(kept.stream(), Stream.of(Math.max(0, rate))).toList());
		}

	}

}
