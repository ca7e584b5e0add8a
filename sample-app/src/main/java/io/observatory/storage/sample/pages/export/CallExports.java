package io.observatory.storage.sample.pages.export;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.TimeRange;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Exports calls of models, each with all columns of the view {@code llm_calls}, and their
 * conversations.
 */
@Controller
class CallExports {

	private static final String ORDER = " ORDER BY start_time, id";

	/** By the index of conversations, as their page reads it. */
	private static final String OF_CONVERSATION = """
			id IN (SELECT s.id FROM trace_spans AS s WHERE s.attributes ->> 'gen_ai.conversation.id' = :conversation)
			""";

	/** The columns of the view llm_conversations, of the calls of a time. */
	private static final String CONVERSATIONS = """
			SELECT conversation_id, min(start_time) AS first_call_time, max(start_time) AS last_call_time,
			       count(*) AS calls, count(*) FILTER (WHERE failed) AS failed_calls,
			       count(DISTINCT trace_key) AS traces,
			       array_agg(DISTINCT model) FILTER (WHERE model IS NOT NULL) AS models,
			       array_agg(DISTINCT user_id) FILTER (WHERE user_id IS NOT NULL) AS users,
			       sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
			       sum(total_tokens) AS total_tokens, sum(cost_usd) AS cost_usd
			  FROM llm_calls
			 WHERE start_time >= :from AND start_time < :to AND conversation_id IS NOT NULL
			 GROUP BY conversation_id
			 ORDER BY first_call_time, conversation_id
			""";

	private final Exporter exporter;

	CallExports(Exporter exporter) {
		this.exporter = exporter;
	}

	/**
	 * Sends the calls of a time, or those of one conversation, whenever they were.
	 */
	@GetMapping("/calls.{format:csv|jsonl}")
	void calls(@PathVariable String format, @ModelAttribute("range") TimeRange range,
			@RequestParam(required = false) @Nullable String service,
			@RequestParam(required = false) @Nullable String model,
			@RequestParam(required = false) @Nullable String conversation, HttpServletResponse response)
			throws IOException {
		this.exporter.send(calls(range, service, model, conversation), format, response);
	}

	private static Export calls(TimeRange range, @Nullable String service, @Nullable String model,
			@Nullable String conversation) {
		Map<String, Object> parameters = new HashMap<>();
		StringBuilder sql = new StringBuilder("SELECT * FROM llm_calls WHERE ");
		if (conversation != null) {
			sql.append(OF_CONVERSATION);
			parameters.put("conversation", conversation);
		}
		else {
			sql.append("start_time >= :from AND start_time < :to");
			parameters.putAll(times(range));
		}
		if (service != null) {
			sql.append(" AND service_name = :service");
			parameters.put("service", service);
		}
		if (model != null) {
			sql.append(" AND model = :model");
			parameters.put("model", model);
		}
		return new Export("calls", sql.append(ORDER).toString(), parameters);
	}

	@GetMapping("/conversations.{format:csv|jsonl}")
	void conversations(@PathVariable String format, @ModelAttribute("range") TimeRange range,
			HttpServletResponse response) throws IOException {
		this.exporter.send(new Export("conversations", CONVERSATIONS, times(range)), format, response);
	}

	private static Map<String, Object> times(TimeRange range) {
		return Map.of("from", PagesDatabase.timestamp(range.from()), "to", PagesDatabase.timestamp(range.to()));
	}

}
