package io.observatory.storage.sample.pages.trace;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

import io.observatory.storage.sample.pages.NotStoredException;
import io.observatory.storage.sample.pages.PageKey;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.trace.Conversation.Turn;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Reads one conversation, by the index of conversations.
 */
@Component
class ConversationQueries {

	/**
	 * Spans with the newest name of the attribute; current versions always store it. They
	 * are found again by what each layout has an index of.
	 */
	private static final String CALLS = """
			FROM llm_calls AS c
			WHERE (c.trace_key, c.span_id, c.start_time, c.id)
			      IN (SELECT s.trace_id, s.span_id, s.start_time, s.id
			            FROM trace_spans AS s WHERE s.attributes ->> 'gen_ai.conversation.id' = :id)
			""";

	private static final PageKey START = new PageKey(Long.MIN_VALUE / 1_000_000, new UUID(0, 0));

	private final JdbcClient jdbc;

	private final SpanConversation said;

	private final ScoreQueries scores;

	ConversationQueries(PagesDatabase database, SpanConversation said, ScoreQueries scores) {
		this.jdbc = database.jdbc();
		this.said = said;
		this.scores = scores;
	}

	/**
	 * A conversation by its id.
	 * @throws NotStoredException when no call belongs to it
	 */
	Conversation conversation(String id) {
		return this.jdbc.sql("""
				SELECT count(*) AS calls, count(DISTINCT c.trace_key) AS traces, min(c.start_time) AS first,
				       max(c.start_time) AS last, sum(c.total_tokens) AS tokens, sum(c.cost_usd) AS cost,
				       array_agg(DISTINCT c.model) FILTER (WHERE c.model IS NOT NULL) AS models,
				       array_agg(DISTINCT c.user_id) FILTER (WHERE c.user_id IS NOT NULL) AS users
				""" + CALLS + "HAVING count(*) > 0")
			.param("id", id)
			.query((row, number) -> new Conversation(id, row.getLong("calls"), row.getLong("traces"),
					Objects.requireNonNull(PagesDatabase.instant(row, "first")),
					Objects.requireNonNull(PagesDatabase.instant(row, "last")), PagesDatabase.number(row, "tokens"),
					row.getBigDecimal("cost"), PagesDatabase.texts(row, "models"), PagesDatabase.texts(row, "users")))
			.optional()
			.orElseThrow(() -> new NotStoredException("No call of this conversation is stored."));
	}

	/**
	 * The calls that come after a place in it, in their order.
	 * @param after the place, or null for the beginning
	 */
	List<Turn> turns(String id, @Nullable PageKey after, int limit) {
		PageKey from = (after != null) ? after : START;
		return this.jdbc.sql("""
				SELECT c.id, c.trace_id, c.trace_key, c.span_id, c.start_time, c.duration_us, c.model, c.total_tokens,
				       c.cost_usd, c.failed
				""" + CALLS + """
				   AND (c.start_time, c.id) > (:time, :after)
				 ORDER BY c.start_time, c.id
				 LIMIT :limit
				""")
			.param("id", id)
			.param("time", OffsetDateTime.ofInstant(from.startTime(), ZoneOffset.UTC))
			.param("after", from.id())
			.param("limit", limit)
			.query((row, number) -> turn(row))
			.list();
	}

	private Turn turn(ResultSet row) throws SQLException {
		Instant start = Objects.requireNonNull(PagesDatabase.instant(row, "start_time"));
		PageKey position = new PageKey(ChronoUnit.MICROS.between(Instant.EPOCH, start),
				row.getObject("id", UUID.class));
		UUID trace = row.getObject("trace_key", UUID.class);
		String key = trace.toString().replace("-", "");
		SpanTimes times = SpanTimes.between(start, start);
		return new Turn(key, row.getString("span_id"), position, start, PagesDatabase.number(row, "duration_us"),
				row.getString("model"), PagesDatabase.number(row, "total_tokens"), row.getBigDecimal("cost_usd"),
				row.getBoolean("failed"),
				news(this.said.of(row.getString("trace_id"), row.getString("span_id"), times)),
				this.scores.ofSpan(trace, row.getString("span_id"), times));
	}

	/**
	 * Each call repeats what was said before. What is new comes after the last answer.
	 */
	private static List<Message> news(List<Message> messages) {
		int from = 0;
		for (int i = 0; i < messages.size(); i++) {
			boolean answer = messages.get(i).style().equals("assistant") && !messages.get(i).output();
			from = answer ? i + 1 : from;
		}
		return messages.subList(from, messages.size());
	}

}
