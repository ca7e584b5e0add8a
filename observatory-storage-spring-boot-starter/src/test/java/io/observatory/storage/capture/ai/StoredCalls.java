package io.observatory.storage.capture.ai;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

import io.observatory.storage.capture.ai.FakeProviders.Answered;
import io.observatory.storage.testing.App;
import io.observatory.storage.writer.TraceWriter;
import org.awaitility.Awaitility;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows of {@code llm_calls} beside what a provider says it answered.
 */
final class StoredCalls {

	/** The convention's finish reason for what a provider says. */
	private static final Map<String, String> FINISH_REASONS = Map.of("stop", "stop", "tool_calls", "tool_calls",
			"length", "length", "end_turn", "stop", "tool_use", "tool_calls", "max_tokens", "length");

	/** US dollars for a million tokens: input, cache read, cache write, output. */
	private static final List<BigDecimal> PRICES = List.of(new BigDecimal("3"), new BigDecimal("0.3"),
			new BigDecimal("3.75"), new BigDecimal("15"));

	private StoredCalls() {
	}

	/** Gives both models a price of their own. */
	static App priced(App app) {
		for (String model : List.of("gpt-4.1", "claude-sonnet-4-5")) {
			String name = "observatory.storage.capture.prices[" + model + "].";
			app.with(name + "input", PRICES.get(0))
				.with(name + "cache-read", PRICES.get(1))
				.with(name + "cache-write", PRICES.get(2))
				.with(name + "output", PRICES.get(3));
		}
		return app;
	}

	/** Waits for as many calls and returns all, in their order. */
	static List<Map<String, Object>> await(JdbcTemplate jdbc, TraceWriter writer, int calls) {
		Awaitility.await().until(() -> {
			writer.flush();
			return jdbc.queryForObject("SELECT count(*) FROM observatory.llm_calls", Integer.class) >= calls;
		});
		return all(jdbc, calls);
	}

	static List<Map<String, Object>> all(JdbcTemplate jdbc, int calls) {
		List<Map<String, Object>> rows = jdbc.queryForList("SELECT * FROM observatory.llm_calls ORDER BY start_time");
		assertThat(rows).hasSize(calls);
		return rows;
	}

	/**
	 * Asserts that each call is stored as the provider says it was answered, and once.
	 */
	static void assertEqual(List<Map<String, Object>> calls, List<Answered> answered) {
		assertThat(calls).hasSameSizeAs(answered);
		for (int i = 0; i < calls.size(); i++) {
			assertEqual(calls.get(i), answered.get(i));
		}
	}

	private static void assertEqual(Map<String, Object> call, Answered answered) {
		if (answered.status() != 200) {
			assertThat(call).as("%s", answered)
				.containsEntry("provider", answered.provider())
				.containsEntry("status", "error")
				.containsEntry("cost_usd", null);
			return;
		}
		assertThat(call).as("%s", answered)
			.containsEntry("provider", answered.provider())
			.containsEntry("response_model", answered.model())
			.containsEntry("input_tokens", answered.input())
			.containsEntry("output_tokens", answered.output())
			.containsEntry("total_tokens", answered.input() + answered.output())
			.containsEntry("cached_tokens", answered.cacheRead())
			.containsEntry("cache_write_tokens", answered.cacheWrite())
			.containsEntry("reasoning_tokens", answered.reasoning())
			.containsEntry("status", "ok")
			.containsEntry("error_type", null);
		assertThat((BigDecimal) call.get("cost_usd")).isEqualByComparingTo(cost(answered));
		assertThat(call.get("finish_reasons")).hasToString("{" + FINISH_REASONS.get(answered.finishReason()) + "}");
	}

	private static BigDecimal cost(Answered answered) {
		long fresh = answered.input() - answered.cacheRead() - answered.cacheWrite();
		return cost(fresh, 0).add(cost(answered.cacheRead(), 1))
			.add(cost(answered.cacheWrite(), 2))
			.add(cost(answered.output(), 3));
	}

	private static BigDecimal cost(long tokens, int price) {
		return PRICES.get(price).multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
	}

}
