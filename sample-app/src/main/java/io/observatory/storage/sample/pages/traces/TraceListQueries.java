package io.observatory.storage.sample.pages.traces;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.observatory.storage.sample.pages.PageLink;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds traces, a page at a time. A page is found by the place of the row before it, not
 * by its number: the hundredth costs as much as the first, and no row is skipped or shown
 * twice while others arrive.
 */
@Component
class TraceListQueries {

	static final int PAGE = 50;

	private static final String ROWS = """
			WITH page AS (
			    SELECT id, trace_id, root_span_name, service_name, start_time, duration_us, status, span_count,
			           %s AS key
			      FROM traces
			     WHERE start_time >= :from AND start_time < :to %s
			     ORDER BY %s
			     LIMIT :limit
			)
			SELECT p.*, c.models, c.tokens, c.cost
			  FROM page AS p
			  LEFT JOIN LATERAL (
			       SELECT array_agg(DISTINCT model) FILTER (WHERE model IS NOT NULL) AS models,
			              sum(total_tokens) AS tokens, sum(cost_usd) AS cost
			         FROM llm_calls
			        WHERE trace_key = p.id) AS c ON true
			""";

	/**
	 * Has the planner look at the spans of one trace after the other until the page is
	 * full. It would rather read all spans there are, once; that is better only where all
	 * traces have to be looked at anyway.
	 */
	private static final String SPANS_OF_EACH = "OFFSET 0";

	/** What is sorted by, and the same as the number of a {@link PageKey}. */
	private enum Order {

		NEWEST("start_time", "(extract(epoch FROM start_time) * 1000000)::bigint",
				"timestamptz 'epoch' + :value * interval '1 microsecond'"),

		/** What has not ended comes last. */
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
	 * The page after a key, or before one, or the first.
	 */
	TraceList page(TimeRange range, TraceFilter filter, @Nullable PageKey after, @Nullable PageKey before) {
		boolean backwards = before != null;
		List<TraceRow> rows = new ArrayList<>(rows(range, filter, backwards ? before : after, backwards));
		boolean more = rows.size() > PAGE;
		if (more) {
			rows.remove(PAGE);
		}
		if (backwards) {
			Collections.reverse(rows);
		}
		PageLink link = filter.link(range);
		boolean first = backwards ? !more : after == null;
		boolean last = !backwards && !more;
		return new TraceList(List.copyOf(rows), first ? null : link,
				(first || rows.isEmpty()) ? null : link.with("before", rows.get(0).key()),
				(last || rows.isEmpty()) ? null : link.with("after", rows.get(rows.size() - 1).key()));
	}

	private List<TraceRow> rows(TimeRange range, TraceFilter filter, @Nullable PageKey key, boolean backwards) {
		Order order = filter.slowestFirst() ? Order.SLOWEST : Order.NEWEST;
		String direction = backwards ? " ASC" : " DESC";
		StringBuilder conditions = new StringBuilder();
		Map<String, Object> parameters = new HashMap<>();
		addConditions(filter, conditions, parameters);
		if (key != null) {
			conditions
				.append("\nAND (%s, id) %s (%s, :id)".formatted(order.column, backwards ? ">" : "<", order.value));
			parameters.put("value", key.value());
			parameters.put("id", key.id());
		}
		return this.jdbc
			.sql(ROWS.formatted(order.key, conditions, order.column + direction + ", id" + direction) + " ORDER BY key"
					+ direction + ", id" + direction)
			.param("from", PagesDatabase.timestamp(range.from()))
			.param("to", PagesDatabase.timestamp(range.to()))
			.param("limit", PAGE + 1)
			.params(parameters)
			.query(TraceListQueries::row)
			.list();
	}

	private static void addConditions(TraceFilter filter, StringBuilder conditions, Map<String, Object> parameters) {
		String spans = filter.slowestFirst() ? "" : SPANS_OF_EACH;
		add(conditions, parameters, "service", filter.service(), "service_name = :service");
		add(conditions, parameters, "status", filter.status(), "status = :status");
		add(conditions, parameters, "min", filter.min(), "duration_us >= :min * 1000");
		add(conditions, parameters, "model", filter.model(),
				"EXISTS (SELECT FROM llm_calls AS c WHERE c.trace_key = traces.id AND c.model = :model %s)"
					.formatted(spans));
		add(conditions, parameters, "text", like(filter.text()), """
				(root_span_name ILIKE :text
				 OR EXISTS (SELECT FROM trace_spans AS s WHERE s.trace_id = traces.id AND s.name ILIKE :text %s))"""
			.formatted(spans));
	}

	private static void add(StringBuilder conditions, Map<String, Object> parameters, String name,
			@Nullable Object value, String condition) {
		if (value != null) {
			conditions.append("\nAND ").append(condition);
			parameters.put(name, value);
		}
	}

	private static @Nullable String like(@Nullable String text) {
		return (text != null) ? "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%" : null;
	}

	private static TraceRow row(ResultSet row, int number) throws SQLException {
		return new TraceRow(new PageKey(row.getLong("key"), row.getObject("id", UUID.class)), row.getString("trace_id"),
				row.getString("root_span_name"), row.getString("service_name"),
				Objects.requireNonNull(PagesDatabase.instant(row, "start_time")),
				PagesDatabase.number(row, "duration_us"), row.getString("status"), row.getLong("span_count"),
				PagesDatabase.texts(row, "models"), PagesDatabase.number(row, "tokens"), row.getBigDecimal("cost"));
	}

	/**
	 * The services that traces are of, by going from one to the next in the index.
	 */
	List<String> services() {
		return this.jdbc.sql("""
				WITH RECURSIVE services (name) AS (
				    SELECT min(service_name) FROM traces
				    UNION ALL
				    SELECT (SELECT min(service_name) FROM traces WHERE service_name > s.name)
				      FROM services AS s
				     WHERE s.name IS NOT NULL
				)
				SELECT name FROM services WHERE name IS NOT NULL LIMIT 1000
				""").query(String.class).list();
	}

	/**
	 * Whether there is a trace of that id.
	 */
	boolean exists(String traceId) {
		return this.jdbc.sql("SELECT EXISTS (SELECT FROM traces WHERE trace_id = :id)")
			.param("id", traceId)
			.query(Boolean.class)
			.single();
	}

}
