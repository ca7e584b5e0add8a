package io.observatory.storage.sample.pages.traces;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.observatory.storage.model.Ids;
import io.observatory.storage.sample.pages.PageKey;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import io.observatory.storage.sample.pages.export.Export;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The queries of the list of traces.
 */
@Component
class TraceListQueries {

	private static final int MAX_SERVICES = 1000;

	private static final String KEYS = """
			SELECT id, %s AS key
			  FROM traces
			 WHERE start_time >= :from AND start_time < :to %s
			 ORDER BY %s
			 LIMIT :limit
			""";

	/**
	 * Makes the planner read the spans of one trace after the other. Otherwise it would
	 * read all spans once, which is better only if all traces have to be read anyway.
	 */
	private static final String SPANS_OF_EACH = "OFFSET 0";

	/**
	 * A score of the trace or of a span of it, or of a response that one of its spans
	 * got. The responses of all traces of the time are read first, by themselves: a
	 * distributed PostgreSQL has their scores on other servers.
	 */
	private static final String SCORED = """
			(EXISTS (SELECT FROM scores AS s WHERE s.target_id = traces.id AND %1$s %2$s)
			 OR traces.id IN (
			    SELECT r.trace_id
			      FROM (SELECT p.trace_id, p.attributes ->> 'gen_ai.response.id' AS id
			              FROM traces AS t
			              JOIN trace_spans AS p ON p.trace_id = t.id
			             WHERE t.start_time >= :from AND t.start_time < :to OFFSET 0) AS r
			      JOIN scores AS s ON s.response_id = r.id
			     WHERE %1$s))""";

	/** An array of one element: with {@code =}, {@link #byTime} would have no effect. */
	private static final String OF_SERVICE = "service_name = ANY (ARRAY[:service])";

	/** The sort expression, and the same as the number of a {@link PageKey}. */
	private enum Order {

		NEWEST("start_time", "(extract(epoch FROM start_time) * 1000000)::bigint",
				"timestamptz 'epoch' + :value * interval '1 microsecond'"),

		/** Traces that have not ended come last. */
		SLOWEST("coalesce(duration_us, -1)", "coalesce(duration_us, -1)", ":value");

		final String column;

		final String key;

		final String value;

		Order(String column, String key, String value) {
			this.column = column;
			this.key = key;
			this.value = value;
		}

	}

	private final JdbcClient jdbc;

	TraceListQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	/**
	 * The start of a window that ends at an instant and has the given number of traces of
	 * the service.
	 */
	Instant windowStart(TraceFilter filter, Instant from, Instant end, int traces) {
		return startOf(filter, from, end, traces, "DESC").orElse(from);
	}

	/**
	 * The end of such a window that starts at an instant. It is later than its last
	 * trace, so the next window is another one, however many traces start at the same
	 * time.
	 */
	Instant windowEnd(TraceFilter filter, Instant start, Instant to, int traces) {
		return startOf(filter, start, to, traces, "ASC").map((last) -> last.plusNanos(1000)).orElse(to);
	}

	/** When the trace starts that comes after a number of others. */
	private Optional<Instant> startOf(TraceFilter filter, Instant from, Instant to, int traces, String direction) {
		Conditions conditions = new Conditions();
		conditions.add("service", filter.service(), OF_SERVICE);
		return this.jdbc.sql("""
				SELECT start_time
				  FROM traces
				 WHERE start_time >= :from AND start_time < :to %s
				 ORDER BY %s OFFSET :traces LIMIT 1
				""".formatted(conditions.sql, byTime(filter, direction)))
			.param("from", PagesDatabase.timestamp(from))
			.param("to", PagesDatabase.timestamp(to))
			.param("traces", traces)
			.params(conditions.parameters)
			.query(OffsetDateTime.class)
			.optional()
			.map(OffsetDateTime::toInstant);
	}

	/**
	 * The first keys after one, of the traces of a window that match a filter.
	 */
	List<PageKey> keysAfter(TraceFilter filter, Instant from, Instant to, @Nullable PageKey key, int limit) {
		return keys(filter, from, to, SPANS_OF_EACH, key, "<", "DESC", limit);
	}

	/**
	 * The keys before one, the nearest first.
	 */
	List<PageKey> keysBefore(TraceFilter filter, Instant from, Instant to, PageKey key, int limit) {
		return keys(filter, from, to, filter.slowestFirst() ? "" : SPANS_OF_EACH, key, ">", "ASC", limit);
	}

	private List<PageKey> keys(TraceFilter filter, Instant from, Instant to, String spans, @Nullable PageKey key,
			String beyond, String direction, int limit) {
		Order order = filter.slowestFirst() ? Order.SLOWEST : Order.NEWEST;
		Conditions conditions = conditions(filter, spans);
		if (key != null) {
			conditions.add("value", key.value(), "(%s, id) %s (%s, :id)".formatted(order.column, beyond, order.value));
			conditions.parameters.put("id", key.id());
		}
		String sorted = filter.slowestFirst() ? order.column + " " + direction : byTime(filter, direction);
		return this.jdbc.sql(KEYS.formatted(order.key, conditions.sql, sorted + ", id " + direction))
			.param("from", PagesDatabase.timestamp(from))
			.param("to", PagesDatabase.timestamp(to))
			.param("limit", limit)
			.params(conditions.parameters)
			.query((row, number) -> new PageKey(row.getLong("key"), row.getObject("id", UUID.class)))
			.list();
	}

	/**
	 * The order by time. With the name in it, the planner uses the index of the service.
	 * Without it, the planner goes through the newest traces of all services, far back if
	 * the service has few.
	 */
	private static String byTime(TraceFilter filter, String direction) {
		String time = "start_time " + direction;
		if (filter.service() == null) {
			return time;
		}
		return (direction.equals("DESC") ? "service_name ASC, " : "service_name DESC, ") + time;
	}

	private static Conditions conditions(TraceFilter filter, String spans) {
		Conditions conditions = new Conditions();
		conditions.add("service", filter.service(), OF_SERVICE);
		conditions.add("status", filter.status(), "status = :status");
		conditions.add("min", filter.min(), "duration_us >= :min * 1000");
		conditions.add("model", filter.model(),
				"EXISTS (SELECT FROM llm_calls AS c WHERE c.trace_key = traces.id AND c.model = :model %s)"
					.formatted(spans));
		ScoreCondition score = filter.scoreCondition();
		if (score != null) {
			conditions.add(score.parameters(), SCORED.formatted(score.sql(), spans));
		}
		conditions.add("text", like(filter.text()), """
				(root_span_name ILIKE :text
				 OR EXISTS (SELECT FROM trace_spans AS s WHERE s.trace_id = traces.id AND s.name ILIKE :text %s))"""
			.formatted(spans));
		return conditions;
	}

	private static @Nullable String like(@Nullable String text) {
		return (text != null) ? "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%" : null;
	}

	/** The conditions of a statement, and their values. */
	private static final class Conditions {

		private final StringBuilder sql = new StringBuilder();

		private final Map<String, @Nullable Object> parameters = new HashMap<>();

		void add(Map<String, @Nullable Object> parameters, String condition) {
			this.sql.append("\nAND ").append(condition);
			this.parameters.putAll(parameters);
		}

		void add(String name, @Nullable Object value, String condition) {
			if (value != null) {
				this.sql.append("\nAND ").append(condition);
				this.parameters.put(name, value);
			}
		}

	}

	/**
	 * The traces with these keys, in the order of the keys.
	 */
	List<TraceRow> rows(List<PageKey> keys) {
		if (keys.isEmpty()) {
			return List.of();
		}
		Map<UUID, PageKey> places = keys.stream().collect(Collectors.toMap(PageKey::id, Function.identity()));
		return this.jdbc.sql("""
				SELECT t.id, t.trace_id, %s AS name, t.service_name, t.start_time, t.duration_us, t.status,
				       t.span_count, c.models, c.tokens, c.cost
				  FROM traces AS t
				  LEFT JOIN LATERAL (
				       SELECT array_agg(DISTINCT model) FILTER (WHERE model IS NOT NULL) AS models,
				              sum(total_tokens) AS tokens, sum(cost_usd) AS cost
				         FROM llm_calls
				        WHERE trace_key = t.id) AS c ON true
				 WHERE t.id = ANY (:ids)
				 ORDER BY array_position(:ids, t.id)
				""".formatted(PagesDatabase.TRACE_NAME))
			.param("ids", keys.stream().map(PageKey::id).toArray(UUID[]::new))
			.query((row, number) -> row(row, Objects.requireNonNull(places.get(row.getObject("id", UUID.class)))))
			.list();
	}

	/** All traces of a time that match a filter. */
	Export export(TimeRange range, TraceFilter filter) {
		Conditions conditions = conditions(filter, SPANS_OF_EACH);
		conditions.parameters.put("from", PagesDatabase.timestamp(range.from()));
		conditions.parameters.put("to", PagesDatabase.timestamp(range.to()));
		return new Export("traces", """
				SELECT t.trace_id, %s AS name, t.service_name, t.start_time, t.end_time, t.duration_us, t.status,
				       t.status_message, t.span_count AS spans, c.*
				  FROM (SELECT * FROM traces WHERE start_time >= :from AND start_time < :to %s) AS t
				 CROSS JOIN LATERAL (
				       SELECT count(*) AS calls, count(*) FILTER (WHERE failed) AS failed_calls,
				              array_agg(DISTINCT model) FILTER (WHERE model IS NOT NULL) AS models,
				              sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
				              sum(total_tokens) AS total_tokens, sum(cost_usd) AS cost_usd
				         FROM llm_calls
				        WHERE trace_key = t.id) AS c
				 ORDER BY t.start_time, t.id
				""".formatted(PagesDatabase.TRACE_NAME, conditions.sql), conditions.parameters);
	}

	private static TraceRow row(ResultSet row, PageKey key) throws SQLException {
		return new TraceRow(key, row.getString("trace_id"), row.getString("name"), row.getString("service_name"),
				Objects.requireNonNull(PagesDatabase.instant(row, "start_time")),
				PagesDatabase.number(row, "duration_us"), row.getString("status"), row.getLong("span_count"),
				PagesDatabase.texts(row, "models"), PagesDatabase.number(row, "tokens"), row.getBigDecimal("cost"));
	}

	/**
	 * The services of the traces, found by walking through the index from one to the
	 * next: not by a recursive query, which a distributed PostgreSQL does not take.
	 */
	List<String> services() {
		List<String> services = new ArrayList<>();
		String next = serviceAfter("");
		while (next != null && services.size() < MAX_SERVICES) {
			services.add(next);
			next = serviceAfter(next);
		}
		return services;
	}

	private @Nullable String serviceAfter(String name) {
		return this.jdbc.sql("SELECT min(service_name) FROM traces WHERE service_name > :name")
			.param("name", name)
			.query((row, number) -> Optional.ofNullable(row.getString(1)))
			.single()
			.orElse(null);
	}

	/**
	 * Whether there is a trace of that id.
	 */
	boolean exists(String traceId) {
		return this.jdbc.sql("SELECT EXISTS (SELECT FROM traces WHERE id = :id)")
			.param("id", Ids.trace(traceId))
			.query(Boolean.class)
			.single();
	}

}
