package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.name.LlmProvider;
import io.observatory.storage.model.SpanKind;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * A call of a chat model.
 */
final class ChatModelSpan implements AiSpan<ChatModelObservationContext> {

	private final AttributeNames names;

	ChatModelSpan(AttributeNames names) {
		this.names = names;
	}

	@Override
	public Class<ChatModelObservationContext> type() {
		return ChatModelObservationContext.class;
	}

	@Override
	public SpanKind kind() {
		return SpanKind.CLIENT;
	}

	@Override
	public boolean isStreaming(ChatModelObservationContext context) {
		return context.isStreaming();
	}

	@Override
	public boolean isComplete(ChatModelObservationContext context) {
		return context.getResponse() != null;
	}

	@Override
	public void describe(ChatModelObservationContext context, Attributes attributes) {
		String provider = context.getOperationMetadata().provider();
		attributes.put(LlmAttributes.OPERATION_NAME, context.getOperationMetadata().operationType());
		attributes.put(LlmAttributes.PROVIDER_NAME, LlmProvider.conventionName(provider));
		ChatOptions options = context.getRequest().getOptions();
		if (options != null) {
			describe(options, attributes);
		}
		if (context.isStreaming()) {
			attributes.put(LlmAttributes.REQUEST_STREAM, true);
		}
		Answer answer = Answer.of(context);
		attributes.put(LlmAttributes.RESPONSE_MODEL, answer.model());
		attributes.put(LlmAttributes.RESPONSE_ID, answer.id());
		attributes.put(LlmAttributes.FINISH_REASONS, answer.finishReasons());
		Tokens.describe(Tokens.of(provider, answer.usage()), attributes);
	}

	private static void describe(ChatOptions options, Attributes attributes) {
		attributes.put(LlmAttributes.REQUEST_MODEL, options.getModel());
		attributes.putLong(LlmAttributes.REQUEST_MAX_TOKENS, options.getMaxTokens());
		attributes.put(LlmAttributes.REQUEST_TEMPERATURE, options.getTemperature());
		attributes.put(LlmAttributes.REQUEST_TOP_P, options.getTopP());
		attributes.putLong(LlmAttributes.REQUEST_TOP_K, options.getTopK());
		attributes.put(LlmAttributes.REQUEST_FREQUENCY_PENALTY, options.getFrequencyPenalty());
		attributes.put(LlmAttributes.REQUEST_PRESENCE_PENALTY, options.getPresencePenalty());
		attributes.put(LlmAttributes.REQUEST_STOP_SEQUENCES, options.getStopSequences());
		if (options instanceof ToolCallingChatOptions tools) {
			attributes.put("spring.ai.model.request.tool.names", ToolNames.of(tools));
		}
	}

	@Override
	public void addContent(ChatModelObservationContext context, Attributes attributes) {
		attributes.put(LlmAttributes.INPUT_MESSAGES, MessageContent.input(context.getRequest()));
		@Nullable ChatResponse response = context.getResponse();
		if (response != null) {
			attributes.put(LlmAttributes.OUTPUT_MESSAGES, MessageContent.output(response));
		}
		if (this.names != AttributeNames.GEN_AI) {
			attributes.put(LlmAttributes.SOURCE_INPUT, MessageContent.sourceInput(context.getRequest()));
			if (response != null) {
				attributes.put(LlmAttributes.SOURCE_OUTPUT, MessageContent.sourceOutput(response));
			}
		}
	}

}
