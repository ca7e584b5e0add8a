package io.observatory.storage.llm.dialect;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.PriceList;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Of each dialect: spans as its instrumentation sent them, and the rows of
 * {@code llm_calls} that are to come of them, in files of {@code dialects/}.
 */
class DialectsIT {

	private final Database database = Database.get();

	@BeforeEach
	void clear() {
		this.database.jdbc().execute("DELETE FROM observatory.trace_spans; DELETE FROM observatory.traces");
	}

	@ParameterizedTest
	@ValueSource(strings = { "openinference-openai", "langfuse", "vercel-ai5", "traceloop-old", "otel-openai",
			"vercel-ai6", "vercel-ai7", "traceloop-new", "langsmith", "openlit", "openinference-frameworks",
			"otel-generations", "ai-5.0", "ai-6.0", "ai-7.0", "langfuse-js-5.11", "langsmith-js-0.12",
			"traceloop-js-0.27", "openlit-js-1.15", "openinference-js", "anthropic-sdk-1.14" })
	void whatWasSentIsInTheRowsOfItsCalls(String dialect) {
		CallCost cost = new CallCost(PriceList.builtIn());
		List<TraceSpan> spans = SentSpans.of(dialect + ".jsonl")
			.stream()
			.map(Dialects::normalize)
			.map(cost::priceInPlace)
			.toList();
		try (TraceWriter writer = new TraceWriter(this.database.dataSource(), WriterConfig.traces().build())) {
			spans.forEach(writer::writeSpan);
		}
		assertThat(rows()).containsExactlyInAnyOrderElementsOf(SentSpans.lines(dialect + ".expected.jsonl"));
	}

	private List<Map<String, Object>> rows() {
		return this.database.jdbc().query("""
				SELECT span_id, operation, provider, model, input_tokens, output_tokens, total_tokens, cached_tokens,
				       cache_write_tokens, reasoning_tokens, cost_usd, time_to_first_chunk_us, finish_reasons,
				       conversation_id, user_id, failed, input::text AS input, output::text AS output
				  FROM observatory.llm_calls
				""", (row, number) -> {
			Map<String, Object> values = new LinkedHashMap<>();
			for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
				String name = row.getMetaData().getColumnLabel(column);
				Object value = value(name, row.getObject(column));
				if (value != null) {
					values.put(name, value);
				}
			}
			return values;
		});
	}

	/** As JSON has it in the file of expected rows. */
	private static Object value(String name, Object value) throws SQLException {
		if (value instanceof Array array) {
			return Arrays.asList((Object[]) array.getArray());
		}
		if (value instanceof BigDecimal decimal) {
			return decimal.doubleValue();
		}
		if (value instanceof Long number) {
			return Math.toIntExact(number);
		}
		boolean json = name.equals("input") || name.equals("output");
		return (json && value != null) ? SentSpans.JSON.readValue((String) value, Object.class) : value;
	}

}
