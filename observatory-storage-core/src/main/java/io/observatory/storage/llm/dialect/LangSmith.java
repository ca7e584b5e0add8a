package io.observatory.storage.llm.dialect;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.Status;
import org.jspecify.annotations.Nullable;

/**
 * LangSmith's SDKs, and with them LangChain, in OpenTelemetry mode. Source:
 * langchain-ai/langsmith-sdk at bc8dd67 (Python 0.11.1, JS 0.9.0),
 * {@code python/langsmith/_internal/otel/_otel_exporter.py},
 * {@code js/src/experimental/otel/translator.ts}.
 * <table>
 * <caption>Names</caption>
 * <tr>
 * <td>{@code langsmith.span.kind}: llm, embedding, tool, retriever, chain, prompt,
 * parser</td>
 * <td>{@code gen_ai.operation.name}, for which the SDK says chat of a prompt and
 * embeddings of a retriever</td>
 * </tr>
 * <tr>
 * <td>{@code langsmith.metadata.ls_provider}, {@code .ls_model_name}</td>
 * <td>{@code gen_ai.provider.name}, {@code gen_ai.request.model}</td>
 * </tr>
 * <tr>
 * <td>{@code langsmith.usage_metadata}, {@code langsmith.metadata.usage_metadata},
 * {@code usage_metadata} in {@code gen_ai.completion}</td>
 * <td>{@code gen_ai.usage.*}: {@code input_tokens} includes the cache</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.usage.input_token_details}, {@code .output_token_details} (JSON, or
 * as Python prints it)</td>
 * <td>{@code gen_ai.usage.*}</td>
 * </tr>
 * <tr>
 * <td>{@code langsmith.metadata.thread_id}, {@code .session_id},
 * {@code .conversation_id}; {@code .user_id}</td>
 * <td>{@code gen_ai.conversation.id}, {@code user.id}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.prompt}, {@code gen_ai.completion}: LangChain's messages and
 * generations</td>
 * <td>{@code gen_ai.input.messages}, {@code gen_ai.output.messages}; of a tool
 * {@code gen_ai.tool.call.*}</td>
 * </tr>
 * </table>
 */
final class LangSmith implements Dialect {

	private static final String METADATA = "langsmith.metadata.";

	private static final int MAX_DEPTH = 8;

	@Override
	public List<String> prefixes() {
		return List.of("langsmith.");
	}

	@Override
	public void translate(Translation span) {
		String operation = operation(span.text("langsmith.span.kind"));
		if (operation != null) {
			span.replace(LlmAttributes.OPERATION_NAME, operation);
		}
		span.putFirst(LlmAttributes.PROVIDER_NAME, METADATA + "ls_provider");
		span.putFirst(LlmAttributes.REQUEST_MODEL, METADATA + "ls_model_name");
		span.putFirst(LlmAttributes.CONVERSATION_ID, METADATA + "thread_id", METADATA + "session_id",
				METADATA + "conversation_id");
		span.putFirst(LlmAttributes.USER_ID, METADATA + "user_id");
		addFailure(span);
		if ("execute_tool".equals(operation)) {
			addTool(span);
		}
		else if ("chat".equals(operation) || "embeddings".equals(operation)) {
			addUsage(span, usage(span));
		}
	}

	private static @Nullable String operation(@Nullable String kind) {
		return switch ((kind != null) ? kind : "") {
			case "llm" -> "chat";
			case "embedding" -> "embeddings";
			case "tool" -> "execute_tool";
			case "retriever" -> "retrieval";
			case "agent" -> "invoke_agent";
			case "chain", "prompt", "parser" -> "invoke_workflow";
			default -> null;
		};
	}

	/** The SDK for JavaScript says OK all the same. */
	private static void addFailure(Translation span) {
		for (SpanEvent event : span.events()) {
			if (event.name().equals("exception") && span.span().status() != Status.ERROR) {
				span.fail((event.attributes().get("exception.message") instanceof String message) ? message : null);
			}
		}
	}

	private static void addTool(Translation span) {
		span.putFirst(LlmAttributes.TOOL_NAME, "langsmith.trace.name");
		span.put(LlmAttributes.TOOL_NAME, span.span().name());
		span.putFirst(LlmAttributes.TOOL_CALL_ARGUMENTS, "gen_ai.prompt");
		Map<?, ?> result = span.object("gen_ai.completion");
		Object output = MessageParts.any(result, "outputs", "output");
		span.put(LlmAttributes.TOOL_CALL_RESULT, (result.size() == 1) ? output : null);
		span.putFirst(LlmAttributes.TOOL_CALL_RESULT, "gen_ai.completion");
	}

	private static Map<?, ?> usage(Translation span) {
		for (String name : List.of("langsmith.usage_metadata", METADATA + "usage_metadata")) {
			if (!span.object(name).isEmpty()) {
				return span.object(name);
			}
		}
		return JsonText.object(find(JsonText.container(span.get("gen_ai.completion")), 0));
	}

	/** The first {@code usage_metadata} in what LangChain answered. */
	private static @Nullable Object find(@Nullable Object json, int depth) {
		if (json instanceof Map<?, ?> map && map.get("usage_metadata") != null) {
			return map.get("usage_metadata");
		}
		for (Object below : (depth < MAX_DEPTH) ? below(json) : List.of()) {
			Object found = find(below, depth + 1);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	private static Collection<?> below(@Nullable Object json) {
		if (json instanceof Map<?, ?> map) {
			return map.values();
		}
		return (json instanceof List<?> list) ? list : List.of();
	}

	private static void addUsage(Translation span, Map<?, ?> usage) {
		span.put(LlmAttributes.INPUT_TOKENS, usage.get("input_tokens"));
		span.put(LlmAttributes.OUTPUT_TOKENS, usage.get("output_tokens"));
		span.put(LlmAttributes.TOTAL_TOKENS, usage.get("total_tokens"));
		span.putCost(usage.get("total_cost"), usage.get("input_cost"), usage.get("output_cost"));
		for (Object details : new Object[] { usage.get("input_token_details"),
				span.get("gen_ai.usage.input_token_details") }) {
			Map<?, ?> input = JsonText.object(details);
			span.put(LlmAttributes.CACHE_READ_TOKENS, input.get("cache_read"));
			addCacheWrite(span, input);
			span.put(LlmAttributes.INPUT_AUDIO_TOKENS, input.get("audio"));
		}
		for (Object details : new Object[] { usage.get("output_token_details"),
				span.get("gen_ai.usage.output_token_details") }) {
			Map<?, ?> output = JsonText.object(details);
			span.put(LlmAttributes.REASONING_TOKENS, output.get("reasoning"));
			span.put(LlmAttributes.OUTPUT_AUDIO_TOKENS, output.get("audio"));
		}
	}

	/** LangChain says no sum where it tells how long they are kept. */
	private static void addCacheWrite(Translation span, Map<?, ?> input) {
		Long minutes = Translation.count(input.get("ephemeral_5m_input_tokens"));
		Long hour = Translation.count(input.get("ephemeral_1h_input_tokens"));
		span.put(LlmAttributes.CACHE_WRITE_HOUR_TOKENS, hour);
		if (minutes != null || hour != null) {
			long sum = ((minutes != null) ? minutes : 0) + ((hour != null) ? hour : 0);
			span.put(LlmAttributes.CACHE_WRITE_TOKENS, (sum > 0) ? sum : null);
		}
		span.put(LlmAttributes.CACHE_WRITE_TOKENS, input.get("cache_creation"));
	}

}
