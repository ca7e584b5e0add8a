package io.observatory.storage.sample.pages.metrics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import io.observatory.storage.model.Bucket;
import io.observatory.storage.model.Quantile;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What the pages about metrics ask. Points are read by the index on metric and time, the
 * newest first, and no more of them than can be looked at while somebody waits.
 */
@Component
class MetricQueries {

	static final int MAX_METRICS = 500;

	private static final int MAX_NUMBERS = 60_000;

	/** Their buckets are JSON that has to be read, in the writers' heap. */
	private static final int MAX_HISTOGRAMS = 5_000;

	/** What is read before and after, for what reaches into the time. */
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
		return this.jdbc.sql("""
				SELECT id, name, service_name, metric_type, unit, description
				  FROM metrics
				 WHERE :pattern::text IS NULL
				    OR name ILIKE :pattern OR service_name ILIKE :pattern OR description ILIKE :pattern
				 ORDER BY service_name, name
				 LIMIT :limit
				""")
			.param("pattern", pattern)
			.param("limit", MAX_METRICS + 1)
			.query((row, number) -> metric(row))
			.list();
	}

	Optional<MetricInfo> metric(UUID id) {
		return this.jdbc.sql("""
				SELECT id, name, service_name, metric_type, unit, description
				  FROM metrics
				 WHERE id = :id
				""").param("id", id).query((row, number) -> metric(row)).optional();
	}

	private static MetricInfo metric(ResultSet row) throws SQLException {
		return new MetricInfo(row.getObject("id", UUID.class), row.getString("name"), row.getString("service_name"),
				row.getString("metric_type"), row.getString("unit"), row.getString("description"));
	}

	/**
	 * The points of a metric in a time, and those around it.
	 */
	Points points(MetricInfo metric, TimeRange range) {
		Instant from = range.from().minus(MARGIN);
		int limit = metric.type().equals("histogram") ? MAX_HISTOGRAMS : MAX_NUMBERS;
		Map<String, PointSeries> series = new HashMap<>();
		List<Point> points = new ArrayList<>();
		this.jdbc.sql("""
				SELECT timestamp, value, count, sum, min, max, buckets, quantiles, attributes
				  FROM metric_data_points
				 WHERE metric_id = :id AND timestamp >= :from AND timestamp < :to
				 ORDER BY timestamp DESC
				 LIMIT :limit
				""")
			.param("id", metric.id())
			.param("from", PagesDatabase.timestamp(from))
			.param("to", PagesDatabase.timestamp(range.to().plus(MARGIN)))
			.param("limit", limit)
			.query((row) -> {
				points.add(point(row, series.computeIfAbsent(row.getString("attributes"), PointSeries::of)));
			});
		boolean cut = points.size() == limit;
		return new Points(points, cut ? points.get(limit - 1).time() : from, cut);
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
		return (json != null) ? JsonMapper.shared().readTree(json) : List.of();
	}

	/** Infinity is stored as a text. */
	private static double number(JsonNode node) {
		return node.isNumber() ? node.doubleValue() : Double.parseDouble(node.stringValue("NaN"));
	}

	/**
	 * Points, the newest first.
	 *
	 * @param points the points
	 * @param from since when all are there
	 * @param cut whether there are more, older ones
	 */
	record Points(List<Point> points, Instant from, boolean cut) {

	}

}
