package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.SpanKind;

import org.springframework.ai.tool.observation.ToolCallingObservationContext;

/**
 * A call of a tool.
 */
final class ToolSpan implements AiSpan<ToolCallingObservationContext> {

	@Override
	public Class<ToolCallingObservationContext> type() {
		return ToolCallingObservationContext.class;
	}

	@Override
	public SpanKind kind() {
		return SpanKind.INTERNAL;
	}

	@Override
	public void describe(ToolCallingObservationContext context, Attributes attributes) {
		attributes.put(LlmAttributes.OPERATION_NAME, context.getOperationMetadata().operationType());
		attributes.put(LlmAttributes.TOOL_NAME, context.getToolDefinition().name());
		attributes.put(LlmAttributes.TOOL_TYPE, context.getToolType());
		attributes.put(LlmAttributes.TOOL_DESCRIPTION, context.getToolDefinition().description());
		attributes.put(LlmAttributes.TOOL_CALL_ID, context.getToolCallId());
	}

	@Override
	public void addContent(ToolCallingObservationContext context, Attributes attributes) {
		attributes.put(LlmAttributes.TOOL_CALL_ARGUMENTS, context.getToolCallArguments());
		attributes.put(LlmAttributes.TOOL_CALL_RESULT, context.getToolCallResult());
	}

}
