package io.observatory.storage.llm.dialect;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.Status;
import org.jspecify.annotations.Nullable;

/**
 * Langfuse's SDKs. Source: langfuse/langfuse-js at 0d5a8d0 (5.10.1),
 * {@code packages/core/src/constants.ts}, {@code packages/openai/src/parseOpenAI.ts};
 * langfuse/langfuse-python at c3c6a09 (4.14.3), {@code langfuse/openai.py},
 * {@code langfuse/langchain/CallbackHandler.py}; tried with JS 5.11.1.
 * <table>
 * <caption>Names</caption>
 * <tr>
 * <td>{@code langfuse.observation.type}: generation, embedding, tool, agent, chain,
 * retriever, guardrail, evaluator</td>
 * <td>{@code gen_ai.operation.name}</td>
 * </tr>
 * <tr>
 * <td>{@code langfuse.observation.model.name}, {@code .model.parameters}</td>
 * <td>{@code gen_ai.request.*}</td>
 * </tr>
 * <tr>
 * <td>{@code langfuse.observation.metadata.ls_provider} (LangChain)</td>
 * <td>{@code gen_ai.provider.name}</td>
 * </tr>
 * <tr>
 * <td>{@code langfuse.observation.usage_details}</td>
 * <td>{@code gen_ai.usage.*}: the parts ({@code input}, {@code input_cached_tokens} …)
 * exclude each other, so that their sum is the input; of OpenAI's own usage, which Python
 * sends as it is, {@code prompt_tokens} is</td>
 * </tr>
 * <tr>
 * <td>{@code langfuse.observation.cost_details}</td>
 * <td>{@code llm.cost.*_usd}</td>
 * </tr>
 * <tr>
 * <td>{@code langfuse.observation.completion_start_time}</td>
 * <td>{@code gen_ai.response.time_to_first_chunk}, from the span's start</td>
 * </tr>
 * <tr>
 * <td>{@code langfuse.observation.level} ERROR, {@code .status_message}</td>
 * <td>the span's status</td>
 * </tr>
 * <tr>
 * <td>{@code session.id}, {@code langfuse.session.id}; {@code user.id},
 * {@code langfuse.user.id}</td>
 * <td>{@code gen_ai.conversation.id}, {@code user.id}</td>
 * </tr>
 * <tr>
 * <td>{@code langfuse.observation.input}, {@code .output}</td>
 * <td>{@code gen_ai.input.messages}, {@code gen_ai.output.messages}; of a tool
 * {@code gen_ai.tool.call.*}</td>
 * </tr>
 * </table>
 */
final class Langfuse implements Dialect {

	private static final String OBSERVATION = "langfuse.observation.";

	@Override
	public List<String> prefixes() {
		return List.of("langfuse.");
	}

	@Override
	public void translate(Translation span) {
		String operation = operation(span);
		span.put(LlmAttributes.OPERATION_NAME, operation);
		span.putFirst(LlmAttributes.REQUEST_MODEL, OBSERVATION + "model.name");
		span.putFirst(LlmAttributes.PROVIDER_NAME, OBSERVATION + "metadata.ls_provider");
		addParameters(span);
		addUsage(span, span.object(OBSERVATION + "usage_details"));
		Map<?, ?> cost = span.object(OBSERVATION + "cost_details");
		span.putCost(cost.get("total"), cost.get("input"), cost.get("output"));
		span.put(LlmAttributes.TIME_TO_FIRST_CHUNK, firstChunk(span));
		span.putFirst(LlmAttributes.CONVERSATION_ID, "session.id", "langfuse.session.id");
		span.putFirst(LlmAttributes.USER_ID, "langfuse.user.id");
		if ("ERROR".equals(span.get(OBSERVATION + "level")) && span.span().status() == Status.UNSET) {
			span.fail(span.text(OBSERVATION + "status_message"));
		}
		addContent(span, operation);
	}

	private static @Nullable String operation(Translation span) {
		String type = span.text(OBSERVATION + "type");
		String model = span.text(OBSERVATION + "model.name");
		if (type == null) {
			return (model != null) ? "chat" : null;
		}
		return switch (type) {
			case "generation" -> embeds(span.span().name()) || embeds(model) ? "embeddings" : "chat";
			case "embedding" -> "embeddings";
			case "tool" -> "execute_tool";
			case "agent" -> "invoke_agent";
			case "chain" -> "invoke_workflow";
			case "retriever" -> "retrieval";
			case "guardrail" -> "guardrail";
			case "evaluator" -> "evaluate";
			default -> null;
		};
	}

	/** The wrapper of OpenAI's client makes generations of embeddings. */
	private static boolean embeds(@Nullable String name) {
		return name != null && name.toLowerCase(Locale.ROOT).contains("embed");
	}

	private static void addParameters(Translation span) {
		Map<?, ?> parameters = span.object(OBSERVATION + "model.parameters");
		span.put(LlmAttributes.REQUEST_TEMPERATURE, Translation.number(parameters.get("temperature")));
		span.put(LlmAttributes.REQUEST_MAX_TOKENS, Translation.count(parameters.get("max_tokens")));
		span.put(LlmAttributes.REQUEST_STREAM, parameters.get("stream"));
	}

	private static void addUsage(Translation span, Map<?, ?> usage) {
		if (usage.containsKey("prompt_tokens") || usage.containsKey("input_tokens")) {
			addUsageOfOpenAi(span, usage);
			return;
		}
		Long input = sum(usage, "input");
		Long output = sum(usage, "output");
		Long total = Translation.count(usage.get("total"));
		if (total != null && output != null && total >= output) {
			span.put(LlmAttributes.INPUT_TOKENS, total - output);
		}
		span.put(LlmAttributes.INPUT_TOKENS, input);
		span.put(LlmAttributes.OUTPUT_TOKENS, output);
		span.put(LlmAttributes.TOTAL_TOKENS, total);
		span.put(LlmAttributes.CACHE_READ_TOKENS, MessageParts.any(usage, "input_cached_tokens", "input_cache_read",
				"cache_read_input_tokens", "input_cache_read_input_tokens"));
		span.put(LlmAttributes.CACHE_WRITE_TOKENS, MessageParts.any(usage, "input_cache_creation",
				"cache_creation_input_tokens", "input_cache_creation_input_tokens", "input_cache_write"));
		span.put(LlmAttributes.CACHE_WRITE_HOUR_TOKENS, MessageParts.any(usage, "input_cache_creation_1h",
				"input_ephemeral_1h_input_tokens", "cache_creation_1h_input_tokens"));
		span.put(LlmAttributes.INPUT_AUDIO_TOKENS, MessageParts.any(usage, "input_audio_tokens", "input_audio"));
		span.put(LlmAttributes.OUTPUT_AUDIO_TOKENS, MessageParts.any(usage, "output_audio_tokens", "output_audio"));
		span.put(LlmAttributes.REASONING_TOKENS,
				MessageParts.any(usage, "output_reasoning_tokens", "output_reasoning", "reasoning_tokens"));
	}

	/** Parts that exclude each other; a tier is no part. */
	private static @Nullable Long sum(Map<?, ?> usage, String kind) {
		Long sum = null;
		for (Map.Entry<?, ?> part : usage.entrySet()) {
			String name = String.valueOf(part.getKey());
			boolean own = name.startsWith(kind + "_") || name.equals(kind)
					|| (kind.equals("input") && name.startsWith("cache_") && name.endsWith("_input_tokens"));
			Long count = (own && !name.contains("priority")) ? Translation.count(part.getValue()) : null;
			sum = (count == null) ? sum : (sum == null) ? count : Long.valueOf(sum + count);
		}
		return sum;
	}

	private static void addUsageOfOpenAi(Translation span, Map<?, ?> usage) {
		span.put(LlmAttributes.INPUT_TOKENS, MessageParts.any(usage, "prompt_tokens", "input_tokens"));
		span.put(LlmAttributes.OUTPUT_TOKENS, MessageParts.any(usage, "completion_tokens", "output_tokens"));
		span.put(LlmAttributes.TOTAL_TOKENS, usage.get("total_tokens"));
		Map<?, ?> input = JsonText.object(MessageParts.any(usage, "prompt_tokens_details", "input_tokens_details"));
		Map<?, ?> output = JsonText
			.object(MessageParts.any(usage, "completion_tokens_details", "output_tokens_details"));
		span.put(LlmAttributes.CACHE_READ_TOKENS, input.get("cached_tokens"));
		span.put(LlmAttributes.REASONING_TOKENS, output.get("reasoning_tokens"));
		span.put(LlmAttributes.INPUT_AUDIO_TOKENS, input.get("audio_tokens"));
		span.put(LlmAttributes.OUTPUT_AUDIO_TOKENS, output.get("audio_tokens"));
	}

	private static @Nullable Double firstChunk(Translation span) {
		String text = span.text(OBSERVATION + "completion_start_time");
		if (text == null) {
			return null;
		}
		try {
			Duration elapsed = Duration.between(span.span().startTime(), Instant.parse(text.replace("\"", "").strip()));
			return elapsed.isNegative() ? null : Double.valueOf(elapsed.toNanos() / 1e9);
		}
		catch (DateTimeParseException | ArithmeticException ex) {
			return null;
		}
	}

	private static void addContent(Translation span, @Nullable String operation) {
		if ("execute_tool".equals(operation)) {
			span.put(LlmAttributes.TOOL_NAME, span.span().name());
			span.putFirst(LlmAttributes.TOOL_CALL_ARGUMENTS, OBSERVATION + "input");
			span.putFirst(LlmAttributes.TOOL_CALL_RESULT, OBSERVATION + "output");
		}
		else {
			span.putMessages(LlmAttributes.INPUT_MESSAGES, span.get(OBSERVATION + "input"), "user");
			span.putMessages(LlmAttributes.OUTPUT_MESSAGES, span.get(OBSERVATION + "output"), "assistant");
		}
	}

	@Override
	public boolean isContent(String name) {
		return name.startsWith("langfuse.")
				&& (name.endsWith(".input") || name.endsWith(".output") || name.endsWith(".status_message"));
	}

}
