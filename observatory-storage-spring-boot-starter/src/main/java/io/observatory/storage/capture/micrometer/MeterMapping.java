package io.observatory.storage.capture.micrometer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.observatory.storage.capture.MetricStreams;
import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.capture.PointKind;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Quantile;
import org.jspecify.annotations.Nullable;

/**
 * Converts the meters of a registry to {@link Metric}s and {@link MetricDataPoint}s of
 * one step. A gauge has a point in each step; a meter that counts has one if it counted
 * something in the step. Not thread-safe.
 */
final class MeterMapping {

	private static final PointKind SUM = new PointKind("sum", "delta", true);

	private static final PointKind HISTOGRAM = new PointKind("histogram", "delta", null);

	private static final PointKind SUMMARY = new PointKind("summary", "delta", null);

	private final TelemetryResource resource;

	private final MetricStreams streams;

	private final NamingConvention naming;

	private final TimeUnit timeUnit;

	private final Step step;

	private final Map<UUID, Metric> metrics = new LinkedHashMap<>();

	private final List<MetricDataPoint> points = new ArrayList<>();

	MeterMapping(TelemetryResource resource, MetricStreams streams, NamingConvention naming, TimeUnit timeUnit,
			Step step) {
		this.resource = resource;
		this.streams = streams;
		this.naming = naming;
		this.timeUnit = timeUnit;
		this.step = step;
	}

	Collection<Metric> metrics() {
		return this.metrics.values();
	}

	List<MetricDataPoint> points() {
		return this.points;
	}

	void add(Meter meter) {
		meter.use(this::gauge, this::counter, this::timer, this::summary, this::longTasks, this::gauge,
				this::functionCounter, this::functionTimer, this::other);
	}

	private void gauge(Gauge gauge) {
		gauge(gauge.getId(), name(gauge), gauge.value(), Map.of());
	}

	private void counter(Counter counter) {
		count(counter, counter.count());
	}

	private void functionCounter(FunctionCounter counter) {
		count(counter, counter.count());
	}

	private void count(Meter meter, double count) {
		if (hasCounted(count)) {
			this.points.add(counted(meter, MetricType.COUNTER, SUM).value(count).build());
		}
	}

	/**
	 * A counting function may go back, or return NaN. The increase of the step is then
	 * unknown.
	 */
	private static boolean hasCounted(double count) {
		return count > 0 && Double.isFinite(count);
	}

	private void timer(Timer timer) {
		distribution(timer, timer.takeSnapshot(), (snapshot) -> snapshot.total(this.timeUnit),
				(snapshot) -> snapshot.max(this.timeUnit), (bucket) -> bucket.bucket(this.timeUnit),
				(percentile) -> percentile.value(this.timeUnit));
	}

	private void summary(DistributionSummary summary) {
		distribution(summary, summary.takeSnapshot(), HistogramSnapshot::total, HistogramSnapshot::max,
				CountAtBucket::bucket, ValueAtPercentile::value);
	}

	private void distribution(Meter meter, HistogramSnapshot snapshot, ToDoubleFunction<HistogramSnapshot> total,
			ToDoubleFunction<HistogramSnapshot> max, ToDoubleFunction<CountAtBucket> boundary,
			ToDoubleFunction<ValueAtPercentile> value) {
		if (snapshot.count() == 0) {
			return;
		}
		boolean hasBuckets = snapshot.histogramCounts().length > 0;
		MetricDataPoint.Builder point = hasBuckets ? counted(meter, MetricType.HISTOGRAM, HISTOGRAM)
				: counted(meter, MetricType.SUMMARY, SUMMARY);
		this.points.add(point.count(snapshot.count())
			.sum(total.applyAsDouble(snapshot))
			.max(max.applyAsDouble(snapshot))
			.buckets(hasBuckets ? buckets(snapshot, boundary) : List.of())
			.quantiles(Arrays.stream(snapshot.percentileValues())
				.map((percentile) -> new Quantile(percentile.percentile(), value.applyAsDouble(percentile)))
				.toList())
			.build());
	}

	/**
	 * Micrometer has no bucket for values above the last one.
	 */
	private static List<Bucket> buckets(HistogramSnapshot snapshot, ToDoubleFunction<CountAtBucket> boundary) {
		List<Bucket> buckets = new ArrayList<>();
		long above = snapshot.count();
		for (CountAtBucket bucket : snapshot.histogramCounts()) {
			long count = (long) bucket.count();
			buckets.add(new Bucket(boundary.applyAsDouble(bucket), count));
			above -= count;
		}
		if (buckets.get(buckets.size() - 1).boundary() != Double.POSITIVE_INFINITY) {
			buckets.add(new Bucket(Double.POSITIVE_INFINITY, Math.max(0, above)));
		}
		return buckets;
	}

	private void functionTimer(FunctionTimer timer) {
		double count = timer.count();
		double total = timer.totalTime(this.timeUnit);
		if (hasCounted(count)) {
			this.points.add(counted(timer, MetricType.SUMMARY, SUMMARY).count((long) count)
				.sum((total >= 0) ? total : null)
				.build());
		}
	}

	/**
	 * Tasks that are running now. They are a state, not counted in the step, and so are
	 * gauges.
	 */
	private void longTasks(LongTaskTimer timer) {
		gauge(timer.getId().withBaseUnit("tasks"), name(timer) + ".tasks", timer.activeTasks(), Map.of());
		gauge(timer.getId(), name(timer) + ".duration", timer.duration(this.timeUnit), Map.of());
		gauge(timer.getId(), name(timer) + ".max", timer.max(this.timeUnit), Map.of());
	}

	private void other(Meter meter) {
		for (Measurement measurement : meter.measure()) {
			gauge(meter.getId(), name(meter), measurement.getValue(),
					Map.of("statistic", measurement.getStatistic().getTagValueRepresentation()));
		}
	}

	/**
	 * A gauge whose object is gone has the value NaN, which is not stored.
	 */
	private void gauge(Meter.Id id, String name, double value, Map<String, Object> attributes) {
		if (!Double.isNaN(value)) {
			Metric metric = metric(id, name, MetricType.GAUGE, PointKind.GAUGE);
			Map<String, Object> all = tags(id);
			all.putAll(attributes);
			this.points.add(MetricDataPoint.builder()
				.metric(metric)
				.timestamp(this.step.now())
				.value(value)
				.attributes(all)
				.build());
		}
	}

	/** What a meter has counted in the step. */
	private MetricDataPoint.Builder counted(Meter meter, MetricType type, PointKind kind) {
		Map<String, Object> attributes = tags(meter.getId());
		attributes.put(OtelAttributes.START_TIME, this.step.start().toString());
		return MetricDataPoint.builder()
			.metric(metric(meter.getId(), name(meter), type, kind))
			.timestamp(this.step.end())
			.attributes(attributes);
	}

	private Map<String, Object> tags(Meter.Id id) {
		Map<String, Object> tags = new LinkedHashMap<>();
		id.getConventionTags(this.naming).forEach((tag) -> tags.put(tag.getKey(), tag.getValue()));
		return tags;
	}

	private Metric metric(Meter.Id id, String name, MetricType type, PointKind kind) {
		UUID stream = this.streams.id(name, id.getBaseUnit(), kind);
		return this.metrics.computeIfAbsent(stream, (key) -> {
			Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
			kind.putInto(attributes);
			return Metric.builder()
				.name(name)
				.description(id.getDescription())
				.unit(id.getBaseUnit())
				.type(type)
				.serviceName(this.resource.serviceName())
				.attributes(attributes)
				.resourceAttributes(this.resource.attributes())
				.stream(stream)
				.build();
		});
	}

	private String name(Meter meter) {
		return meter.getId().getConventionName(this.naming);
	}

	/**
	 * The period that is published.
	 *
	 * @param start the start of the counts
	 * @param end the end of the counts
	 * @param now the time of states
	 */
	record Step(Instant start, Instant end, Instant now) {

	}

}
