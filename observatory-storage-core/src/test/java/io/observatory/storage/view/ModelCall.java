package io.observatory.storage.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.observatory.storage.model.Ids;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;

/**
 * A call of a model: as the view shows it, or as it follows from the span, by the rules
 * of the view's documentation and not by SQL.
 */
record ModelCall(String traceId, String spanId, Instant start, Long durationUs, String operation, String provider,
		String requestModel, String responseModel, String model, Long input, Long output, Long total, Long cached,
		Long cacheWrite, Long reasoning, BigDecimal cost, String costSource, Long firstChunkUs,
		List<String> finishReasons, String conversation, String user, boolean failed, String errorType) {

	private static final Set<String> OPERATIONS = Set.of("chat", "generate_content", "text_completion", "embeddings",
			"embedding", "image");

	private static final Set<String> MODEL_NAMES = Set.of("gen_ai.request.model", "gen_ai.response.model", "llm.model");

	private static final Pattern NUMBER = Pattern.compile(" *[-+]?([0-9]*)(?:\\.([0-9]*))?(e[-+]?[0-9]{1,2})? *",
			Pattern.CASE_INSENSITIVE);

	/** Returns whether the span is a call of a model, and no tool or framework around. */
	static boolean is(TraceSpan span) {
		Object operation = span.attributes().get("gen_ai.operation.name");
		if (operation != null) {
			return OPERATIONS.contains(operation);
		}
		return span.attributes().keySet().stream().anyMatch(MODEL_NAMES::contains);
	}

	static ModelCall of(TraceSpan span) {
		Attributes attributes = new Attributes(span.attributes());
		String operation = attributes.text("gen_ai.operation.name");
		String request = attributes.text("gen_ai.request.model", "llm.model");
		String response = attributes.text("gen_ai.response.model");
		Long input = attributes.integer("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
				"llm.usage.prompt_tokens");
		Long output = attributes.integer("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens",
				"llm.usage.completion_tokens");
		Long total = attributes.integer("llm.usage.total_tokens", "gen_ai.usage.total_tokens");
		return new ModelCall(Ids.traceId(span.traceId()), Ids.spanId(span.spanId()), micros(span.startTime()),
				(span.endTime() != null) ? ChronoUnit.MICROS.between(span.startTime(), span.endTime()) : null,
				(operation == null) ? "chat" : operation.equals("embedding") ? "embeddings" : operation,
				attributes.text("gen_ai.provider.name", "gen_ai.system", "llm.provider"), request, response,
				(response != null) ? response : request, input, output, (total != null) ? total : sum(input, output),
				attributes.integer("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
				attributes.integer("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
						"gen_ai.usage.cache_creation_input_tokens"),
				attributes.integer("gen_ai.usage.reasoning.output_tokens"),
				cost(attributes.number("llm.cost.amount_usd")), attributes.text("llm.cost.source"),
				attributes.firstChunk(), attributes.finishReasons(),
				attributes.text("gen_ai.conversation.id", "spring.ai.chat.client.conversation.id", "session.id"),
				attributes.text("user.id"), span.status() == Status.ERROR, attributes.text("error.type"));
	}

	static ModelCall of(ResultSet row) throws SQLException {
		return new ModelCall(row.getString("trace_id"), row.getString("span_id"),
				row.getTimestamp("start_time").toInstant(), row.getObject("duration_us", Long.class),
				row.getString("operation"), row.getString("provider"), row.getString("request_model"),
				row.getString("response_model"), row.getString("model"), row.getObject("input_tokens", Long.class),
				row.getObject("output_tokens", Long.class), row.getObject("total_tokens", Long.class),
				row.getObject("cached_tokens", Long.class), row.getObject("cache_write_tokens", Long.class),
				row.getObject("reasoning_tokens", Long.class), plain(row.getBigDecimal("cost_usd")),
				row.getString("cost_source"), row.getObject("time_to_first_chunk_us", Long.class),
				list(row.getArray("finish_reasons")), row.getString("conversation_id"), row.getString("user_id"),
				row.getBoolean("failed"), row.getString("error_type"));
	}

	/** Nobody pays less than nothing for a call, or as much as this. */
	private static BigDecimal cost(BigDecimal given) {
		boolean credible = given != null && given.signum() >= 0 && given.compareTo(new BigDecimal("10000")) <= 0;
		return credible ? plain(given) : null;
	}

	/** 1.0 and 1 are one number. */
	static BigDecimal plain(BigDecimal number) {
		return (number != null) ? number.stripTrailingZeros() : null;
	}

	static Instant micros(Instant time) {
		return time.truncatedTo(ChronoUnit.MICROS);
	}

	static List<String> list(Array array) throws SQLException {
		return (array != null) ? Arrays.asList((String[]) array.getArray()) : null;
	}

	private static Long sum(Long a, Long b) {
		return (a == null) ? b : (b == null) ? a : Long.valueOf(a + b);
	}

	/** The first of several names that has something wins. */
	private record Attributes(Map<String, ?> all) {

		String text(String... names) {
			return Arrays.stream(names).map(this::string).filter(Objects::nonNull).findFirst().orElse(null);
		}

		Long integer(String... names) {
			return Arrays.stream(names)
				.map((name) -> notNegative(string(name)))
				.filter(Objects::nonNull)
				.findFirst()
				.orElse(null);
		}

		/** By a number below zero some say that they do not know. */
		private static Long notNegative(String text) {
			return (text != null && text.contains("-")) ? null : rounded(text);
		}

		BigDecimal number(String name) {
			String text = string(name);
			Matcher number = NUMBER.matcher((text != null) ? text : "");
			if (!number.matches() || digits(number, 1) > 30 || digits(number, 2) > 60
					|| digits(number, 1) + digits(number, 2) == 0) {
				return null;
			}
			return new BigDecimal(text.replace(" ", ""));
		}

		Long firstChunk() {
			BigDecimal seconds = number("gen_ai.response.time_to_first_chunk");
			BigDecimal millis = number("llm.latency.ttft_ms");
			if (seconds != null) {
				return rounded(seconds.scaleByPowerOfTen(6).toPlainString());
			}
			return (millis != null) ? rounded(millis.scaleByPowerOfTen(3).toPlainString()) : null;
		}

		List<String> finishReasons() {
			Object reasons = this.all.get("gen_ai.response.finish_reasons");
			if (reasons instanceof List<?> list) {
				return list.stream().map((reason) -> (String) reason).collect(Collectors.toCollection(ArrayList::new));
			}
			String reason = (reasons instanceof String text) ? text : string("gen_ai.response.finish_reason");
			return (reason != null) ? List.of(reason) : null;
		}

		/** As JSON shows it where it is no string. */
		private String string(String name) {
			Object value = this.all.get(name);
			if (value instanceof Double || value instanceof BigDecimal) {
				boolean finite = !(value instanceof Double real) || Double.isFinite(real);
				return finite ? new BigDecimal(value.toString()).toPlainString() : value.toString();
			}
			if (value instanceof List<?> list) {
				return list.stream().map((one) -> "\"" + one + "\"").collect(Collectors.joining(", ", "[", "]"));
			}
			return (value != null) ? value.toString() : null;
		}

		private static Long rounded(String text) {
			Matcher number = NUMBER.matcher((text != null) ? text : "");
			if (!number.matches() || digits(number, 1) < 1 || digits(number, 1) > 18 || digits(number, 2) > 60
					|| number.group(3) != null) {
				return null;
			}
			return new BigDecimal(text.replace(" ", "")).setScale(0, RoundingMode.HALF_UP).longValueExact();
		}

		private static int digits(Matcher number, int group) {
			return (number.group(group) != null) ? number.group(group).length() : 0;
		}

	}

}
