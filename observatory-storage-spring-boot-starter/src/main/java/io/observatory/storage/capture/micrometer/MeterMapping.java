package io.observatory.storage.capture.micrometer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import io.observatory.storage.capture.OtelAttributes;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.MetricType;
import io.observatory.storage.model.Quantile;

/**
 * The meters of a registry as {@link Metric}s and {@link MetricDataPoint}s of one step. A
 * gauge has a point each time; what counts has one when it has counted something in the
 * step. Not thread-safe.
 */
final class MeterMapping {

	private static final Map<String, Object> DELTA = Map.of(OtelAttributes.TEMPORALITY, "delta");

	private static final Map<String, Object> DELTA_SUM = Map.of(OtelAttributes.TEMPORALITY, "delta",
			OtelAttributes.MONOTONIC, true);

	private final TelemetryResource resource;

	private final String instance;

	private final NamingConvention naming;

	private final TimeUnit timeUnit;

	private final Step step;

	private final Map<String, Metric> metrics = new LinkedHashMap<>();

	private final List<MetricDataPoint> points = new ArrayList<>();

	MeterMapping(TelemetryResource resource, String instance, NamingConvention naming, TimeUnit timeUnit, Step step) {
		this.resource = resource;
		this.instance = instance;
		this.naming = naming;
		this.timeUnit = timeUnit;
		this.step = step;
	}

	/** Returns the metrics by name. */
	Map<String, Metric> metrics() {
		return this.metrics;
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
		if (count != 0) {
			metric(meter.getId(), name(meter), MetricType.COUNTER);
			this.points.add(point(meter.getId(), name(meter), DELTA_SUM).value(count).build());
		}
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
		metric(meter.getId(), name(meter), hasBuckets ? MetricType.HISTOGRAM : MetricType.SUMMARY);
		this.points.add(point(meter.getId(), name(meter), DELTA).count(snapshot.count())
			.sum(total.applyAsDouble(snapshot))
			.max(max.applyAsDouble(snapshot))
			.buckets(hasBuckets ? buckets(snapshot, boundary) : List.of())
			.quantiles(Arrays.stream(snapshot.percentileValues())
				.map((percentile) -> new Quantile(percentile.percentile(), value.applyAsDouble(percentile)))
				.toList())
			.build());
	}

	/**
	 * What is above the last bucket has none in Micrometer.
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
		if (count != 0) {
			metric(timer.getId(), name(timer), MetricType.SUMMARY);
			this.points.add(point(timer.getId(), name(timer), DELTA).count((long) count)
				.sum(timer.totalTime(this.timeUnit))
				.build());
		}
	}

	/**
	 * Tasks that are under way now: not counted in the step, but a state, and so gauges.
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
	 * NaN is what a gauge has whose object is gone, and says nothing.
	 */
	private void gauge(Meter.Id id, String name, double value, Map<String, Object> attributes) {
		if (!Double.isNaN(value)) {
			metric(id, name, MetricType.GAUGE);
			this.points.add(point(id, name, attributes).value(value).build());
		}
	}

	private void metric(Meter.Id id, String name, MetricType type) {
		this.metrics.computeIfAbsent(name,
				(key) -> Metric.builder()
					.name(name)
					.description(id.getDescription())
					.unit(id.getBaseUnit())
					.type(type)
					.serviceName(this.resource.serviceName())
					.resourceAttributes(this.resource.attributes())
					.build());
	}

	private MetricDataPoint.Builder point(Meter.Id id, String name, Map<String, Object> about) {
		Map<String, Object> attributes = new LinkedHashMap<>();
		id.getConventionTags(this.naming).forEach((tag) -> attributes.put(tag.getKey(), tag.getValue()));
		attributes.put(OtelAttributes.SERVICE_INSTANCE, this.instance);
		attributes.putAll(about);
		boolean counted = about.containsKey(OtelAttributes.TEMPORALITY);
		if (counted) {
			attributes.put(OtelAttributes.START_TIME, this.step.start().toString());
		}
		return MetricDataPoint.builder()
			.metricName(name)
			.serviceName(this.resource.serviceName())
			.timestamp(counted ? this.step.end() : this.step.now())
			.attributes(attributes);
	}

	private String name(Meter meter) {
		return meter.getId().getConventionName(this.naming);
	}

	/**
	 * The time that is published.
	 *
	 * @param start when what has been counted began to be
	 * @param end when it ended
	 * @param now when a state is read
	 */
	record Step(Instant start, Instant end, Instant now) {

	}

}
