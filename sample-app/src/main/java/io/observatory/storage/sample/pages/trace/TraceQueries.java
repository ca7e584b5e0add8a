package io.observatory.storage.sample.pages.trace;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import io.observatory.storage.sample.pages.NotStoredException;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.trace.SpanDetail.Attribute;
import io.observatory.storage.sample.pages.trace.SpanDetail.Call;
import io.observatory.storage.sample.pages.trace.SpanDetail.Event;
import io.observatory.storage.sample.pages.trace.SpanDetail.Link;
import io.observatory.storage.sample.pages.trace.SpanDetail.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads one trace, and one span. Only the beginning of a long value is read.
 */
@Component
class TraceQueries {

	/** Characters of an attribute's value that are shown at once. */
	static final int VALUE_HEAD = 500;

	/** The maximum length of a value that a page shows. */
	static final int MAX_VALUE = 1_000_000;

	static final int MAX_LOGS = 100;

	private static final String SPAN = """
			span_id, parent_span_id, name, service_name, start_time, duration_us, status = 'error' AS failed,
			CASE WHEN attributes ->> 'gen_ai.operation.name'
			          IN ('chat', 'generate_content', 'text_completion', 'image') THEN 'llm'
			     WHEN attributes ->> 'gen_ai.operation.name' IN ('embeddings', 'embedding') THEN 'embedding'
			     WHEN attributes ->> 'gen_ai.operation.name' = 'execute_tool' THEN 'tool'
			     WHEN attributes ->> 'gen_ai.operation.name' = 'invoke_workflow' THEN 'chain'
			     WHEN attributes ->> 'gen_ai.operation.name' = 'retrieval' THEN 'retriever'
			     WHEN attributes ->> 'gen_ai.operation.name' = 'rerank' THEN 'reranker'
			     WHEN attributes ->> 'gen_ai.operation.name' = 'guardrail' THEN 'guardrail'
			     WHEN attributes ->> 'gen_ai.operation.name' IS NOT NULL THEN 'agent'
			     WHEN jsonb_exists_any(attributes, ARRAY['gen_ai.request.model', 'gen_ai.response.model', 'llm.model'])
			          THEN 'llm'
			     WHEN jsonb_exists_any(attributes, ARRAY['db.system', 'db.system.name']) THEN 'db'
			     WHEN kind IN ('producer', 'consumer') THEN 'messaging'
			     ELSE kind END AS type
			""";

	private final JdbcClient jdbc;

	private final SpanConversation conversation;

	private final ScoreQueries scores;

	TraceQueries(PagesDatabase database, SpanConversation conversation, ScoreQueries scores) {
		this.jdbc = database.jdbc();
		this.conversation = conversation;
		this.scores = scores;
	}

	/**
	 * A trace by its key or its id.
	 * @throws NotStoredException when there is none
	 */
	TraceHead head(String id) {
		return this.jdbc.sql("""
				SELECT t.id, t.trace_id, %s AS name, t.service_name, t.start_time, t.end_time, t.duration_us, t.status,
				       t.status_message, t.span_count
				  FROM traces AS t
				 WHERE t.id = :id
				""".formatted(PagesDatabase.TRACE_NAME))
			.param("id", Ids.trace(id))
			.query((row, number) -> head(row))
			.optional()
			.orElseThrow(() -> new NotStoredException("This trace is not stored. It may have been too old to keep, or "
					+ "still be in a buffer: what arrives is stored within five seconds."));
	}

	private TraceHead head(ResultSet trace) throws SQLException {
		UUID id = trace.getObject("id", UUID.class);
		Instant start = Objects.requireNonNull(PagesDatabase.instant(trace, "start_time"));
		SpanTimes spans = spanTimes(id, start, PagesDatabase.instant(trace, "end_time"), trace.getLong("span_count"));
		Calls calls = calls(id, spans);
		return new TraceHead(id, trace.getString("trace_id"), trace.getString("name"), trace.getString("service_name"),
				start, PagesDatabase.number(trace, "duration_us"), trace.getString("status"),
				trace.getString("status_message"), calls.models(), calls.calls(), calls.tokens(), calls.cost(),
				calls.conversations(), spans);
	}

	/**
	 * Those that the trace's row names, if all its spans start then. They need not, if
	 * the trace was declared with other times or a span has not ended.
	 */
	private SpanTimes spanTimes(UUID trace, Instant start, @Nullable Instant end, long spans) {
		SpanTimes named = SpanTimes.between(start, (end != null) ? end : start);
		long found = this.jdbc
			.sql("SELECT count(*) FROM trace_spans WHERE trace_id = :trace AND start_time BETWEEN :from AND :to")
			.param("trace", trace)
			.params(named.parameters())
			.query(Long.class)
			.single();
		return (found == spans) ? named : SpanTimes.ANY;
	}

	private Calls calls(UUID trace, SpanTimes spans) {
		return this.jdbc.sql("""
				SELECT array_agg(DISTINCT model) FILTER (WHERE model IS NOT NULL) AS models, count(*) AS calls,
				       sum(total_tokens) AS tokens, sum(cost_usd) AS cost,
				       array_agg(DISTINCT conversation_id) FILTER (WHERE conversation_id IS NOT NULL) AS conversations
				  FROM llm_calls
				 WHERE trace_key = :trace AND start_time BETWEEN :from AND :to
				""")
			.param("trace", trace)
			.params(spans.parameters())
			.query((row, number) -> new Calls(PagesDatabase.texts(row, "models"), row.getLong("calls"),
					PagesDatabase.number(row, "tokens"), row.getBigDecimal("cost"),
					PagesDatabase.texts(row, "conversations")))
			.single();
	}

	/** The calls of models of a trace, together. */
	private record Calls(List<String> models, long calls, @Nullable Long tokens, @Nullable BigDecimal cost,
			List<String> conversations) {
	}

	/**
	 * The spans of a trace, the earliest of them if there are more than a page can hold.
	 */
	List<SpanRow> spans(TraceHead trace, int limit) {
		return this.jdbc
			.sql("SELECT " + SPAN + " FROM trace_spans WHERE trace_id = :trace AND start_time BETWEEN :from AND :to "
					+ "ORDER BY start_time LIMIT :limit")
			.param("trace", trace.id())
			.params(trace.spans().parameters())
			.param("limit", limit)
			.query(TraceQueries::span)
			.list();
	}

	private static SpanRow span(ResultSet row, int number) throws SQLException {
		return new SpanRow(row.getString("span_id"), row.getString("parent_span_id"), row.getString("name"),
				row.getString("service_name"), SpanType.of(row.getString("type")),
				Objects.requireNonNull(PagesDatabase.instant(row, "start_time")),
				PagesDatabase.number(row, "duration_us"), row.getBoolean("failed"));
	}

	/**
	 * All values of a span.
	 * @throws NotStoredException when the trace has no such span
	 */
	SpanDetail detail(TraceHead trace, String spanId) {
		Found found = this.jdbc
			.sql("SELECT id, kind, status, status_message, " + SPAN
					+ " FROM trace_spans WHERE trace_id = :trace AND span_id = :span "
					+ "AND start_time BETWEEN :from AND :to ORDER BY start_time LIMIT 1")
			.param("trace", trace.id())
			.param("span", spanId)
			.params(trace.spans().parameters())
			.query((row, number) -> new Found(row.getObject("id", UUID.class), span(row, number), row.getString("kind"),
					row.getString("status"), row.getString("status_message")))
			.optional()
			.orElseThrow(() -> new NotStoredException("This trace has no such span."));
		return new SpanDetail(found.row(), found.kind(), found.status(), found.statusMessage(), call(trace, spanId),
				attributes(trace, spanId, "attributes"), attributes(trace, spanId, "attributes -> 'otel.resource'"),
				this.conversation.of(trace.traceId(), spanId, trace.spans()),
				this.scores.ofSpan(trace.id(), spanId, trace.spans()), events(trace, spanId, found.id()),
				links(trace, spanId), logs(trace.traceId(), spanId));
	}

	private record Found(UUID id, SpanRow row, String kind, String status, @Nullable String statusMessage) {
	}

	private @Nullable Call call(TraceHead trace, String spanId) {
		return this.jdbc
			.sql("SELECT * FROM llm_calls WHERE trace_key = :trace AND span_id = :span "
					+ "AND start_time BETWEEN :from AND :to ORDER BY start_time LIMIT 1")
			.param("trace", trace.id())
			.param("span", spanId)
			.params(trace.spans().parameters())
			.query((row, number) -> new Call(row.getString("operation"), row.getString("provider"),
					row.getString("model"), PagesDatabase.number(row, "input_tokens"),
					PagesDatabase.number(row, "output_tokens"), PagesDatabase.number(row, "cached_tokens"),
					PagesDatabase.number(row, "reasoning_tokens"), row.getBigDecimal("cost_usd"),
					row.getString("cost_source"), PagesDatabase.number(row, "time_to_first_chunk_us"),
					PagesDatabase.texts(row, "finish_reasons"), row.getString("conversation_id"),
					row.getString("user_id"), row.getString("error_type")))
			.optional()
			.orElse(null);
	}

	private List<Attribute> attributes(TraceHead trace, String spanId, String object) {
		return this.jdbc
			.sql("""
					SELECT a.key, left(a.value #>> '{}', :head) AS head, length(a.value #>> '{}') AS length
					  FROM trace_spans
					 CROSS JOIN LATERAL jsonb_each(%s) AS a
					 WHERE trace_id = :trace AND span_id = :span AND start_time BETWEEN :from AND :to AND a.key <> 'otel.resource'
					 ORDER BY a.key COLLATE "C"
					"""
				.formatted("CASE jsonb_typeof(%1$s) WHEN 'object' THEN %1$s END".formatted(object)))
			.param("trace", trace.id())
			.param("span", spanId)
			.params(trace.spans().parameters())
			.param("head", VALUE_HEAD)
			.query((row, number) -> new Attribute(row.getString("key"), row.getString("head"), row.getInt("length")))
			.list();
	}

	/**
	 * One attribute of a span, whole unless it is very long.
	 */
	Attribute attribute(TraceHead trace, String spanId, String name) {
		return this.jdbc.sql("""
				SELECT left(v.text, :max) AS head, length(v.text) AS length
				  FROM trace_spans
				 CROSS JOIN LATERAL (
				       SELECT coalesce(attributes ->> :name, attributes -> 'otel.resource' ->> :name) AS text) AS v
				 WHERE trace_id = :trace AND span_id = :span AND start_time BETWEEN :from AND :to AND v.text IS NOT NULL
				 ORDER BY start_time
				 LIMIT 1
				""")
			.param("trace", trace.id())
			.param("span", spanId)
			.params(trace.spans().parameters())
			.param("name", name)
			.param("max", MAX_VALUE)
			.query((row, number) -> new Attribute(name, row.getString("head"), row.getInt("length")))
			.optional()
			.orElseThrow(() -> new NotStoredException("This span has no such attribute."));
	}

	/** The events that came with the span, and those that were written on their own. */
	private List<Event> events(TraceHead trace, String spanId, UUID id) {
		return this.jdbc.sql("""
				SELECT e ->> 'name' AS name, e ->> 'timestamp' AS time, e -> 'attributes' AS attributes
				  FROM trace_spans
				 CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(events) WHEN 'array' THEN events END) AS e
				 WHERE trace_id = :trace AND span_id = :span AND start_time BETWEEN :from AND :to
				UNION ALL
				SELECT name, to_char(timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), attributes
				  FROM trace_events
				 WHERE span_id = :id
				 LIMIT :limit
				""")
			.param("trace", trace.id())
			.param("span", spanId)
			.params(trace.spans().parameters())
			.param("id", id)
			.param("limit", SpanDetail.MAX_EVENTS)
			.query((row, number) -> new Event(row.getString("name"), time(row.getString("time")),
					notEmpty(row.getString("attributes"))))
			.list()
			.stream()
			.sorted(Comparator.comparing(Event::time, Comparator.nullsLast(Comparator.naturalOrder())))
			.toList();
	}

	private static @Nullable Instant time(@Nullable String text) {
		try {
			return (text != null) ? Instant.parse(text) : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	private static @Nullable String notEmpty(@Nullable String json) {
		return "{}".equals(json) ? null : json;
	}

	private List<Link> links(TraceHead trace, String spanId) {
		return this.jdbc.sql("""
				SELECT l ->> 'trace_id' AS trace_id, l ->> 'span_id' AS span_id,
				       l -> 'attributes' AS attributes
				  FROM trace_spans
				 CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(links) WHEN 'array' THEN links END) AS l
				 WHERE trace_id = :trace AND span_id = :span AND start_time BETWEEN :from AND :to
				""")
			.param("trace", trace.id())
			.param("span", spanId)
			.params(trace.spans().parameters())
			.query((row, number) -> new Link(row.getString("trace_id"), row.getString("span_id"),
					notEmpty(row.getString("attributes"))))
			.list();
	}

	/** One more than is shown, to know whether there are more. */
	private List<Log> logs(String traceId, String spanId) {
		return this.jdbc
			.sql("""
					SELECT timestamp, severity_number, severity_text,
					       left(coalesce(nullif(body, ''), attributes ->> 'otel.event_name', attributes ->> 'event.name'), :max)
					           AS text
					  FROM logs
					 WHERE trace_id = :trace AND span_id = :span
					 ORDER BY timestamp
					 LIMIT :limit
					""")
			.param("trace", traceId)
			.param("span", spanId)
			.param("max", VALUE_HEAD)
			.param("limit", MAX_LOGS + 1)
			.query((row, number) -> new Log(Objects.requireNonNull(PagesDatabase.instant(row, "timestamp")),
					row.getObject("severity_number", Integer.class), row.getString("severity_text"),
					row.getString("text")))
			.list();
	}

}
