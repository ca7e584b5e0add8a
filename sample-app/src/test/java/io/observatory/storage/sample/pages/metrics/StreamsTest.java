package io.observatory.storage.sample.pages.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.sample.pages.Chart;
import io.observatory.storage.sample.pages.TimeRange;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Counters and histograms of several pods and scopes, that say their points as deltas or
 * cumulated, with resets, with and without a start, and out of step: what the page shows
 * of them is what a plain computation over what they did comes to.
 */
class StreamsTest {

	private static final Instant BEGIN = Instant.parse("2026-11-28T10:00:00Z");

	static final TimeRange HOUR = new TimeRange(BEGIN, BEGIN.plus(Duration.ofHours(1)), null);

	private static final Instant READ_FROM = BEGIN.minus(Duration.ofMinutes(5));

	/** Each process does the same all the time. */
	@Property(tries = 300)
	void ratesAreThoseOfAPlainComputation(@ForAll("processes") List<Process> processes) {
		assertRates(chart("counter", processes, Process::points, null), processes);
	}

	static void assertRates(Chart chart, List<Process> processes) {
		assertRates(chart.series().isEmpty() ? null : chart.series().get(0).values(), processes);
	}

	/** With what tells them apart as what is split by, none has anything of another. */
	@Property(tries = 100)
	void noStreamHasAnythingOfAnother(@ForAll("processes") List<Process> processes) {
		Chart chart = chart("counter", processes, Process::points, "pod");
		for (Chart.Series line : chart.series()) {
			assertRates(line.values(),
					processes.stream().filter((process) -> process.pod().equals(line.name())).toList());
		}
	}

	@Property(tries = 200)
	void quantilesAreThoseOfAllValuesThatCame(@ForAll("processes") List<Process> processes) {
		assertQuantiles(chart("histogram", processes, Process::histograms, null), processes);
	}

	static void assertQuantiles(Chart chart, List<Process> processes) {
		for (int bucket = 0; bucket < 60; bucket++) {
			double below = came(processes, bucket, (process, from) -> process.perSecond * process.share);
			double all = came(processes, bucket, (process, from) -> process.perSecond);
			Double median = value(chart, "p50", bucket);
			if (all < 1e-9) {
				assertThat(median).isNull();
			}
			else {
				double plain = (below >= all / 2) ? all / 2 / below : 1 + (all / 2 - below) / (all - below);
				assertThat(median).as("bucket %d", bucket).isCloseTo(plain, within(1e-6));
				assertThat(value(chart, "Mean", bucket)).isCloseTo(3, within(1e-6));
			}
		}
	}

	private static @Nullable Double value(Chart chart, String name, int bucket) {
		for (Chart.Series line : chart.series()) {
			if (line.name().equals(name)) {
				return line.values().get(bucket);
			}
		}
		return null;
	}

	private static Chart chart(String type, List<Process> processes, Function<Process, List<Point>> points,
			@Nullable String by) {
		List<Point> newestFirst = processes.stream()
			.flatMap((process) -> points.apply(process).stream())
			.sorted(Comparator.comparing(Point::time).reversed())
			.toList();
		MetricInfo metric = new MetricInfo(new UUID(0, 1), "requests", "shop", type, null, null, null, null);
		return MetricCharts.of(metric, newestFirst, READ_FROM, HOUR, by).get(0);
	}

	/** What came in a bucket of time, over what of it is covered. */
	private static void assertRates(@Nullable List<@Nullable Double> rates, List<Process> processes) {
		for (int bucket = 0; bucket < 60; bucket++) {
			double seconds = covered(processes, bucket);
			Double rate = (rates != null) ? rates.get(bucket) : null;
			if (seconds == 0) {
				assertThat(rate).as("bucket %d", bucket).isNull();
			}
			else {
				double came = came(processes, bucket, (process, from) -> process.perSecond);
				assertThat(rate).as("bucket %d", bucket).isCloseTo(came / seconds, within(1e-6));
			}
		}
	}

	private static double came(List<Process> processes, int bucket, ToDoubleBiFunction<Process, Integer> perSecond) {
		return IntStream.range(60 * bucket, 60 * bucket + 60)
			.mapToDouble((second) -> processes.stream()
				.filter((process) -> process.isKnown(second))
				.mapToDouble((process) -> perSecond.applyAsDouble(process, second))
				.sum())
			.sum();
	}

	/** A delta tells all of its bucket; a cumulative one no more than it covers. */
	private static double covered(List<Process> processes, int bucket) {
		boolean delta = IntStream.range(60 * bucket, 60 * bucket + 60)
			.anyMatch((second) -> processes.stream().anyMatch((one) -> one.delta && one.isKnown(second)));
		return delta ? 60
				: IntStream.range(60 * bucket, 60 * bucket + 60)
					.filter((second) -> processes.stream().anyMatch((one) -> one.isKnown(second)))
					.count();
	}

	/** All read once a minute, each at its own second; that is also how they end. */
	@Provide
	static Arbitrary<List<Process>> processes() {
		Arbitrary<Integer> minutes = Arbitraries.integers().between(-4, 50);
		return Combinators
			.combine(Arbitraries.of("a", "b", "c"), Arbitraries.of("x", "y"), minutes,
					Arbitraries.integers().between(3, 64), Arbitraries.of(0, 7, 30), Arbitraries.of(0.5, 2.0, 10.0),
					Arbitraries.of(true, false), Arbitraries.of(Start.values()))
			.as((pod, scope, from, length, offset, perSecond, delta, start) -> new Process(UUID.randomUUID(), pod,
					scope, from * 60 + offset, Math.min(60, from + length) * 60, perSecond, 0.25, delta, start))
			.list()
			.ofMinSize(1)
			.ofMaxSize(4)
			.map(StreamsTest::inStep);
	}

	/**
	 * Cumulative ones end together: what only some of them know of their last interval is
	 * another test's.
	 */
	private static List<Process> inStep(List<Process> processes) {
		List<Process> aligned = new ArrayList<>();
		for (Process process : processes) {
			aligned.add(process.ofWholeMinutes());
		}
		return aligned;
	}

	/** What a process says of its start. */
	enum Start {

		KNOWN, NONE, FIRST_POINT

	}

	/**
	 * A process that counts evenly.
	 *
	 * @param first second of its first point, from the beginning of the hour
	 * @param last second of its last
	 * @param share the part of its values from 0 to 1; the others are from 1 to 2
	 */
	record Process(UUID stream, String pod, String scope, int first, int last, double perSecond, double share,
			boolean delta, Start start) {

		private Process ofWholeMinutes() {
			int begin = Math.floorDiv(this.first, 60) * 60;
			return new Process(this.stream, this.pod, this.scope, begin, Math.max(begin + 120, this.last),
					this.perSecond, this.share, this.delta, this.start);
		}

		/** The first point of a cumulative one adds nothing unless its start is known. */
		boolean isKnown(int second) {
			boolean counts = this.delta || this.start == Start.KNOWN;
			return second >= (counts ? this.first - 60 : this.first) && second < this.last && second >= -240;
		}

		PointSeries series(int second) {
			Instant start = switch (this.start) {
				case KNOWN -> at(this.delta ? second - 60 : this.first - 60);
				case FIRST_POINT -> at(this.delta ? second : this.first);
				case NONE -> null;
			};
			return new PointSeries(this.stream, Map.of("pod", this.pod, "otel.scope.name", this.scope),
					this.delta ? "delta" : "cumulative", start);
		}

		private static Instant at(int second) {
			return BEGIN.plusSeconds(second);
		}

		/**
		 * Before it was seen first it may have counted anything, and it may begin anew.
		 */
		private double total(int second) {
			if (this.delta) {
				return 60 * this.perSecond;
			}
			double before = (this.start == Start.KNOWN) ? 60 * this.perSecond : 1e6;
			return before + (second - this.first) * this.perSecond;
		}

		List<Point> points() {
			List<Point> points = new ArrayList<>();
			for (int second = this.first; second <= this.last; second += 60) {
				points.add(Point.ofValue(series(second), at(second), total(second)));
			}
			return points;
		}

		List<Point> histograms() {
			List<Point> points = new ArrayList<>();
			for (int second = this.first; second <= this.last; second += 60) {
				double count = 4 * total(second);
				long below = Math.round(count * this.share);
				points.add(new Point(series(second), at(second), null, Math.round(count), 3 * count, null, null,
						List.of(new Bucket(1, below), new Bucket(2, Math.round(count) - below),
								new Bucket(Double.POSITIVE_INFINITY, 0)),
						List.of()));
			}
			return points;
		}

	}

}
