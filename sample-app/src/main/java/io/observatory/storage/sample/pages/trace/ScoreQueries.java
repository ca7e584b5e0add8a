package io.observatory.storage.sample.pages.trace;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;

import io.observatory.storage.sample.pages.PagesDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads scores, the latest of them. Only the beginning of a long comment is read.
 */
@Component
class ScoreQueries {

	private static final int MAX_SCORES = 100;

	private static final String COLUMNS = "s.name, s.source, s.value, s.label, left(s.comment, :max) AS comment, s.timestamp";

	/**
	 * Of a trace, or a span of it; a response is known by the span that got it. The
	 * responses come first, by themselves: a distributed PostgreSQL has their scores on
	 * other servers.
	 */
	private static final String OF_TRACE = """
			WITH responses AS MATERIALIZED (
			    SELECT p.span_id, p.attributes ->> 'gen_ai.response.id' AS id
			      FROM trace_spans AS p
			     WHERE p.trace_id = :trace AND (:span::text IS NULL OR p.span_id = :span)
			       AND p.start_time BETWEEN :from AND :to
			)
			SELECT s.span_id, %1$s
			  FROM scores AS s
			 WHERE s.target_id = :trace AND (:span::text IS NULL OR s.span_id = :span)
			UNION ALL
			SELECT r.span_id, %1$s
			  FROM responses AS r
			  JOIN scores AS s ON s.response_id = r.id
			""".formatted(COLUMNS);

	private static final String OF_CONVERSATION = """
			SELECT s.span_id, %1$s
			  FROM scores AS s
			 WHERE s.conversation_id = :id
			UNION ALL
			SELECT s.span_id, %1$s
			  FROM scores AS s
			 WHERE s.span_id IS NULL
			   AND s.target_id IN (SELECT p.trace_id FROM trace_spans AS p
			                        WHERE p.attributes ->> 'gen_ai.conversation.id' = :id)
			""".formatted(COLUMNS);

	private final JdbcClient jdbc;

	ScoreQueries(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	/** Those of a trace and of its spans. */
	List<GivenScore> ofTrace(UUID trace, SpanTimes times) {
		return ofTrace(trace, null, times);
	}

	/** Those of a span, and of the response that it got. */
	List<GivenScore> ofSpan(UUID trace, String spanId, SpanTimes times) {
		return ofTrace(trace, spanId, times);
	}

	private List<GivenScore> ofTrace(UUID trace, @Nullable String spanId, SpanTimes times) {
		return read(OF_TRACE, (query) -> query.param("trace", trace).param("span", spanId).params(times.parameters()));
	}

	/** Those of a conversation, and of its traces as a whole. */
	List<GivenScore> ofConversation(String id) {
		return read(OF_CONVERSATION, (query) -> query.param("id", id));
	}

	private List<GivenScore> read(String sql, UnaryOperator<JdbcClient.StatementSpec> parameters) {
		return parameters.apply(this.jdbc.sql(sql + " ORDER BY timestamp DESC, name LIMIT :limit"))
			.param("max", TraceQueries.VALUE_HEAD)
			.param("limit", MAX_SCORES)
			.query(ScoreQueries::score)
			.list();
	}

	private static GivenScore score(ResultSet row, int number) throws SQLException {
		return new GivenScore(row.getString("span_id"), row.getString("name"), row.getString("source"),
				row.getObject("value", Double.class), row.getString("label"), row.getString("comment"),
				Objects.requireNonNull(PagesDatabase.instant(row, "timestamp")));
	}

}
