package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.name.LlmProvider;
import io.observatory.storage.model.SpanKind;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;

/**
 * A call of an embedding model.
 */
final class EmbeddingModelSpan implements AiSpan<EmbeddingModelObservationContext> {

	@Override
	public Class<EmbeddingModelObservationContext> type() {
		return EmbeddingModelObservationContext.class;
	}

	@Override
	public SpanKind kind() {
		return SpanKind.CLIENT;
	}

	@Override
	public void describe(EmbeddingModelObservationContext context, Attributes attributes) {
		String provider = context.getOperationMetadata().provider();
		attributes.put(LlmAttributes.OPERATION_NAME, "embeddings");
		attributes.put(LlmAttributes.PROVIDER_NAME, LlmProvider.conventionName(provider));
		EmbeddingOptions options = context.getRequest().getOptions();
		@Nullable String model = (options != null) ? options.getModel() : null;
		attributes.put(LlmAttributes.REQUEST_MODEL, model);
		if (options != null) {
			attributes.putLong(LlmAttributes.EMBEDDING_DIMENSIONS, options.getDimensions());
		}
		EmbeddingResponse response = context.getResponse();
		if (response != null) {
			attributes.put(LlmAttributes.RESPONSE_MODEL, response.getMetadata().getModel());
			Tokens.describe(Tokens.of(provider, response.getMetadata().getUsage()), attributes);
		}
	}

}
