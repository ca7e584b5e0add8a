package io.observatory.storage.sample.pages.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

import io.observatory.storage.sample.pages.TimeRange;

/**
 * The buckets of time of a chart: those of the range, or several of them combined if the
 * points are further apart.
 *
 * @param starts the start of each
 * @param step how long each is
 * @param end the end of the range, which may lie within the last
 */
record TimeBuckets(List<Instant> starts, Duration step, Instant end) {

	static TimeBuckets of(TimeRange range, Duration apart) {
		List<Instant> all = range.buckets();
		long together = Math.max(1, ceilDiv(apart.toMillis(), range.step().toMillis()));
		return new TimeBuckets(LongStream.range(0, ceilDiv(all.size(), together))
			.mapToObj((i) -> all.get((int) (i * together)))
			.toList(), range.step().multipliedBy(together), range.to());
	}

	private static long ceilDiv(long a, long b) {
		return -Math.floorDiv(-a, b);
	}

	/**
	 * Returns the bucket of a time; less than 0 or too large if it is in none.
	 */
	int indexOf(Instant time) {
		long millis = Duration.between(this.starts.get(0), time).toMillis();
		return (int) Math.max(-1, Math.min(Math.floorDiv(millis, this.step.toMillis()), this.starts.size()));
	}

	/**
	 * How many seconds of a bucket are in the range.
	 */
	double seconds(int bucket) {
		Instant start = this.starts.get(bucket);
		Instant next = start.plus(this.step);
		return seconds(start, next.isBefore(this.end) ? next : this.end);
	}

	/**
	 * Visits the buckets that a period overlaps, with the share of it in each.
	 */
	void spread(Instant from, Instant to, Share share) {
		if (!from.isBefore(to)) {
			share(indexOf(from), 1, share);
			return;
		}
		double length = seconds(from, to);
		int last = Math.min(indexOf(to), this.starts.size() - 1);
		for (int i = Math.max(0, indexOf(from)); i <= last; i++) {
			Instant start = this.starts.get(i);
			Instant next = start.plus(this.step);
			double overlap = seconds(start.isAfter(from) ? start : from, next.isBefore(to) ? next : to);
			if (overlap > 0) {
				share(i, overlap / length, share);
			}
		}
	}

	private void share(int bucket, double part, Share share) {
		if (bucket >= 0 && bucket < this.starts.size()) {
			share.of(bucket, part);
		}
	}

	static double seconds(Instant from, Instant to) {
		return Duration.between(from, to).toNanos() / 1e9;
	}

	/** Receives a bucket, and the share of a period in it. */
	@FunctionalInterface
	interface Share {

		void of(int bucket, double part);

	}

}
