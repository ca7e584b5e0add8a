package io.observatory.storage.sample.pages.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The rate of counters, in each bucket of time. An increase counts evenly over its
 * period. While a cumulative counter reports nothing, its increase is unknown, so the
 * rate is that of the time which is covered. A delta covers its whole bucket.
 * <p>
 * Counters are read at different times. At both ends, some reach a part of an interval
 * further than others; the time that only these cover is left out.
 */
final class RateLine {

	private final TimeBuckets buckets;

	private final double[] amounts;

	private final double[] covered;

	private final boolean[] deltas;

	RateLine(TimeBuckets buckets, List<Change> changes) {
		this.buckets = buckets;
		this.amounts = new double[buckets.starts().size()];
		this.covered = new double[this.amounts.length];
		this.deltas = new boolean[this.amounts.length];
		changes.stream().filter((change) -> !change.series().isCumulative()).forEach(this::addDelta);
		List<Change> cumulative = changes.stream().filter((change) -> change.series().isCumulative()).toList();
		if (!cumulative.isEmpty()) {
			addCumulative(cumulative, Known.of(cumulative));
		}
	}

	private void addDelta(Change change) {
		this.buckets.spread(change.from(), change.to(), (bucket, part) -> {
			this.amounts[bucket] += change.amount() * part;
			this.deltas[bucket] = true;
		});
	}

	private void addCumulative(List<Change> changes, Known known) {
		List<Change> byStart = new ArrayList<>(changes);
		byStart.sort(Comparator.comparing(Change::from));
		Instant reached = known.from();
		for (Change change : byStart) {
			Instant from = later(change.from(), known.from());
			Instant to = earlier(change.to(), known.to());
			if (from.isBefore(to)) {
				double part = TimeBuckets.seconds(from, to) / TimeBuckets.seconds(change.from(), change.to());
				this.buckets.spread(from, to,
						(bucket, share) -> this.amounts[bucket] += change.amount() * part * share);
				cover(later(from, reached), to);
				reached = later(reached, to);
			}
		}
	}

	private void cover(Instant from, Instant to) {
		if (from.isBefore(to)) {
			double seconds = TimeBuckets.seconds(from, to);
			this.buckets.spread(from, to, (bucket, share) -> this.covered[bucket] += seconds * share);
		}
	}

	/**
	 * The rate in a bucket; null if nothing is known.
	 */
	@Nullable Double rate(int bucket) {
		double seconds = this.deltas[bucket] ? this.buckets.seconds(bucket) : this.covered[bucket];
		return (seconds > 0) ? (Double) (this.amounts[bucket] / seconds) : null;
	}

	private static Instant earlier(Instant a, Instant b) {
		return a.isBefore(b) ? a : b;
	}

	private static Instant later(Instant a, Instant b) {
		return a.isAfter(b) ? a : b;
	}

	/**
	 * The time that is covered by all counters with points at its ends.
	 */
	private record Known(Instant from, Instant to) {

		static Known of(List<Change> changes) {
			Map<PointSeries, Change> first = new HashMap<>();
			Map<PointSeries, Change> last = new HashMap<>();
			for (Change change : changes) {
				PointSeries series = change.series().ofAnyStart();
				first.merge(series, change, (a, b) -> a.from().isAfter(b.from()) ? b : a);
				last.merge(series, change, (a, b) -> a.to().isBefore(b.to()) ? b : a);
			}
			Instant begin = first.values().stream().map(Change::from).min(Comparator.naturalOrder()).orElseThrow();
			Instant end = last.values().stream().map(Change::to).max(Comparator.naturalOrder()).orElseThrow();
			Instant from = first.values()
				.stream()
				.filter((change) -> !change.isFromStart() && isNear(begin, change.from(), change))
				.map(Change::from)
				.max(Comparator.naturalOrder())
				.orElse(begin);
			Instant to = last.values()
				.stream()
				.filter((change) -> isNear(change.to(), end, change))
				.map(Change::to)
				.min(Comparator.naturalOrder())
				.orElse(end);
			return from.isBefore(to) ? new Known(from, to) : new Known(begin, end);
		}

		/** Within an interval; a counter that is a whole interval behind has ended. */
		private static boolean isNear(Instant a, Instant b, Change change) {
			return Duration.between(a, b).compareTo(Duration.between(change.from(), change.to())) < 0;
		}

	}

}
