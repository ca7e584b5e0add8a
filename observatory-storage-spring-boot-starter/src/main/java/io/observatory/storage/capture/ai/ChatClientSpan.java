package io.observatory.storage.capture.ai;

import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.SpanKind;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.observation.ChatClientObservationContext;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * A call of a chat client. It has no tokens and no content, because those of its model
 * calls must not be counted twice.
 */
final class ChatClientSpan implements AiSpan<ChatClientObservationContext> {

	@Override
	public Class<ChatClientObservationContext> type() {
		return ChatClientObservationContext.class;
	}

	@Override
	public SpanKind kind() {
		return SpanKind.INTERNAL;
	}

	@Override
	public @Nullable String conversationId(ChatClientObservationContext context) {
		Object id = context.getRequest().context().get(ChatMemory.CONVERSATION_ID);
		return (id instanceof String text && !text.isBlank()) ? text : null;
	}

	@Override
	public boolean isComplete(ChatClientObservationContext context) {
		return context.getResponse() != null;
	}

	@Override
	public void describe(ChatClientObservationContext context, Attributes attributes) {
		attributes.put(LlmAttributes.OPERATION_NAME, context.getOperationMetadata().operationType());
		attributes.put("spring.ai.chat.client.stream", context.isStream());
		attributes.put("spring.ai.chat.client.advisors", advisors(context.getAdvisors()));
		if (context.getRequest().prompt().getOptions() instanceof ToolCallingChatOptions tools) {
			attributes.put("spring.ai.chat.client.tool.names", ToolNames.of(tools));
		}
	}

	private static List<String> advisors(List<? extends Advisor> advisors) {
		List<String> names = new ArrayList<>(advisors.size());
		for (Advisor advisor : advisors) {
			names.add(String.valueOf(advisor.getName()));
		}
		return names;
	}

}
