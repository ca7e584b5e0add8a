package io.observatory.storage.sample.pages.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.observatory.storage.sample.pages.Chart;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Rates of counters, over an hour in buckets of a minute.
 */
class RatesTest {

	private static final Instant BEGIN = Instant.parse("2026-11-27T10:00:00Z");

	private static final TimeRange HOUR = new TimeRange(BEGIN, BEGIN.plus(Duration.ofHours(1)), null);

	private final List<Point> points = new ArrayList<>();

	private static Instant minute(double minute) {
		return BEGIN.plusMillis(Math.round(minute * 60_000));
	}

	private static PointSeries series(String instance, @Nullable String temporality, @Nullable Instant start) {
		return new PointSeries(new UUID(0, 1), Map.of("instance", instance), temporality, start);
	}

	private void add(PointSeries series, double minute, double value) {
		this.points.add(Point.ofValue(series, minute(minute), value));
	}

	private List<@Nullable Double> rates() {
		List<Chart> charts = charts(null);
		return charts.get(0).series().get(0).values();
	}

	private List<Chart> charts(@Nullable String by) {
		List<Point> newestFirst = this.points.stream().sorted((a, b) -> b.time().compareTo(a.time())).toList();
		MetricInfo counter = new MetricInfo(new UUID(0, 1), "requests", "shop", "counter", null, null, null, null);
		return MetricCharts.of(counter, newestFirst, BEGIN.minus(Duration.ofMinutes(5)), HOUR, by);
	}

	@Test
	void aCumulativeCounterGrowsByTheDifferenceOfItsPoints() {
		PointSeries series = series("a", "cumulative", BEGIN.minus(Duration.ofDays(1)));
		IntStream.rangeClosed(0, 60).forEach((minute) -> add(series, minute, 1000 + 120 * minute));
		assertThat(rates()).hasSize(60).allSatisfy((rate) -> assertThat(rate).isCloseTo(2, within(1e-9)));
	}

	@Test
	void pointsBetweenTheBucketsCountForBoth() {
		PointSeries series = series("a", "cumulative", null);
		IntStream.rangeClosed(-1, 60).forEach((minute) -> add(series, minute + 0.4, 60 * minute));
		assertThat(rates()).hasSize(60).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
	}

	@Test
	void theFirstPointOfACounterThatBeganLongAgoIsNoGrowth() {
		add(series("a", "cumulative", BEGIN.minus(Duration.ofDays(1))), 10, 1_000_000);
		assertThat(charts(null).get(0).isEmpty()).isTrue();
	}

	@Test
	void aCounterThatBeganInTheTimeCountsFromItsStart() {
		add(series("a", "cumulative", minute(10)), 11, 60);
		assertThat(rates().get(10)).isCloseTo(1, within(1e-9));
		assertThat(rates().stream().filter((rate) -> rate != null)).hasSize(1);
	}

	@Test
	void aRestartIsNoNegativeRate() {
		PointSeries before = series("a", "cumulative", BEGIN.minus(Duration.ofDays(1)));
		PointSeries after = series("a", "cumulative", minute(30));
		IntStream.rangeClosed(0, 30).forEach((minute) -> add(before, minute, 5000 + 60 * minute));
		IntStream.rangeClosed(31, 60).forEach((minute) -> add(after, minute, 60 * (minute - 30)));
		assertThat(rates()).hasSize(60).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
	}

	@Test
	void aResetWithoutAStartTimeCountsFromZero() {
		PointSeries series = series("a", "cumulative", null);
		IntStream.rangeClosed(0, 30).forEach((minute) -> add(series, minute, 5000 + 60 * minute));
		IntStream.rangeClosed(31, 60).forEach((minute) -> add(series, minute, 60 * (minute - 30)));
		assertThat(rates()).hasSize(60).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
	}

	@Test
	void whatWasCountedInAGapIsSpreadOverIt() {
		PointSeries series = series("a", "cumulative", null);
		IntStream.rangeClosed(0, 60)
			.filter((minute) -> minute <= 20 || minute >= 40)
			.forEach((minute) -> add(series, minute, 60 * minute));
		assertThat(rates()).hasSize(60).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
	}

	@Test
	void aCounterThatEndsHasNoRateAfterwards() {
		PointSeries series = series("a", "cumulative", null);
		IntStream.rangeClosed(0, 20).forEach((minute) -> add(series, minute, 60 * minute));
		assertThat(rates().get(19)).isCloseTo(1, within(1e-9));
		assertThat(rates().subList(20, 60)).containsOnlyNulls();
	}

	@Test
	void twoInstancesAddUpAndDoNotMix() {
		IntStream.rangeClosed(0, 60).forEach((minute) -> {
			add(series("a", "cumulative", null), minute, 1_000_000 + 60 * minute);
			add(series("b", "cumulative", null), minute, 120 * minute);
		});
		assertThat(rates()).hasSize(60).allSatisfy((rate) -> assertThat(rate).isCloseTo(3, within(1e-9)));
		assertThat(charts("instance").get(0).series()).extracting(Chart.Series::name).containsExactly("b", "a");
		assertThat(charts("instance").get(0).series().get(0).values())
			.allSatisfy((rate) -> assertThat(rate).isCloseTo(2, within(1e-9)));
	}

	/** At the ends of what is known one is ahead of the other. */
	@Test
	void countersThatAreReadOutOfStepAddUp() {
		for (int minute = 0; minute < 50; minute++) {
			add(series("a", "cumulative", null), minute + 5.2, 1_000_000 + 60 * minute);
			add(series("b", "cumulative", null), minute + 5.8, 120 * minute);
		}
		assertThat(rates().subList(5, 55)).allSatisfy((rate) -> assertThat(rate).isCloseTo(3, within(1e-9)));
	}

	@Test
	void whatTakesThePlaceOfAnotherAddsNothingOnTop() {
		PointSeries before = series("a", "cumulative", BEGIN.minus(Duration.ofDays(1)));
		IntStream.rangeClosed(0, 20).forEach((minute) -> add(before, minute + 0.5, 5000 + 60 * minute));
		PointSeries after = series("b", "cumulative", minute(20.5));
		IntStream.rangeClosed(21, 59).forEach((minute) -> add(after, minute + 0.5, 60 * (minute - 20)));
		assertThat(rates().subList(0, 60)).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
	}

	@Test
	void aCounterThatDoesNotKnowItsStartAddsNothingAtItsFirstPoint() {
		PointSeries series = series("a", "cumulative", minute(10));
		IntStream.rangeClosed(10, 60).forEach((minute) -> add(series, minute, 41_000_000 + 60 * (minute - 10)));
		assertThat(rates().subList(0, 10)).containsOnlyNulls();
		assertThat(rates().subList(10, 60)).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
	}

	@Test
	void whatIsBelowZeroAfterAResetAddsNothing() {
		PointSeries series = series("a", "cumulative", null);
		add(series, 0, 60);
		add(series, 1, -100);
		add(series, 2, -40);
		assertThat(rates().get(0)).isNull();
		assertThat(rates().get(1)).isCloseTo(1, within(1e-9));
	}

	@Test
	void deltasAddUp() {
		PointSeries series = series("a", "delta", null);
		IntStream.rangeClosed(1, 60).forEach((minute) -> add(series, minute, 180));
		assertThat(rates()).hasSize(60).allSatisfy((rate) -> assertThat(rate).isCloseTo(3, within(1e-9)));
	}

	@Test
	void aDeltaCountsOverTheTimeThatItSays() {
		add(series("a", "delta", minute(10)), 20, 600);
		assertThat(rates().subList(10, 20)).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
		assertThat(rates().subList(20, 60)).containsOnlyNulls();
	}

	@Test
	void eachValueOfACounterWithoutTemporalityCounts() {
		IntStream.range(0, 3600).forEach((second) -> add(series("a", null, null), second / 60.0, 7));
		assertThat(rates()).hasSize(60);
		assertThat(rates().subList(1, 59)).allSatisfy((rate) -> assertThat(rate).isCloseTo(7, within(1e-9)));
	}

	@Test
	void pointsFarApartMakeWiderBuckets() {
		PointSeries series = series("a", "cumulative", null);
		IntStream.rangeClosed(0, 12).forEach((i) -> add(series, 5 * i, 300 * i));
		assertThat(charts(null).get(0).times()).hasSize(12);
		assertThat(rates()).hasSize(12).allSatisfy((rate) -> assertThat(rate).isCloseTo(1, within(1e-9)));
	}

	@Test
	void ofManyValuesOfAnAttributeTheLightestAreOne() {
		IntStream.range(0, 20)
			.forEach((instance) -> IntStream.rangeClosed(0, 60)
				.forEach((minute) -> add(series("i" + instance, "cumulative", null), minute,
						60.0 * minute * (instance + 1))));
		List<Chart.Series> lines = charts("instance").get(0).series();
		assertThat(lines).hasSize(8);
		assertThat(lines.get(0).name()).isEqualTo("i19");
		assertThat(lines.get(7).name()).isEqualTo("Others: 13");
		assertThat(lines.get(7).values().get(30)).isCloseTo(13 * 14 / 2.0, within(1e-6));
	}

}
