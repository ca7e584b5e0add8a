package io.observatory.storage.capture.ai;

import io.observatory.storage.model.SpanKind;

import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;

/**
 * An operation of a vector store. Its query is one of the key values, and is content.
 */
final class VectorStoreSpan implements AiSpan<VectorStoreObservationContext> {

	@Override
	public Class<VectorStoreObservationContext> type() {
		return VectorStoreObservationContext.class;
	}

	@Override
	public SpanKind kind() {
		return SpanKind.CLIENT;
	}

	@Override
	public void describe(VectorStoreObservationContext context, Attributes attributes) {
		attributes.put("db.system.name", context.getDatabaseSystem());
		attributes.put("db.operation.name", context.getOperationName());
		attributes.put("db.collection.name", context.getCollectionName());
		attributes.put("db.namespace", context.getNamespace());
		attributes.putLong("db.vector.dimension_count", context.getDimensions());
		SearchRequest query = context.getQueryRequest();
		if (query != null) {
			attributes.putLong("db.vector.query.top_k", query.getTopK());
			attributes.put("db.vector.query.similarity_threshold", query.getSimilarityThreshold());
		}
		if (context.getQueryResponse() != null) {
			attributes.putLong("db.response.returned_rows", context.getQueryResponse().size());
		}
	}

}
