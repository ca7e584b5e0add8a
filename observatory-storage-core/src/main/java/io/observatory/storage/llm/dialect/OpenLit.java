package io.observatory.storage.llm.dialect;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.name.ProviderNames;
import io.observatory.storage.model.TraceSpan;

/**
 * OpenLIT's SDKs, which speak {@link OpenTelemetry} and some words of their own. Source:
 * openlit/openlit at ad20b7b (Python 1.45.0, TypeScript 1.15.0),
 * {@code sdk/python/src/openlit/semcov/__init__.py},
 * {@code sdk/typescript/src/semantic-convention.ts}.
 * <table>
 * <caption>Names</caption>
 * <tr>
 * <td>{@code gen_ai.usage.cost}</td>
 * <td>{@code llm.cost.amount_usd}; 0 is that of a model whose price the SDK does not
 * know</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.usage.input_tokens} of Anthropic and Bedrock</td>
 * <td>leaves out {@code gen_ai.usage.cache_read.input_tokens} and
 * {@code gen_ai.usage.cache_creation.input_tokens}: they are added</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.tool.args}, {@code gen_ai.tool.input}, {@code gen_ai.tool.output}, of
 * a tool</td>
 * <td>{@code gen_ai.tool.call.arguments}, {@code gen_ai.tool.call.result}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.workflow.input}, {@code gen_ai.workflow.output}</td>
 * <td>{@code gen_ai.input.messages}, {@code gen_ai.output.messages}</td>
 * </tr>
 * <tr>
 * <td>{@code gen_ai.content.reasoning}</td>
 * <td>content</td>
 * </tr>
 * </table>
 */
final class OpenLit implements Dialect {

	/** Of these the SDK's price function is told that the cache is not included. */
	private static final Set<String> CACHE_LEFT_OUT = Set.of("anthropic", "aws.bedrock");

	@Override
	public List<String> prefixes() {
		return List.of("gen_ai.usage.cost", "gen_ai.sdk.version", "gen_ai.workflow.", "gen_ai.tool.args",
				"gen_ai.tool.input", "gen_ai.tool.output");
	}

	@Override
	public void translate(Translation span) {
		Double cost = Translation.number(span.get("gen_ai.usage.cost"));
		if (!isFramework(span) && cost != null && cost > 0) {
			span.putCost(cost, null, null);
		}
		String provider = span.text(LlmAttributes.PROVIDER_NAME);
		provider = (provider != null) ? provider : span.text("gen_ai.system");
		if (provider != null && CACHE_LEFT_OUT.contains(ProviderNames.canonical(provider)) && isOpenLit(span)) {
			span.putFirst(LlmAttributes.CACHE_WRITE_TOKENS, "gen_ai.usage.cache_creation.input_tokens");
			Counts.addCacheToInput(span);
		}
		if ("execute_tool".equals(span.get(LlmAttributes.OPERATION_NAME))) {
			span.putFirst(LlmAttributes.TOOL_CALL_ARGUMENTS, "gen_ai.tool.args", "gen_ai.tool.input");
			span.putFirst(LlmAttributes.TOOL_CALL_RESULT, "gen_ai.tool.output");
		}
		span.putMessages(LlmAttributes.INPUT_MESSAGES, span.get("gen_ai.workflow.input"), "user");
		span.putMessages(LlmAttributes.OUTPUT_MESSAGES, span.get("gen_ai.workflow.output"), "assistant");
	}

	/** What is around calls repeats what they cost. */
	private static boolean isFramework(Translation span) {
		Object operation = span.get(LlmAttributes.OPERATION_NAME);
		return "invoke_workflow".equals(operation) || "invoke_agent".equals(operation);
	}

	private static boolean isOpenLit(Translation span) {
		return span.scope().contains("openlit") || (span.get(TraceSpan.RESOURCE) instanceof Map<?, ?> resource
				&& "openlit".equals(resource.get("telemetry.sdk.name")));
	}

	@Override
	public boolean isContent(String name) {
		return switch (name) {
			case "gen_ai.tool.args", "gen_ai.tool.input", "gen_ai.tool.output", "gen_ai.workflow.input",
					"gen_ai.workflow.output", "gen_ai.content.reasoning", "gen_ai.content.prompt",
					"gen_ai.content.completion", "gen_ai.content.revised_prompt" ->
				true;
			default -> false;
		};
	}

}
