package io.observatory.storage.sample.pages.metrics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The queries of the pages about metrics. Points are read by the index on metric and
 * time, the newest first, and only as many as can be read while somebody waits.
 */
@Component
class MetricQueries {

	static final int MAX_METRICS = 500;

	private static final int MAX_STREAMS = 2_000;

	private static final int MAX_NUMBERS = 60_000;

	/**
	 * Their buckets are JSON that has to be parsed, in the heap that the writers need.
	 */
	private static final int MAX_HISTOGRAMS = 5_000;

	/** How much is read before and after the range, for increases that reach into it. */
	private static final Duration MARGIN = Duration.ofMinutes(5);

	private final JdbcClient jdbc;

	MetricQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	/**
	 * The metrics whose name, service or description has a text in it, and one more than
	 * {@value #MAX_METRICS} at most.
	 * @param pattern the text as a pattern of LIKE; null for all
	 */
	List<MetricInfo> metrics(@Nullable String pattern) {
		return this.jdbc
			.sql("""
					SELECT min(id::text)::uuid AS id, name, service_name, metric_type, unit, max(description) AS description,
					       attributes ->> 'otel.temporality' AS temporality, attributes ->> 'otel.monotonic' AS monotonic
					  FROM metrics
					 WHERE :pattern::text IS NULL
					    OR name ILIKE :pattern OR service_name ILIKE :pattern OR description ILIKE :pattern
					 GROUP BY service_name, name, metric_type, unit, temporality, monotonic
					 ORDER BY service_name, name, metric_type, unit, temporality, monotonic
					 LIMIT :limit
					""")
			.param("pattern", pattern)
			.param("limit", MAX_METRICS + 1)
			.query((row, number) -> metric(row))
			.list();
	}

	/**
	 * Returns the metric of one of its streams. The limit makes a distributed PostgreSQL
	 * fetch that one first: the others may be on other servers.
	 */
	Optional<MetricInfo> metric(UUID id) {
		return this.jdbc.sql("""
				SELECT min(m.id::text)::uuid AS id, m.name, m.service_name, m.metric_type, m.unit,
				       max(m.description) AS description, m.attributes ->> 'otel.temporality' AS temporality,
				       m.attributes ->> 'otel.monotonic' AS monotonic
				  FROM (SELECT * FROM metrics WHERE id = :id LIMIT 1) AS chosen
				  JOIN metrics AS m ON (m.name, m.service_name, m.metric_type)
				                     = (chosen.name, chosen.service_name, chosen.metric_type)
				   AND (m.unit, m.attributes ->> 'otel.temporality', m.attributes ->> 'otel.monotonic')
				       IS NOT DISTINCT FROM
				       (chosen.unit, chosen.attributes ->> 'otel.temporality', chosen.attributes ->> 'otel.monotonic')
				 GROUP BY m.name, m.service_name, m.metric_type, m.unit, temporality, monotonic
				""").param("id", id).query((row, number) -> metric(row)).optional();
	}

	private static MetricInfo metric(ResultSet row) throws SQLException {
		return new MetricInfo(row.getObject("id", UUID.class), row.getString("name"), row.getString("service_name"),
				row.getString("metric_type"), row.getString("unit"), row.getString("description"),
				row.getString("temporality"), row.getString("monotonic"));
	}

	/**
	 * The streams of a metric, only those that were written last if there are very many.
	 */
	List<MetricStream> streams(MetricInfo metric) {
		List<MetricStream> streams = this.jdbc.sql("""
				SELECT id, resource_attributes, attributes -> 'otel.scope' AS scope
				  FROM metrics
				 WHERE name = :name AND service_name = :service AND metric_type = :type
				   AND (unit, attributes ->> 'otel.temporality', attributes ->> 'otel.monotonic')
				       IS NOT DISTINCT FROM (:unit::text, :temporality::text, :monotonic::text)
				 ORDER BY updated_at DESC
				 LIMIT :limit
				""")
			.param("name", metric.name())
			.param("service", metric.service())
			.param("type", metric.type())
			.param("unit", metric.unit())
			.param("temporality", metric.temporality())
			.param("monotonic", metric.monotonic())
			.param("limit", MAX_STREAMS)
			.query((row, number) -> MetricStream.of(row.getObject("id", UUID.class),
					row.getString("resource_attributes"), row.getString("scope")))
			.list();
		return MetricStream.apart(streams);
	}

	/**
	 * The points of a metric's streams in a time, and those around it. At most the same
	 * number is read of each stream, so that none is cut because of another. Starting
	 * from the metrics, and not from an array of their ids, it is a query that each
	 * server of a distributed PostgreSQL can answer, because a metric and its points lie
	 * together.
	 */
	Points points(MetricInfo metric, List<MetricStream> streams, TimeRange range) {
		Map<UUID, MetricStream> byId = streams.stream().collect(Collectors.toMap(MetricStream::id, (one) -> one));
		int all = metric.type().equals("histogram") ? MAX_HISTOGRAMS : MAX_NUMBERS;
		int limit = Math.max(1, all / Math.max(1, streams.size()));
		Instant from = range.from().minus(MARGIN);
		Map<String, PointSeries> series = new HashMap<>();
		List<Point> points = new ArrayList<>();
		this.jdbc.sql("""
				SELECT m.id, timestamp, value, count, sum, min, max, buckets, quantiles, p.attributes
				  FROM metrics AS m
				 CROSS JOIN LATERAL (
				       SELECT *
				         FROM metric_data_points
				        WHERE metric_id = m.id AND timestamp >= :from AND timestamp < :to
				        ORDER BY timestamp DESC
				        LIMIT :limit) AS p
				 WHERE m.id = ANY (:ids::uuid[])
				 ORDER BY timestamp DESC
				""")
			.param("ids", byId.keySet().toArray(UUID[]::new))
			.param("from", PagesDatabase.timestamp(from))
			.param("to", PagesDatabase.timestamp(range.to().plus(MARGIN)))
			.param("limit", limit)
			.query((row) -> {
				String attributes = row.getString("attributes");
				MetricStream stream = Objects.requireNonNull(byId.get(row.getObject("id", UUID.class)));
				points.add(point(row, series.computeIfAbsent(stream.id() + attributes,
						(key) -> PointSeries.of(stream, attributes, metric.temporality()))));
			});
		return Points.of(points, from, limit);
	}

	private static Point point(ResultSet row, PointSeries series) throws SQLException {
		return new Point(series, Objects.requireNonNull(PagesDatabase.instant(row, "timestamp")),
				row.getObject("value", Double.class), PagesDatabase.number(row, "count"),
				row.getObject("sum", Double.class), row.getObject("min", Double.class),
				row.getObject("max", Double.class), buckets(row.getString("buckets")),
				quantiles(row.getString("quantiles")));
	}

	private static List<Bucket> buckets(@Nullable String json) {
		List<Bucket> buckets = new ArrayList<>();
		for (JsonNode bucket : elements(json)) {
			buckets.add(new Bucket(number(bucket.path("boundary")), bucket.path("count").longValue(0)));
		}
		return buckets;
	}

	private static List<Quantile> quantiles(@Nullable String json) {
		List<Quantile> quantiles = new ArrayList<>();
		for (JsonNode quantile : elements(json)) {
			quantiles.add(new Quantile(number(quantile.path("quantile")), number(quantile.path("value"))));
		}
		return quantiles;
	}

	private static Iterable<JsonNode> elements(@Nullable String json) {
		return JsonTexts.read(json);
	}

	/** Infinity is stored as a text. */
	private static double number(JsonNode node) {
		return switch (node.stringValue("")) {
			case "Infinity" -> Double.POSITIVE_INFINITY;
			case "-Infinity" -> Double.NEGATIVE_INFINITY;
			default -> node.isNumber() ? node.doubleValue() : Double.NaN;
		};
	}

	/**
	 * Points, the newest first.
	 *
	 * @param points the points
	 * @param from the time since which all are included
	 * @param cut whether there are more, older ones
	 */
	record Points(List<Point> points, Instant from, boolean cut) {

		/** Times before the oldest point of a stream that was cut are not complete. */
		private static Points of(List<Point> points, Instant from, int limit) {
			Map<UUID, List<Point>> byStream = points.stream()
				.collect(Collectors.groupingBy((point) -> point.series().stream()));
			Optional<Instant> complete = byStream.values()
				.stream()
				.filter((own) -> own.size() == limit)
				.map((own) -> own.get(limit - 1).time())
				.max(Comparator.naturalOrder());
			return complete
				.map((time) -> new Points(points.stream().filter((point) -> !point.time().isBefore(time)).toList(),
						time, true))
				.orElseGet(() -> new Points(points, from, false));
		}

	}

}
