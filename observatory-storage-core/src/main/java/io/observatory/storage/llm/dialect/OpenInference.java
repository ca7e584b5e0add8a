package io.observatory.storage.llm.dialect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.llm.name.LlmAttributes;
import org.jspecify.annotations.Nullable;

/**
 * OpenInference, by which Arize's instrumentations work. Source: Arize-ai/openinference
 * at 1fe497f, {@code spec/semantic_conventions.md} and
 * {@code openinference/semconv/trace/__init__.py}; tried with
 * {@code @arizeai/openinference-instrumentation-openai} 4.2.7.
 * <table>
 * <caption>Names</caption>
 * <tr>
 * <td>{@code openinference.span.kind}: LLM, EMBEDDING, TOOL, AGENT, CHAIN, RETRIEVER,
 * RERANKER, GUARDRAIL, EVALUATOR</td>
 * <td>{@code gen_ai.operation.name}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.provider}, {@code llm.system}; LangChain's {@code ls_provider} in
 * {@code metadata}</td>
 * <td>{@code gen_ai.provider.name}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.request.model_name}, {@code llm.model_name},
 * {@code embedding.model_name}, {@code reranker.model_name}</td>
 * <td>{@code gen_ai.request.model}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.response.model_name}</td>
 * <td>{@code gen_ai.response.model}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.token_count.prompt}, {@code .completion}, {@code .total},
 * {@code .prompt_details.cache_read} ({@code .cache_input}),
 * {@code .prompt_details.cache_write}, {@code .completion_details.reasoning},
 * {@code .prompt_details.audio}, {@code .completion_details.audio}</td>
 * <td>{@code gen_ai.usage.*}; the prompt includes what came from a cache</td>
 * </tr>
 * <tr>
 * <td>{@code llm.cost.total}, {@code .prompt}, {@code .completion}</td>
 * <td>{@code llm.cost.*_usd}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.finish_reason}</td>
 * <td>{@code gen_ai.response.finish_reasons}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.invocation_parameters}</td>
 * <td>{@code gen_ai.request.*}</td>
 * </tr>
 * <tr>
 * <td>{@code session.id}, {@code user.id}</td>
 * <td>{@code gen_ai.conversation.id}, {@code user.id}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.input_messages.N.message.*}, {@code llm.prompts.N.prompt.text},
 * {@code input.value}</td>
 * <td>{@code gen_ai.input.messages}; of a tool {@code gen_ai.tool.call.arguments}</td>
 * </tr>
 * <tr>
 * <td>{@code llm.output_messages.N.message.*}, {@code llm.choices.N.completion.text},
 * {@code output.value}, {@code
 * retrieval.documents}</td>
 * <td>{@code gen_ai.output.messages}; of a tool {@code gen_ai.tool.call.result}</td>
 * </tr>
 * <tr>
 * <td>{@code tool.name}, {@code tool.id}, {@code agent.name}</td>
 * <td>{@code gen_ai.tool.name}, {@code gen_ai.tool.call.id}, {@code
 * gen_ai.agent.name}</td>
 * </tr>
 * </table>
 */
final class OpenInference implements Dialect {

	@Override
	public List<String> prefixes() {
		return List.of("openinference.span.kind", "llm.model_name", "llm.token_count.", "llm.input_messages.",
				"llm.output_messages.");
	}

	@Override
	public void translate(Translation span) {
		String operation = operation(span.text("openinference.span.kind"));
		span.put(LlmAttributes.OPERATION_NAME, operation);
		span.putFirst(LlmAttributes.PROVIDER_NAME, "llm.provider", "llm.system");
		span.put(LlmAttributes.PROVIDER_NAME, span.object("metadata").get("ls_provider"));
		span.putFirst(LlmAttributes.REQUEST_MODEL, "llm.request.model_name", "llm.model_name", "embedding.model_name",
				"reranker.model_name");
		span.putFirst(LlmAttributes.RESPONSE_MODEL, "llm.response.model_name");
		span.putFirst(LlmAttributes.FINISH_REASONS, "llm.finish_reason");
		addUsage(span);
		addParameters(span);
		if ("execute_tool".equals(operation)) {
			addTool(span);
		}
		else {
			addMessages(span);
		}
		span.putFirst("gen_ai.agent.name", "agent.name");
	}

	private static @Nullable String operation(@Nullable String kind) {
		return switch ((kind != null) ? kind.toUpperCase(Locale.ROOT) : "LLM") {
			case "LLM" -> "chat";
			case "EMBEDDING" -> "embeddings";
			case "TOOL" -> "execute_tool";
			case "AGENT" -> "invoke_agent";
			case "CHAIN" -> "invoke_workflow";
			case "RETRIEVER" -> "retrieval";
			case "RERANKER" -> "rerank";
			case "GUARDRAIL" -> "guardrail";
			case "EVALUATOR" -> "evaluate";
			default -> null;
		};
	}

	private static void addUsage(Translation span) {
		span.putFirst(LlmAttributes.INPUT_TOKENS, "llm.token_count.prompt");
		span.putFirst(LlmAttributes.OUTPUT_TOKENS, "llm.token_count.completion");
		span.putFirst(LlmAttributes.TOTAL_TOKENS, "llm.token_count.total");
		span.putFirst(LlmAttributes.CACHE_READ_TOKENS, "llm.token_count.prompt_details.cache_read",
				"llm.token_count.prompt_details.cache_input");
		span.putFirst(LlmAttributes.CACHE_WRITE_TOKENS, "llm.token_count.prompt_details.cache_write");
		span.putFirst(LlmAttributes.REASONING_TOKENS, "llm.token_count.completion_details.reasoning");
		span.putFirst(LlmAttributes.INPUT_AUDIO_TOKENS, "llm.token_count.prompt_details.audio");
		span.putFirst(LlmAttributes.OUTPUT_AUDIO_TOKENS, "llm.token_count.completion_details.audio");
		span.putCost(span.get("llm.cost.total"), span.get("llm.cost.prompt"), span.get("llm.cost.completion"));
	}

	private static void addParameters(Translation span) {
		Map<?, ?> parameters = span.object("llm.invocation_parameters");
		span.put(LlmAttributes.REQUEST_TEMPERATURE, parameters.get("temperature"));
		span.put(LlmAttributes.REQUEST_TOP_P, parameters.get("top_p"));
		span.put(LlmAttributes.REQUEST_MAX_TOKENS,
				MessageParts.any(parameters, "max_tokens", "max_completion_tokens", "max_output_tokens"));
	}

	private static void addTool(Translation span) {
		span.putFirst(LlmAttributes.TOOL_NAME, "tool.name");
		span.put(LlmAttributes.TOOL_NAME, span.span().name());
		span.putFirst(LlmAttributes.TOOL_CALL_ID, "tool.id", "tool_call.id");
		span.putFirst(LlmAttributes.TOOL_DESCRIPTION, "tool.description");
		span.putFirst(LlmAttributes.TOOL_CALL_ARGUMENTS, "input.value", "tool.parameters");
		span.putFirst(LlmAttributes.TOOL_CALL_RESULT, "output.value");
	}

	private static void addMessages(Translation span) {
		span.putMessages(LlmAttributes.INPUT_MESSAGES, span.flattened("llm.input_messages."), "user");
		span.putMessages(LlmAttributes.INPUT_MESSAGES, span.flattened("llm.prompts."), "user");
		span.putMessages(LlmAttributes.INPUT_MESSAGES, span.get("input.value"), "user");
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, span.flattened("llm.output_messages."), "assistant");
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, span.flattened("llm.choices."), "assistant");
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, span.get("output.value"), "assistant");
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, documents(span.flattened("retrieval.documents.")), "assistant");
	}

	private static List<?> documents(List<?> found) {
		return found.stream()
			.map((one) -> JsonText.object(JsonText.object(one).get("document")).get("content"))
			.filter(Objects::nonNull)
			.toList();
	}

	@Override
	public boolean isContent(String name) {
		return name.equals("input.value") || name.equals("output.value") || name.startsWith("llm.input_messages.")
				|| name.startsWith("llm.output_messages.") || name.startsWith("llm.prompts.")
				|| name.startsWith("llm.choices.") || name.startsWith("retrieval.documents.")
				|| name.startsWith("reranker.input_documents.") || name.startsWith("reranker.output_documents.")
				|| name.startsWith("embedding.embeddings.") || name.equals("reranker.query")
				|| name.startsWith("llm.prompt_template.") || name.equals("tool.parameters");
	}

}
