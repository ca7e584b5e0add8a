package io.observatory.storage.sample.pages.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.sample.pages.metrics.Distribution.Segment;
import org.jspecify.annotations.Nullable;

/**
 * Computes the increases of a counter or histogram between its points.
 * <p>
 * The increase of a delta point is its value. For cumulative points it is the difference
 * to the previous point of the same series. If the value became smaller, the counter was
 * reset, and the whole value is new. The first point of a series that began within the
 * time that was read is new as a whole, too. In any other series, it is only the value
 * from which the next point counts. A series whose start is its first point does not know
 * when it began (OpenTelemetry metrics data model, "Cumulative streams: handling unknown
 * start time").
 */
final class Changes {

	private final Instant readFrom;

	private final Duration interval;

	private final List<Change> changes = new ArrayList<>();

	private Changes(Instant readFrom, Duration interval) {
		this.readFrom = readFrom;
		this.interval = interval;
	}

	/**
	 * Returns the increases of points, in no particular order.
	 * @param points the points
	 * @param readFrom the time since which all points were read
	 * @param interval the period of a delta point without a start
	 * @param cumulativeUnlessSaid the temporality of points without one
	 */
	static List<Change> of(List<Point> points, Instant readFrom, Duration interval, boolean cumulativeUnlessSaid) {
		Changes changes = new Changes(readFrom, interval);
		Map<PointSeries, List<Point>> cumulative = new LinkedHashMap<>();
		for (Point point : points) {
			PointSeries series = point.series();
			if (total(point) == null) {
				continue;
			}
			if (series.isCumulative() || (cumulativeUnlessSaid && !series.isDelta())) {
				cumulative.computeIfAbsent(series, (key) -> new ArrayList<>()).add(point);
			}
			else {
				changes.addDelta(point);
			}
		}
		cumulative.values().forEach(changes::addCumulative);
		return changes.changes;
	}

	private static @Nullable Double total(Point point) {
		if (point.value() != null) {
			return Double.isFinite(point.value()) ? point.value() : null;
		}
		return (point.count() != null) ? point.count().doubleValue() : null;
	}

	private void addDelta(Point point) {
		Instant start = start(point);
		add(point, (start != null) ? start : point.time().minus(this.interval), null);
	}

	private void addCumulative(List<Point> points) {
		points.sort(Comparator.comparing(Point::time));
		Point last = null;
		for (Point point : points) {
			if (last == null) {
				Instant start = start(point);
				if (start != null && !start.isBefore(this.readFrom)) {
					add(point, start, null);
				}
			}
			else if (point.time().isAfter(last.time())) {
				addSince(last, point);
			}
			last = point;
		}
	}

	private static @Nullable Instant start(Point point) {
		Instant start = point.series().start();
		return (start != null && start.isBefore(point.time())) ? start : null;
	}

	/** A value below zero did not begin at zero. */
	private void addSince(Point last, Point point) {
		if (!isReset(last, point)) {
			add(point, last.time(), last);
		}
		else if (zeroIfNull(total(point)) >= 0) {
			add(point, last.time(), null);
		}
	}

	private static boolean isReset(Point last, Point point) {
		Double before = total(last);
		Double now = total(point);
		return before != null && now != null && now < before;
	}

	/** Adds the difference of a point to the previous one, or its whole value. */
	private void add(Point point, Instant from, @Nullable Point last) {
		double amount = zeroIfNull(total(point)) - ((last != null) ? zeroIfNull(total(last)) : 0);
		Instant begin = from.isBefore(point.time()) ? from : point.time();
		this.changes.add(new Change(point.series(), begin, point.time(), last == null, amount, sum(point, last),
				values(point, last, amount)));
	}

	private static @Nullable Double sum(Point point, @Nullable Point last) {
		Double sum = point.sum();
		Double before = (last != null) ? last.sum() : Double.valueOf(0);
		return (sum != null && before != null && Double.isFinite(sum - before)) ? (Double) (sum - before) : null;
	}

	private static double zeroIfNull(@Nullable Double number) {
		return (number != null) ? number : 0;
	}

	/**
	 * The values of the buckets. Values above the last finite boundary count as equal to
	 * it, or as reaching to the largest value if that is known for this period alone, as
	 * in a delta.
	 */
	private static Map<Segment, Double> values(Point point, @Nullable Point last, double amount) {
		List<Bucket> buckets = point.buckets();
		if (buckets.isEmpty()) {
			return Map.of();
		}
		Double min = point.series().isCumulative() ? null : point.min();
		Double max = point.series().isCumulative() ? null : point.max();
		Map<Segment, Double> values = new HashMap<>();
		double lower = Double.NEGATIVE_INFINITY;
		double counted = 0;
		for (Bucket bucket : buckets) {
			double count = Math.max(0,
					bucket.count() - ((last != null) ? between(last.buckets(), lower, bucket.boundary()) : 0));
			if (count > 0 && isKnown(lower, bucket.boundary(), min, max)) {
				values.merge(segment(lower, bucket.boundary(), min, max), count, Double::sum);
			}
			counted += count;
			lower = bucket.boundary();
		}
		if (Double.isFinite(lower) && amount > counted) {
			values.merge(segment(lower, Double.POSITIVE_INFINITY, min, max), amount - counted, Double::sum);
		}
		return values;
	}

	/** The only bucket of a histogram says nothing about the size of values. */
	private static boolean isKnown(double lower, double upper, @Nullable Double min, @Nullable Double max) {
		return Double.isFinite(lower) || Double.isFinite(upper) || (isFinite(min) && isFinite(max));
	}

	private static boolean isFinite(@Nullable Double number) {
		return number != null && Double.isFinite(number);
	}

	/**
	 * Returns how many values were above one boundary and not above another. An
	 * exponential histogram may have become coarser; its boundaries are then a subset of
	 * the earlier ones.
	 */
	private static double between(List<Bucket> buckets, double above, double upTo) {
		double count = 0;
		for (Bucket bucket : buckets) {
			if (bucket.boundary() > above && bucket.boundary() <= upTo) {
				count += bucket.count();
			}
		}
		return count;
	}

	private static Segment segment(double above, double upTo, @Nullable Double min, @Nullable Double max) {
		double lower = above;
		double upper = upTo;
		if (lower == Double.NEGATIVE_INFINITY) {
			lower = (min != null && Double.isFinite(min) && min < upper) ? min : Math.min(0, upper);
		}
		if (upper == Double.POSITIVE_INFINITY) {
			upper = (max != null && Double.isFinite(max) && max > lower) ? max : lower;
		}
		return new Segment(lower, upper);
	}

}
