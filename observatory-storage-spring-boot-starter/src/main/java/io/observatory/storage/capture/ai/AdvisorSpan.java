package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.SpanKind;

import org.springframework.ai.chat.client.advisor.observation.AdvisorObservationContext;

/**
 * An advisor around a call of a chat client.
 */
final class AdvisorSpan implements AiSpan<AdvisorObservationContext> {

	@Override
	public Class<AdvisorObservationContext> type() {
		return AdvisorObservationContext.class;
	}

	@Override
	public SpanKind kind() {
		return SpanKind.INTERNAL;
	}

	@Override
	public boolean isComplete(AdvisorObservationContext context) {
		return context.getChatClientResponse() != null;
	}

	@Override
	public void describe(AdvisorObservationContext context, Attributes attributes) {
		attributes.put(LlmAttributes.OPERATION_NAME, "framework");
		attributes.put("spring.ai.advisor.name", context.getAdvisorName());
		attributes.putLong("spring.ai.advisor.order", context.getOrder());
	}

}
