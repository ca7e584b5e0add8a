package io.observatory.storage.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.MetricDataPoint;

/**
 * Points of counters, as an SDK sends them: with what tells their series apart in each
 * point, and with all of it in the metric, whose id the points have.
 */
final class StreamsBench {

	private static final int SLOTS = 2;

	private final BenchServer server;

	private final BenchOptions options;

	StreamsBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	void run() throws IOException {
		Variants variants = new Variants(
				List.of(List.of(variant("point", new InEachPoint()), variant("metric", new InTheMetric()))));
		variants.run(this.options.rounds(6));
		variants.report(this.options.directory(), "streams");
	}

	private Variant variant(String identity, PointsWorkload workload) {
		long rows = workload.rows(this.options.scale(1));
		Cell cell = new Cell(workload, new Observatory(this.server.plain()), SLOTS);
		return new Variant(Map.of("identityIn", identity), () -> {
			Map<String, Double> figures = new LinkedHashMap<>(Variant.figures(this.server.measure(cell, rows)));
			figures.put("storedBytesPerRow", size() / rows);
			return figures;
		});
	}

	/** Of all partitions, with their indexes. */
	private double size() {
		return this.server.jdbc()
			.queryForObject("SELECT sum(pg_total_relation_size(relid)) "
					+ "FROM pg_partition_tree('observatory.metric_data_points') WHERE isleaf", Double.class);
	}

	private static MetricDataPoint.Builder point(MetricDataPoint point, Map<String, Object> more) {
		Map<String, Object> attributes = new HashMap<>(point.attributes());
		attributes.put("otel.start_time", "2026-11-28T10:00:00.123456789Z");
		attributes.putAll(more);
		return MetricDataPoint.builder()
			.metricName(point.metricName())
			.serviceName(point.serviceName())
			.timestamp(point.timestamp())
			.value(point.value())
			.attributes(attributes);
	}

	private static final class InEachPoint extends PointsWorkload {

		private static final Map<String, Object> IDENTITY = Map.of("otel.service.instance.id",
				"0199c2a4-5d1e-7a3b-9c55-1f2e3d4c5b6a", "otel.temporality", "cumulative", "otel.monotonic", true);

		@Override
		MetricDataPoint record(long number) {
			return point(super.record(number), IDENTITY).build();
		}

	}

	private static final class InTheMetric extends PointsWorkload {

		private static final UUID ORIGIN = new UUID(1, 2);

		private final Map<String, UUID> streams = new ConcurrentHashMap<>();

		/** One for all points of a metric in a request. */
		@Override
		MetricDataPoint record(long number) {
			MetricDataPoint point = super.record(number);
			UUID stream = this.streams.computeIfAbsent(point.metricName(),
					(name) -> Ids.metricStream(ORIGIN, name, "1", "sum", "cumulative", true));
			return point(point, Map.of()).stream(stream).build();
		}

	}

}
