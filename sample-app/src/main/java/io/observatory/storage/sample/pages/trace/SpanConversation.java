package io.observatory.storage.sample.pages.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.dialect.EventMessages;
import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.model.Ids;
import io.observatory.storage.sample.pages.PagesDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The messages of a span. They are in its attributes, else in its events, else in log
 * records with its id.
 */
@Component
class SpanConversation {

	/**
	 * Up to this size a conversation is read as a whole, because its end is the most
	 * interesting part.
	 */
	private static final int MAX_LENGTH = 8_000_000;

	private static final int MAX_EVENTS = 500;

	private final JdbcClient jdbc;

	SpanConversation(PagesDatabase database) {
		this.jdbc = database.jdbc();
	}

	List<Message> of(String traceId, String spanId, SpanTimes times) {
		Map<String, String> content = content(traceId, spanId, times);
		List<Message> input = MessageReader.input("user",
				first(content, "gen_ai.input.messages", "gen_ai.prompt", "llm.input"));
		List<Message> output = MessageReader.output("assistant",
				first(content, "gen_ai.output.messages", "gen_ai.completion", "llm.output"));
		List<Message> messages = new ArrayList<>(
				MessageReader.input("system", content.get("gen_ai.system_instructions")));
		if (input.isEmpty() || output.isEmpty()) {
			EventMessages events = events(traceId, spanId, times);
			input = input.isEmpty() ? MessageReader.messages(events.input(), "user", false) : input;
			output = output.isEmpty() ? MessageReader.messages(events.output(), "assistant", true) : output;
		}
		messages.addAll(input);
		messages.addAll(output);
		messages.addAll(MessageReader.value("arguments", content.get("gen_ai.tool.call.arguments"), false));
		messages.addAll(MessageReader.value("result", content.get("gen_ai.tool.call.result"), true));
		return messages;
	}

	private Map<String, String> content(String traceId, String spanId, SpanTimes times) {
		Map<String, String> content = new HashMap<>();
		this.jdbc.sql("""
				SELECT n.name, left(attributes ->> n.name, :max) AS text
				  FROM trace_spans
				 CROSS JOIN unnest(ARRAY['gen_ai.system_instructions', 'gen_ai.input.messages', 'gen_ai.prompt',
				       'llm.input', 'gen_ai.output.messages', 'gen_ai.completion', 'llm.output',
				       'gen_ai.tool.call.arguments', 'gen_ai.tool.call.result']) AS n (name)
				 WHERE trace_id = :trace AND span_id = :span AND start_time BETWEEN :from AND :to
				   AND jsonb_exists(attributes, n.name)
				""")
			.param("trace", Ids.trace(traceId))
			.param("span", spanId)
			.params(times.parameters())
			.param("max", MAX_LENGTH)
			.query((row) -> {
				if (row.getString("text") != null) {
					content.put(row.getString("name"), row.getString("text"));
				}
			});
		return content;
	}

	private static @Nullable String first(Map<String, String> content, String... names) {
		for (String name : names) {
			if (content.containsKey(name)) {
				return content.get(name);
			}
		}
		return null;
	}

	private EventMessages events(String traceId, String spanId, SpanTimes times) {
		EventMessages messages = new EventMessages();
		this.jdbc
			.sql("""
					(SELECT e ->> 'name' AS name, e -> 'attributes' AS attributes, NULL AS body
					   FROM trace_spans
					  CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(events) WHEN 'array' THEN events END) AS e
					  WHERE trace_id = :key AND span_id = :span AND start_time BETWEEN :from AND :to AND e ->> 'name' LIKE 'gen\\_ai.%'
					  LIMIT :limit)
					UNION ALL
					(SELECT n.name, l.attributes, left(l.body, :max)
					   FROM logs AS l
					  CROSS JOIN LATERAL (
					        SELECT coalesce(l.attributes ->> 'otel.event_name', l.attributes ->> 'event.name') AS name) AS n
					  WHERE l.trace_id = :trace AND l.span_id = :span AND n.name LIKE 'gen\\_ai.%'
					  ORDER BY l.timestamp, l.id
					  LIMIT :limit)
					""")
			.param("span", spanId)
			.param("key", Ids.trace(traceId))
			.param("trace", traceId)
			.params(times.parameters())
			.param("max", MAX_LENGTH)
			.param("limit", MAX_EVENTS)
			.query((row) -> {
				messages.add(row.getString("name"), attributes(row.getString("attributes")), row.getString("body"));
			});
		return messages;
	}

	private static Map<String, @Nullable Object> attributes(@Nullable String json) {
		Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
		JsonText.object(json).forEach((name, value) -> attributes.put(String.valueOf(name), value));
		return attributes;
	}

}
