package io.observatory.storage.sample.pages.metrics;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.observatory.storage.sample.pages.Chart;
import io.observatory.storage.sample.pages.Chart.Series;
import io.observatory.storage.sample.pages.Chart.Style;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

/**
 * Makes the charts of one metric: of a gauge its values, of a counter its rate, of a
 * histogram or summary its quantiles and how many values there were.
 */
final class MetricCharts {

	private static final double[] QUANTILES = { 0.5, 0.95, 0.99 };

	private static final String ALL = "";

	private final MetricInfo metric;

	private final MetricUnit unit;

	private final List<Point> points;

	private final TimeRange range;

	private final Duration interval;

	private final TimeBuckets buckets;

	private final @Nullable String by;

	private MetricCharts(MetricInfo metric, List<Point> points, TimeRange range, @Nullable String by) {
		this.metric = metric;
		this.unit = MetricUnit.of(metric.unit());
		this.points = points;
		this.range = range;
		this.interval = interval(points, range);
		this.buckets = TimeBuckets.of(range, this.interval);
		this.by = by;
	}

	/**
	 * The charts of a metric.
	 * @param readFrom since when all points are there
	 * @param by the attribute to split by; null for none
	 */
	static List<Chart> of(MetricInfo metric, List<Point> points, Instant readFrom, TimeRange range,
			@Nullable String by) {
		MetricCharts charts = new MetricCharts(metric, points, range, by);
		boolean summary = metric.type().equals("summary");
		boolean changes = points.stream().anyMatch((point) -> point.series().isDelta());
		if (metric.type().equals("gauge") && !changes) {
			return List.of(charts.gauge());
		}
		List<Change> found = Changes.of(points, readFrom, charts.interval, summary);
		if (!summary && !metric.type().equals("histogram")) {
			return List.of(charts.rate(found, "Per second"));
		}
		return List.of(summary ? charts.summary(found) : charts.histogram(found),
				charts.rate(found, "Values per second"));
	}

	/**
	 * How far apart the points of a series are: the median.
	 */
	private static Duration interval(List<Point> points, TimeRange range) {
		Map<PointSeries, Instant> newer = new HashMap<>();
		List<Duration> gaps = new ArrayList<>();
		points.forEach((point) -> {
			Instant next = newer.put(point.series().ofAnyStart(), point.time());
			if (next != null) {
				gaps.add(Duration.between(point.time(), next).abs());
			}
		});
		if (gaps.isEmpty()) {
			return Duration.ZERO;
		}
		gaps.sort(null);
		Duration median = gaps.get(gaps.size() / 2);
		Duration longest = range.length().dividedBy(6);
		return (median.compareTo(longest) < 0) ? median : longest;
	}

	private Chart gauge() {
		Map<String, List<Point>> groups = grouped(
				this.points.stream().filter((point) -> point.value() != null && isInRange(point)).toList(),
				Point::series, (point) -> (point.value() != null) ? Math.abs(point.value()) : 0);
		if (this.by == null) {
			Lines lines = new Lines();
			List<Point> all = groups.getOrDefault(ALL, List.of());
			lines.add("Average", null, gauge(all, Stats::average));
			lines.add("Smallest", null, gauge(all, Stats::min));
			lines.add("Largest", null, gauge(all, Stats::max));
			return lines.chart("Values");
		}
		Lines lines = new Lines();
		groups.forEach((label, own) -> lines.add(label, gauge(own, Stats::average)));
		return lines.chart("Average by " + this.by);
	}

	private boolean isInRange(Point point) {
		return !point.time().isBefore(this.range.from()) && point.time().isBefore(this.range.to());
	}

	private @Nullable Double[] gauge(List<Point> own, Function<Stats, Double> statistic) {
		Stats[] stats = new Stats[size()];
		own.forEach((point) -> {
			int bucket = this.buckets.indexOf(point.time());
			if (point.value() != null && Double.isFinite(point.value()) && bucket >= 0 && bucket < stats.length) {
				Stats one = Stats.of(point.value());
				stats[bucket] = (stats[bucket] != null) ? stats[bucket].plus(one) : one;
			}
		});
		return values((i) -> (stats[i] != null) ? this.unit.scale(statistic.apply(stats[i])) : null);
	}

	private Chart rate(List<Change> changes, String title) {
		Chart.Unit shown = (this.unit == MetricUnit.BYTES && this.metric.type().equals("counter")) ? Chart.Unit.BYTES
				: Chart.Unit.NUMBER;
		Lines lines = new Lines();
		grouped(changes, Change::series, Change::amount)
			.forEach((label, own) -> lines.add((this.by != null) ? label : title, rate(own)));
		return lines.chart((this.by != null) ? title + " by " + this.by : title, shown);
	}

	private @Nullable Double[] rate(List<Change> own) {
		RateLine line = new RateLine(this.buckets, own);
		return values(line::rate);
	}

	private Chart histogram(List<Change> changes) {
		Map<String, List<Change>> groups = grouped(changes, Change::series, Change::amount);
		Lines lines = new Lines();
		if (this.by == null) {
			Distributions all = new Distributions(this.buckets, groups.getOrDefault(ALL, List.of()));
			for (double quantile : QUANTILES) {
				lines.add(name(quantile), null, values((i) -> this.unit.scale(all.quantile(i, quantile))));
			}
			lines.add("Mean", "muted", values((i) -> this.unit.scale(all.mean(i))));
			return lines.chart("Quantiles and mean");
		}
		groups.forEach((label, own) -> {
			Distributions distributions = new Distributions(this.buckets, own);
			lines.add(label, values((i) -> this.unit.scale(distributions.quantile(i, 0.95))));
		});
		return lines.chart("p95 by " + this.by);
	}

	/** Quantiles of several series cannot be combined, so the highest is shown. */
	private Chart summary(List<Change> changes) {
		Map<String, List<Change>> groups = grouped(changes, Change::series, Change::amount);
		Lines lines = new Lines();
		if (this.by == null) {
			reported().forEach((name, values) -> lines.add(name, null, values));
			Distributions all = new Distributions(this.buckets, groups.getOrDefault(ALL, List.of()));
			lines.add("Mean", "muted", values((i) -> this.unit.scale(all.mean(i))));
			return lines.chart("Mean, and the highest quantiles and maximum of any series");
		}
		groups.forEach((label, own) -> {
			Distributions distributions = new Distributions(this.buckets, own);
			lines.add(label, values((i) -> this.unit.scale(distributions.mean(i))));
		});
		return lines.chart("Mean by " + this.by);
	}

	private Map<String, @Nullable Double[]> reported() {
		Map<String, @Nullable Double[]> highest = new TreeMap<>();
		this.points.stream().filter(this::isInRange).forEach((point) -> {
			point.quantiles().forEach((quantile) -> raise(highest, name(quantile.quantile()), point, quantile.value()));
			if (point.max() != null) {
				raise(highest, "Maximum", point, point.max());
			}
		});
		return highest;
	}

	private void raise(Map<String, @Nullable Double[]> highest, String name, Point point, double value) {
		@Nullable Double[] values = highest.computeIfAbsent(name, (key) -> new Double[size()]);
		int bucket = this.buckets.indexOf(point.time());
		Double scaled = this.unit.scale(value);
		if (scaled != null && bucket >= 0 && bucket < values.length) {
			Double before = values[bucket];
			values[bucket] = (before != null) ? Math.max(before, scaled) : scaled;
		}
	}

	/** A sender may call any number a quantile, or NaN. */
	private static String name(double quantile) {
		if (!Double.isFinite(quantile)) {
			return "p(" + quantile + ")";
		}
		String percent = BigDecimal.valueOf(quantile).movePointRight(2).stripTrailingZeros().toPlainString();
		return "p" + percent;
	}

	private int size() {
		return this.buckets.starts().size();
	}

	private @Nullable Double[] values(IntFunction<@Nullable Double> value) {
		return IntStream.range(0, size()).mapToObj(value).toArray(Double[]::new);
	}

	/**
	 * Groups things by the attribute: the groups with the greatest weight, and all others
	 * in one.
	 */
	private <T> Map<String, List<T>> grouped(Collection<T> things, Function<T, PointSeries> series,
			ToDoubleFunction<T> weight) {
		return Groups.of(things, (thing) -> label(series.apply(thing)), weight);
	}

	private String label(PointSeries series) {
		return (this.by != null) ? series.attributes().getOrDefault(this.by, Groups.NONE) : ALL;
	}

	/** The lines of a chart that is being made. */
	private final class Lines {

		private final List<Series> series = new ArrayList<>();

		void add(String name, @Nullable Double[] values) {
			add(name, name.startsWith(Groups.OTHERS) ? "muted" : null, values);
		}

		void add(String name, @Nullable String tone, @Nullable Double[] values) {
			Arrays.setAll(values, (i) -> (values[i] != null && Double.isFinite(values[i])) ? values[i] : null);
			if (Arrays.stream(values).anyMatch((value) -> value != null)) {
				this.series.add(new Series(name, tone, Arrays.asList(values)));
			}
		}

		Chart chart(String title) {
			return chart(title, MetricCharts.this.unit.shown());
		}

		Chart chart(String title, Chart.Unit shown) {
			return new Chart(title, shown, Style.LINES, MetricCharts.this.buckets.starts(), this.series);
		}

	}

	/** The gauge's values of one bucket. */
	private record Stats(double sum, long count, double min, double max) {

		static Stats of(double value) {
			return new Stats(value, 1, value, value);
		}

		Stats plus(Stats other) {
			return new Stats(this.sum + other.sum, this.count + other.count, Math.min(this.min, other.min),
					Math.max(this.max, other.max));
		}

		double average() {
			return this.sum / this.count;
		}

	}

}
