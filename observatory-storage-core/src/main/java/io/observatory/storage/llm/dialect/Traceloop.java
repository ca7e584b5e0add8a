package io.observatory.storage.llm.dialect;

import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.name.LlmAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Traceloop's OpenLLMetry: until 0.2x messages in flattened names, since then by
 * {@link OpenTelemetry}; in both its own names for workflows and associations. Source:
 * traceloop/openllmetry-js at 1faf69d (0.27.0),
 * {@code packages/ai-semantic-conventions/src/SemanticAttributes.ts};
 * traceloop/openllmetry at 93429cf (semconv-ai 0.5.2); tried with
 * {@code @traceloop/instrumentation-openai} 0.14.6.
 * <table>
 * <caption>Names</caption>
 * <tr>
 * <td>{@code llm.request.type}: chat, completion, embedding, rerank</td>
 * <td>{@code gen_ai.operation.name}</td>
 * </tr>
 * <tr>
 * <td>{@code traceloop.span.kind}: workflow, task, agent, tool</td>
 * <td>{@code gen_ai.operation.name}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.prompt.N.role}, {@code .content}, {@code .tool_calls.N.*},
 * {@code .tool_call_id}</td>
 * <td>{@code gen_ai.input.messages}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.completion.N.role}, {@code .content}, {@code .tool_calls.N.*},
 * {@code .finish_reason}</td>
 * <td>{@code gen_ai.output.messages}, {@code gen_ai.response.finish_reasons}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.usage.reasoning_tokens}</td>
 * <td>{@code gen_ai.usage.reasoning.output_tokens}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.response.finish_reason}, {@code llm.response.stop_reason}</td>
 * <td>{@code gen_ai.response.finish_reasons}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.is_streaming}</td>
 * <td>{@code gen_ai.request.stream}</td>
 * </tr>
 * <tr>
 * <td>{@code traceloop.association.properties.session_id}, {@code .user_id}</td>
 * <td>{@code gen_ai.conversation.id}, {@code user.id}</td>
 * </tr>
 * <tr>
 * <td>{@code traceloop.entity.name}, {@code .input}, {@code .output}</td>
 * <td>{@code gen_ai.tool.*} of a tool, {@code gen_ai.agent.name} of an agent;
 * messages</td>
 * </tr>
 * </table>
 */
final class Traceloop implements Dialect {

	private static final String ASSOCIATION = "traceloop.association.properties.";

	private static final String ENTITY = "traceloop.entity.";

	/** Sends Anthropic's own counting, which leaves out the cache. */
	private static final String ANTHROPIC_IN_JAVASCRIPT = "@traceloop/instrumentation-anthropic";

	@Override
	public List<String> prefixes() {
		return List.of("traceloop.", "gen_ai.prompt.", "gen_ai.completion.", "llm.request.type");
	}

	@Override
	public void translate(Translation span) {
		if (!"unknown".equals(span.get("llm.request.type"))) {
			span.putFirst(LlmAttributes.OPERATION_NAME, "llm.request.type");
		}
		String kind = operation(span.text("traceloop.span.kind"));
		span.put(LlmAttributes.OPERATION_NAME, kind);
		span.putFirst(LlmAttributes.REASONING_TOKENS, "llm.usage.reasoning_tokens");
		span.putFirst(LlmAttributes.FINISH_REASONS, "llm.response.finish_reason", "llm.response.stop_reason");
		span.putFirst(LlmAttributes.REQUEST_STREAM, "llm.is_streaming");
		span.putFirst(LlmAttributes.CONVERSATION_ID, ASSOCIATION + "session_id", ASSOCIATION + "sessionId",
				ASSOCIATION + "conversation_id", ASSOCIATION + "thread_id", ASSOCIATION + "chat_id");
		span.putFirst(LlmAttributes.USER_ID, ASSOCIATION + "user_id", ASSOCIATION + "userId");
		span.putMessages(LlmAttributes.INPUT_MESSAGES, said(span.flattened("gen_ai.prompt.")), "user");
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, said(span.flattened("gen_ai.completion.")), "assistant");
		addEntity(span, kind);
		if (span.scope().startsWith(ANTHROPIC_IN_JAVASCRIPT)) {
			span.putFirst(LlmAttributes.CACHE_WRITE_TOKENS, "gen_ai.usage.cache_creation.input_tokens",
					"gen_ai.usage.cache_creation_input_tokens");
			span.putFirst(LlmAttributes.CACHE_READ_TOKENS, "gen_ai.usage.cache_read_input_tokens");
			Counts.addCacheToInput(span, "gen_ai.usage.prompt_tokens");
		}
	}

	private static @Nullable String operation(@Nullable String kind) {
		return switch ((kind != null) ? kind : "") {
			case "workflow", "task" -> "invoke_workflow";
			case "agent" -> "invoke_agent";
			case "tool" -> "execute_tool";
			default -> null;
		};
	}

	/** What an assistant does not say beside its calls of tools is {@code null}. */
	private static List<Object> said(List<Object> messages) {
		for (Object message : messages) {
			if (message instanceof Map<?, ?> map && "null".equals(map.get("content"))) {
				map.remove("content");
			}
		}
		return messages;
	}

	private static void addEntity(Translation span, @Nullable String kind) {
		if ("execute_tool".equals(kind)) {
			span.putFirst(LlmAttributes.TOOL_NAME, ENTITY + "name");
			span.putFirst(LlmAttributes.TOOL_CALL_ARGUMENTS, ENTITY + "input");
			span.putFirst(LlmAttributes.TOOL_CALL_RESULT, ENTITY + "output");
			return;
		}
		if ("invoke_agent".equals(kind)) {
			span.putFirst("gen_ai.agent.name", ENTITY + "name");
		}
		span.putMessages(LlmAttributes.INPUT_MESSAGES, span.get(ENTITY + "input"), "user");
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, span.get(ENTITY + "output"), "assistant");
	}

	@Override
	public boolean isContent(String name) {
		return name.equals(ENTITY + "input") || name.equals(ENTITY + "output");
	}

}
