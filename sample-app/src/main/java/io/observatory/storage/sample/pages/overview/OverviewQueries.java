package io.observatory.storage.sample.pages.overview;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What the overview asks. Calls are those of models, requests are traces. Each scan reads
 * a time of spans (or traces) by the index on their start.
 */
@Component
class OverviewQueries {

	/** Columns of {@link Figures}; a percentile leaves out what has not ended. */
	private static final String FIGURES = """
			count(*) AS calls,
			count(*) FILTER (WHERE failed) AS failed,
			percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_us) AS percentiles
			""";

	private final JdbcClient jdbc;

	OverviewQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	boolean isAnythingStored() {
		return this.jdbc.sql("""
				SELECT EXISTS (SELECT FROM trace_spans)
				    OR EXISTS (SELECT FROM traces)
				    OR EXISTS (SELECT FROM logs)
				    OR EXISTS (SELECT FROM metrics)
				""").query(Boolean.class).single();
	}

	/**
	 * Calls of models: of all the time (no bucket, no group), of each bucket, of each
	 * model, and of each model in each bucket; and the slowest ones, found by the way,
	 * since to read the attributes is what takes time.
	 */
	Calls calls(TimeRange range, int slowest) {
		List<UUID> ids = new ArrayList<>();
		List<Figures> figures = this.jdbc.sql("""
				WITH calls AS MATERIALIZED (
				    SELECT id, date_bin(make_interval(secs => :step), start_time, :origin) AS bucket,
				           coalesce(model, 'unknown') AS name, failed, duration_us, total_tokens, cost_usd
				      FROM llm_calls
				     WHERE start_time >= :from AND start_time < :to
				)
				SELECT bucket, name, %s, sum(total_tokens) AS tokens, sum(cost_usd) AS cost,
				       CASE WHEN GROUPING(bucket, name) = 3 THEN ARRAY(
				           SELECT id FROM calls
				            WHERE duration_us IS NOT NULL
				            ORDER BY duration_us DESC LIMIT :slowest) END AS slowest
				  FROM calls
				 GROUP BY GROUPING SETS ((), (bucket), (name), (bucket, name))
				 ORDER BY GROUPING(bucket, name) DESC
				""".formatted(FIGURES))
			.params(times(range))
			.params(buckets(range))
			.param("slowest", slowest)
			.query((row, number) -> {
				if (row.getArray("slowest") != null) {
					ids.addAll(List.of((UUID[]) row.getArray("slowest").getArray()));
				}
				return figures(row, number);
			})
			.list();
		return new Calls(figures, ids);
	}

	/**
	 * Figures of calls.
	 *
	 * @param figures of all, of buckets and models
	 * @param slowest ids of the slowest calls
	 */
	record Calls(List<Figures> figures, List<UUID> slowest) {
	}

	/**
	 * The same of all the time alone.
	 */
	Figures allCalls(TimeRange range) {
		return all(range, """
				SELECT NULL::timestamptz AS bucket, NULL AS name, %s, sum(total_tokens) AS tokens, sum(cost_usd) AS cost
				  FROM llm_calls
				 WHERE start_time >= :from AND start_time < :to
				""".formatted(FIGURES));
	}

	/**
	 * Traces, by service, for an application that calls no models.
	 */
	List<Figures> requests(TimeRange range) {
		return figures(range, """
				WITH requests AS MATERIALIZED (
				    SELECT date_bin(make_interval(secs => :step), start_time, :origin) AS bucket,
				           service_name AS name, status = 'error' AS failed, duration_us
				      FROM traces
				     WHERE start_time >= :from AND start_time < :to
				)
				SELECT bucket, name, %s, NULL AS tokens, NULL::numeric AS cost
				  FROM requests
				 GROUP BY GROUPING SETS ((), (bucket), (name))
				 ORDER BY GROUPING(bucket, name) DESC
				""".formatted(FIGURES));
	}

	Figures allRequests(TimeRange range) {
		return all(range, """
				SELECT NULL::timestamptz AS bucket, NULL AS name, %s, NULL AS tokens, NULL::numeric AS cost
				  FROM (SELECT duration_us, status = 'error' AS failed
				          FROM traces
				         WHERE start_time >= :from AND start_time < :to) AS requests
				""".formatted(FIGURES));
	}

	private static Map<String, Object> times(TimeRange range) {
		return Map.of("from", PagesDatabase.timestamp(range.from()), "to", PagesDatabase.timestamp(range.to()));
	}

	private static Map<String, Object> buckets(TimeRange range) {
		return Map.of("step", range.step().toSeconds(), "origin", PagesDatabase.timestamp(TimeRange.origin()));
	}

	private List<Figures> figures(TimeRange range, String sql) {
		return this.jdbc.sql(sql).params(times(range)).params(buckets(range)).query(OverviewQueries::figures).list();
	}

	private Figures all(TimeRange range, String sql) {
		return this.jdbc.sql(sql).params(times(range)).query(OverviewQueries::figures).single();
	}

	List<Example> calls(List<UUID> ids) {
		if (ids.isEmpty()) {
			return List.of();
		}
		return this.jdbc.sql("""
				SELECT trace_key, span_id, name, service_name, model, start_time, duration_us, error_type
				  FROM llm_calls
				 WHERE id IN (:ids)
				 ORDER BY duration_us DESC
				""").param("ids", ids).query(OverviewQueries::example).list();
	}

	List<Example> latestFailedCalls(TimeRange range, int limit) {
		return examples(range, limit, """
				SELECT trace_key, span_id, name, service_name, model, start_time, duration_us, error_type
				  FROM llm_calls
				 WHERE start_time >= :from AND start_time < :to AND failed
				 ORDER BY start_time DESC
				 LIMIT :limit
				""");
	}

	List<Example> slowestRequests(TimeRange range, int limit) {
		return examples(range, limit,
				"""
						SELECT id AS trace_key, NULL AS span_id, root_span_name AS name, service_name, NULL AS model, start_time,
						       duration_us, NULL AS error_type
						  FROM traces
						 WHERE start_time >= :from AND start_time < :to AND duration_us IS NOT NULL
						 ORDER BY duration_us DESC
						 LIMIT :limit
						""");
	}

	List<Example> latestFailedRequests(TimeRange range, int limit) {
		return examples(range, limit,
				"""
						SELECT id AS trace_key, NULL AS span_id, root_span_name AS name, service_name, NULL AS model, start_time,
						       duration_us, NULL AS error_type
						  FROM traces
						 WHERE start_time >= :from AND start_time < :to AND status = 'error'
						 ORDER BY start_time DESC
						 LIMIT :limit
						""");
	}

	private List<Example> examples(TimeRange range, int limit, String sql) {
		return this.jdbc.sql(sql).params(times(range)).param("limit", limit).query(OverviewQueries::example).list();
	}

	private static Figures figures(ResultSet row, int number) throws SQLException {
		Long[] percentiles = { null, null, null };
		if (row.getArray("percentiles") != null) {
			percentiles = (Long[]) row.getArray("percentiles").getArray();
		}
		return new Figures(PagesDatabase.instant(row, "bucket"), row.getString("name"), row.getLong("calls"),
				row.getLong("failed"), percentiles[0], percentiles[1], percentiles[2],
				PagesDatabase.number(row, "tokens"), row.getBigDecimal("cost"));
	}

	private static Example example(ResultSet row, int number) throws SQLException {
		return new Example(row.getString("trace_key").replace("-", ""), row.getString("span_id"), row.getString("name"),
				row.getString("service_name"), row.getString("model"), start(row),
				PagesDatabase.number(row, "duration_us"), row.getString("error_type"));
	}

	private static Instant start(ResultSet row) throws SQLException {
		return Objects.requireNonNull(PagesDatabase.instant(row, "start_time"));
	}

}
