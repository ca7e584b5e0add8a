package io.observatory.storage.llm.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.name.FinishReasons;
import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.name.ProviderNames;
import org.jspecify.annotations.Nullable;

/**
 * The Vercel AI SDK, versions 4 to 6, whose spans are calls where {@code ai.operationId}
 * ends with {@code .doGenerate}, {@code .doStream} or {@code .doEmbed}: the spans around
 * these repeat their tokens. Version 7 speaks {@link OpenTelemetry}; its legacy exporter
 * speaks as 6 does. Source: vercel/ai at ed857f5 (7.0.77),
 * {@code packages/otel/src/legacy-open-telemetry.ts}; tried with {@code ai} 5.0.277.
 * <table>
 * <caption>Names</caption>
 * <tr>
 * <td>{@code ai.operationId}, {@code operation.name}</td>
 * <td>{@code gen_ai.operation.name}: chat, embeddings, rerank, execute_tool; around these
 * invoke_agent, invoke_workflow</td>
 * </tr>
 * <tr>
 * <td>{@code ai.model.provider}, {@code ai.model.id}, {@code ai.response.model}</td>
 * <td>{@code gen_ai.provider.name}, {@code gen_ai.request.model},
 * {@code gen_ai.response.model}</td>
 * </tr>
 * <tr>
 * <td>{@code ai.usage.promptTokens}, {@code .inputTokens}, {@code .tokens}</td>
 * <td>{@code gen_ai.usage.input_tokens}; until version 5 those of Anthropic leave out the
 * cache</td>
 * </tr>
 * <tr>
 * <td>{@code ai.usage.completionTokens}, {@code .outputTokens}, {@code .totalTokens}</td>
 * <td>{@code gen_ai.usage.output_tokens}, {@code
 * llm.usage.total_tokens}</td>
 * </tr>
 * <tr>
 * <td>{@code ai.usage.cachedInputTokens}, {@code .inputTokenDetails.*Tokens},
 * {@code .reasoningTokens}, {@code .outputTokenDetails.reasoningTokens}</td>
 * <td>{@code gen_ai.usage.*}</td>
 * </tr>
 * <tr>
 * <td>{@code ai.response.msToFirstChunk}</td>
 * <td>{@code gen_ai.response.time_to_first_chunk}, in seconds</td>
 * </tr>
 * <tr>
 * <td>{@code ai.response.finishReason}, {@code ai.response.id}</td>
 * <td>{@code gen_ai.response.*}</td>
 * </tr>
 * <tr>
 * <td>{@code ai.telemetry.metadata.sessionId}, {@code .userId}</td>
 * <td>{@code gen_ai.conversation.id}, {@code user.id}</td>
 * </tr>
 * <tr>
 * <td>{@code ai.prompt.messages}, {@code ai.prompt}, {@code ai.values},
 * {@code ai.value}</td>
 * <td>{@code gen_ai.input.messages}</td>
 * </tr>
 * <tr>
 * <td>{@code ai.response.reasoning}, {@code .text}, {@code .object}, {@code .toolCalls},
 * {@code .files}</td>
 * <td>{@code gen_ai.output.messages}</td>
 * </tr>
 * <tr>
 * <td>{@code ai.toolCall.name}, {@code .id}, {@code .args}, {@code .result}</td>
 * <td>{@code gen_ai.tool.*}</td>
 * </tr>
 * </table>
 */
final class VercelAi implements Dialect {

	private static final String[] METADATA = { "ai.telemetry.metadata.", "ai.settings.context." };

	@Override
	public List<String> prefixes() {
		return List.of("ai.operationId", "ai.model.", "ai.toolCall.", "ai.telemetry.", "ai.usage.");
	}

	@Override
	public void translate(Translation span) {
		String id = operationId(span);
		if (id == null) {
			// version 7 has these details beside the convention's names
			addUsage(span);
			return;
		}
		String operation = operation(id);
		if (!operation.equals(span.get(LlmAttributes.OPERATION_NAME))) {
			span.replace(LlmAttributes.OPERATION_NAME, operation);
		}
		addModel(span);
		addSession(span);
		if (operation.equals("execute_tool")) {
			addTool(span);
			return;
		}
		if (!operation.startsWith("invoke_")) {
			addUsage(span);
		}
		addMessages(span);
	}

	private static @Nullable String operationId(Translation span) {
		for (String name : List.of("ai.operationId", "operation.name")) {
			String id = span.text(name);
			if (id != null && id.startsWith("ai.")) {
				return id.split(" ", 2)[0];
			}
		}
		return null;
	}

	private static String operation(String id) {
		return switch (id.substring(id.lastIndexOf('.') + 1)) {
			case "doGenerate", "doStream" -> "chat";
			case "doEmbed" -> "embeddings";
			case "doRerank" -> "rerank";
			case "toolCall" -> "execute_tool";
			case "generateText", "streamText", "generateObject", "streamObject" -> "invoke_agent";
			default -> "invoke_workflow";
		};
	}

	private static void addModel(Translation span) {
		span.putFirst(LlmAttributes.PROVIDER_NAME, "ai.model.provider");
		span.putFirst(LlmAttributes.REQUEST_MODEL, "ai.model.id");
		span.putFirst(LlmAttributes.RESPONSE_MODEL, "ai.response.model");
		span.putFirst(LlmAttributes.RESPONSE_ID, "ai.response.id");
		span.putFirst(LlmAttributes.FINISH_REASONS, "ai.response.finishReason", "ai.finishReason");
		span.putFirst(LlmAttributes.REQUEST_TEMPERATURE, "ai.settings.temperature");
		span.putFirst(LlmAttributes.REQUEST_MAX_TOKENS, "ai.settings.maxOutputTokens", "ai.settings.maxTokens");
		span.putMillis(LlmAttributes.TIME_TO_FIRST_CHUNK, span.get("ai.response.msToFirstChunk"));
	}

	private static void addSession(Translation span) {
		for (String metadata : METADATA) {
			span.putFirst(LlmAttributes.CONVERSATION_ID, metadata + "sessionId", metadata + "session_id",
					metadata + "conversationId", metadata + "threadId", metadata + "chatId");
			span.putFirst(LlmAttributes.USER_ID, metadata + "userId", metadata + "user_id");
		}
	}

	private static void addUsage(Translation span) {
		span.putFirst(LlmAttributes.CACHE_READ_TOKENS, "ai.usage.inputTokenDetails.cacheReadTokens",
				"ai.usage.cachedInputTokens");
		span.putFirst(LlmAttributes.CACHE_WRITE_TOKENS, "ai.usage.inputTokenDetails.cacheWriteTokens");
		span.putFirst(LlmAttributes.REASONING_TOKENS, "ai.usage.outputTokenDetails.reasoningTokens",
				"ai.usage.reasoningTokens");
		Map<?, ?> anthropic = JsonText.object(span.object("ai.response.providerMetadata").get("anthropic"));
		Map<?, ?> written = JsonText.object(JsonText.object(anthropic.get("usage")).get("cache_creation"));
		span.put(LlmAttributes.CACHE_WRITE_HOUR_TOKENS, written.get("ephemeral_1h_input_tokens"));
		addCacheOfAnthropic(span, anthropic);
		span.putFirst(LlmAttributes.INPUT_TOKENS, "ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens");
		span.putFirst(LlmAttributes.OUTPUT_TOKENS, "ai.usage.outputTokens", "ai.usage.completionTokens");
		span.putFirst(LlmAttributes.TOTAL_TOKENS, "ai.usage.totalTokens");
	}

	/** Before version 6, which tells details, the cache is not in what it counts. */
	private static void addCacheOfAnthropic(Translation span, Map<?, ?> anthropic) {
		String provider = span.text("ai.model.provider");
		if (provider == null || !ProviderNames.canonical(provider).equals("anthropic")
				|| span.has("ai.usage.inputTokenDetails.noCacheTokens")
				|| span.has("ai.usage.inputTokenDetails.cacheReadTokens")) {
			return;
		}
		Map<?, ?> usage = JsonText.object(anthropic.get("usage"));
		span.put(LlmAttributes.CACHE_READ_TOKENS, usage.get("cache_read_input_tokens"));
		span.put(LlmAttributes.CACHE_WRITE_TOKENS, usage.get("cache_creation_input_tokens"));
		span.put(LlmAttributes.CACHE_WRITE_TOKENS, anthropic.get("cacheCreationInputTokens"));
		Counts.addCacheToInput(span, "ai.usage.inputTokens", "ai.usage.promptTokens");
	}

	private static void addTool(Translation span) {
		span.putFirst(LlmAttributes.TOOL_NAME, "ai.toolCall.name");
		span.putFirst(LlmAttributes.TOOL_CALL_ID, "ai.toolCall.id");
		span.putFirst(LlmAttributes.TOOL_CALL_ARGUMENTS, "ai.toolCall.args");
		span.putFirst(LlmAttributes.TOOL_CALL_RESULT, "ai.toolCall.result");
	}

	private static void addMessages(Translation span) {
		for (String name : List.of("ai.prompt.messages", "ai.prompt", "ai.values", "ai.value")) {
			span.putMessages(LlmAttributes.INPUT_MESSAGES, span.get(name), "user");
		}
		List<Map<String, Object>> parts = new ArrayList<>();
		for (Map.Entry<String, String> text : List.of(Map.entry("ai.response.reasoning", "reasoning"),
				Map.entry("ai.response.text", "text"), Map.entry("ai.response.object", "text"))) {
			String said = span.text(text.getKey());
			if (said != null) {
				parts.add(MessageParts.text(text.getValue(), said));
			}
		}
		if (JsonText.container(span.get("ai.response.toolCalls")) instanceof List<?> calls) {
			calls.stream()
				.filter(Map.class::isInstance)
				.forEach((call) -> parts.add(MessageParts.toolCall((Map<?, ?>) call)));
		}
		parts.addAll(MessageParts.of(JsonText.container(span.get("ai.response.files"))));
		if (!parts.isEmpty()) {
			span.putMessages(LlmAttributes.OUTPUT_MESSAGES, List.of(answer(span, parts)));
		}
	}

	private static Map<String, Object> answer(Translation span, List<Map<String, Object>> parts) {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("role", "assistant");
		message.put("parts", parts);
		String reason = span.text("ai.response.finishReason");
		if (reason != null) {
			message.put("finish_reason", FinishReasons.canonical(reason));
		}
		return message;
	}

	@Override
	public boolean isContent(String name) {
		if (!name.startsWith("ai.")) {
			return false;
		}
		return name.startsWith("ai.prompt") || name.startsWith("ai.value") || name.startsWith("ai.embedding")
				|| switch (name) {
					case "ai.response.text", "ai.response.object", "ai.response.toolCalls", "ai.response.reasoning",
							"ai.response.files", "ai.toolCall.args", "ai.toolCall.result", "ai.documents",
							"ai.ranking" ->
						true;
					default -> false;
				};
	}

}
