package io.observatory.storage.sample.pages.overview;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The queries of the overview. Calls are those of models, requests are traces. Each scan
 * reads a period of spans (or traces) by the index on their start.
 */
@Component
class OverviewQueries {

	/** Columns of {@link Figures}; a percentile leaves out calls that have not ended. */
	private static final String FIGURES = """
			count(*) AS calls,
			count(*) FILTER (WHERE failed) AS failed,
			percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_us) AS percentiles
			""";

	private final JdbcClient jdbc;

	OverviewQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	/**
	 * Whether there is any row. A distributed PostgreSQL needs a column, and would fetch
	 * all rows without the limit.
	 */
	boolean isAnythingStored() {
		return this.jdbc.sql("""
				SELECT EXISTS (SELECT 1 FROM trace_spans LIMIT 1)
				    OR EXISTS (SELECT 1 FROM traces LIMIT 1)
				    OR EXISTS (SELECT 1 FROM logs LIMIT 1)
				    OR EXISTS (SELECT 1 FROM metrics LIMIT 1)
				""").query(Boolean.class).single();
	}

	/**
	 * The latest calls of models that started before an instant and not before another,
	 * the latest first, and all that started with the last of these.
	 */
	List<Call> calls(Instant from, Instant before, int atLeast) {
		Map<String, String> models = new HashMap<>();
		return this.jdbc.sql("""
				SELECT id, start_time, duration_us, coalesce(model, 'unknown') AS model, failed, total_tokens, cost_usd
				  FROM llm_calls
				 WHERE start_time >= :from AND start_time < :before
				 ORDER BY start_time DESC
				 FETCH FIRST :atLeast ROWS WITH TIES
				""")
			.param("from", PagesDatabase.timestamp(from))
			.param("before", PagesDatabase.timestamp(before))
			.param("atLeast", atLeast)
			.query((row, number) -> new Call(row.getObject("id", UUID.class), start(row),
					PagesDatabase.number(row, "duration_us"),
					models.computeIfAbsent(row.getString("model"), (model) -> model), row.getBoolean("failed"),
					PagesDatabase.number(row, "total_tokens"), row.getBigDecimal("cost_usd")))
			.list();
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

	/**
	 * Some calls, in their order. They are found by their start, which has an index in
	 * each layout.
	 */
	List<Example> examples(List<Call> calls) {
		if (calls.isEmpty()) {
			return List.of();
		}
		return this.jdbc
			.sql("""
					SELECT c.trace_key, c.span_id, c.name, c.service_name, c.model, c.start_time, c.duration_us, c.error_type
					  FROM unnest(:ids::uuid[], :starts::timestamptz[]) WITH ORDINALITY AS i (id, start, number)
					  JOIN llm_calls AS c ON c.start_time = i.start AND c.id = i.id
					 ORDER BY i.number
					""")
			.param("ids", calls.stream().map(Call::id).toArray(UUID[]::new))
			.param("starts", calls.stream().map((call) -> call.start().toString()).toArray(String[]::new))
			.query(OverviewQueries::example)
			.list();
	}

	List<Example> slowestRequests(TimeRange range, int limit) {
		return examples(range, limit, """
				SELECT id AS trace_key, NULL AS span_id, %s AS name, service_name, NULL AS model, start_time,
				       duration_us, NULL AS error_type
				  FROM traces AS t
				 WHERE start_time >= :from AND start_time < :to AND duration_us IS NOT NULL
				 ORDER BY duration_us DESC
				 LIMIT :limit
				""");
	}

	List<Example> latestFailedRequests(TimeRange range, int limit) {
		return examples(range, limit, """
				SELECT id AS trace_key, NULL AS span_id, %s AS name, service_name, NULL AS model, start_time,
				       duration_us, NULL AS error_type
				  FROM traces AS t
				 WHERE start_time >= :from AND start_time < :to AND status = 'error'
				 ORDER BY start_time DESC
				 LIMIT :limit
				""");
	}

	private List<Example> examples(TimeRange range, int limit, String sql) {
		return this.jdbc.sql(sql.formatted(PagesDatabase.TRACE_NAME))
			.params(times(range))
			.param("limit", limit)
			.query(OverviewQueries::example)
			.list();
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
