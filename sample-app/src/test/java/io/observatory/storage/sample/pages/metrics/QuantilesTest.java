package io.observatory.storage.sample.pages.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.observatory.storage.capture.opentelemetry.ExponentialBuckets;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.sample.pages.Chart;
import io.observatory.storage.sample.pages.TimeRange;
import io.observatory.storage.sample.pages.metrics.Distribution.Segment;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Quantiles of histograms.
 */
class QuantilesTest {

	private static final Instant BEGIN = Instant.parse("2026-11-27T10:00:00Z");

	private static final TimeRange HOUR = new TimeRange(BEGIN, BEGIN.plus(Duration.ofHours(1)), null);

	private static final PointSeries CUMULATIVE = new PointSeries(new UUID(0, 1), Map.of(), "cumulative", null);

	private static final PointSeries DELTA = new PointSeries(new UUID(0, 1), Map.of(), "delta", null);

	private final List<Point> points = new ArrayList<>();

	private static Distribution distribution(Map<Segment, Double> values) {
		Distribution distribution = new Distribution();
		distribution.add(values, 1);
		return distribution;
	}

	/** Counts of (-inf, 1], (1, 2], (2, 4], (4, inf). */
	private static List<Bucket> buckets(long... counts) {
		double[] boundaries = { 1, 2, 4, Double.POSITIVE_INFINITY };
		return IntStream.range(0, 4).mapToObj((i) -> new Bucket(boundaries[i], counts[i])).toList();
	}

	private void add(PointSeries series, int minute, List<Bucket> buckets) {
		long count = buckets.stream().mapToLong(Bucket::count).sum();
		this.points.add(0, new Point(series, BEGIN.plus(Duration.ofMinutes(minute)), null, count, 3.0 * count, null,
				null, buckets, List.of()));
	}

	private @Nullable Double at(String line, int bucket) {
		MetricInfo histogram = new MetricInfo(new UUID(0, 1), "size", "shop", "histogram", null, null, null, null);
		Chart chart = MetricCharts.of(histogram, this.points, BEGIN, HOUR, null).get(0);
		return chart.series()
			.stream()
			.filter((series) -> series.name().equals(line))
			.findFirst()
			.orElseThrow()
			.values()
			.get(bucket);
	}

	@Test
	void withinABucketValuesAreSpreadEvenly() {
		Distribution distribution = distribution(Map.of(new Segment(0, 10), 50.0, new Segment(10, 20), 50.0));
		assertThat(distribution.quantile(0)).isCloseTo(0, within(1e-9));
		assertThat(distribution.quantile(0.25)).isCloseTo(5, within(1e-9));
		assertThat(distribution.quantile(0.5)).isCloseTo(10, within(1e-9));
		assertThat(distribution.quantile(0.95)).isCloseTo(19, within(1e-9));
		assertThat(distribution.quantile(1)).isCloseTo(20, within(1e-9));
	}

	@Test
	void valuesOfOneSizeAreThatSize() {
		Distribution distribution = distribution(Map.of(new Segment(0, 10), 50.0, new Segment(10, 10), 50.0));
		assertThat(distribution.quantile(0.25)).isCloseTo(5, within(1e-9));
		assertThat(distribution.quantile(0.75)).isCloseTo(10, within(1e-9));
	}

	@Test
	void histogramsOfOtherBoundariesAddUp() {
		Distribution distribution = distribution(Map.of(new Segment(0, 4), 40.0));
		distribution.add(Map.of(new Segment(2, 6), 40.0), 1);
		assertThat(distribution.quantile(0.5)).isCloseTo(3, within(1e-9));
		assertThat(distribution.quantile(0.25)).isCloseTo(2, within(1e-9));
	}

	@Test
	void noValuesHaveNoQuantile() {
		assertThat(new Distribution().quantile(0.5)).isNull();
	}

	@Test
	void cumulativeHistogramsCountTheDifference() {
		add(CUMULATIVE, 0, buckets(1000, 0, 0, 0));
		add(CUMULATIVE, 1, buckets(1000, 0, 100, 0));
		add(CUMULATIVE, 2, buckets(1000, 100, 100, 0));
		assertThat(at("p50", 0)).isCloseTo(3, within(1e-9));
		assertThat(at("p50", 1)).isCloseTo(1.5, within(1e-9));
		assertThat(at("Mean", 0)).isCloseTo(3, within(1e-9));
		assertThat(at("p50", 2)).isNull();
	}

	@Test
	void aCumulativeHistogramThatBeginsAnewIsAllNew() {
		add(CUMULATIVE, 0, buckets(1000, 0, 0, 0));
		add(CUMULATIVE, 1, buckets(0, 10, 0, 0));
		assertThat(at("p50", 0)).isCloseTo(1.5, within(1e-9));
	}

	@Test
	void deltasAreTakenAsTheyAre() {
		add(DELTA, 1, buckets(0, 0, 100, 0));
		add(DELTA, 2, buckets(0, 100, 0, 0));
		assertThat(at("p50", 0)).isCloseTo(3, within(1e-9));
		assertThat(at("p50", 1)).isCloseTo(1.5, within(1e-9));
	}

	@Test
	void valuesAboveTheLastBoundaryAreOfItsSize() {
		add(DELTA, 1, buckets(0, 0, 0, 10));
		assertThat(at("p99", 1)).isCloseTo(4, within(1e-9));
	}

	@Test
	void valuesThatNoBucketHasLieAboveTheLast() {
		Point point = new Point(DELTA, BEGIN.plusSeconds(1), null, 10L, 60.0, 1.0, 8.0,
				List.of(new Bucket(2, 0), new Bucket(4, 0)), List.of());
		this.points.add(point);
		assertThat(at("p50", 0)).isCloseTo(6, within(1e-9));
	}

	@Test
	void anExponentialHistogramMayBecomeCoarser() {
		add(CUMULATIVE, 0, exponential(1, 0, List.of(4L, 6L, 8L, 2L)));
		add(CUMULATIVE, 1, exponential(0, 0, List.of(10L, 110L)));
		// only the second bucket grew, by 100: (2, 4]
		assertThat(at("p50", 0)).isCloseTo(3, within(1e-9));
		assertThat(at("p95", 0)).isCloseTo(3.9, within(1e-9));
	}

	private static List<Bucket> exponential(int scale, int offset, List<Long> counts) {
		return ExponentialBuckets.of(scale, 0, 0, new ExponentialBuckets.Side(0, List.of()),
				new ExponentialBuckets.Side(offset, counts));
	}

}
