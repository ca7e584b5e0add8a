package io.observatory.storage.capture.ai;

import io.micrometer.observation.Observation;
import io.observatory.storage.model.SpanKind;
import org.jspecify.annotations.Nullable;

/**
 * What a kind of Spring AI's observations says as a span. Reads the typed values of the
 * observation's context; its key values, which are strings, come from elsewhere.
 * Thread-safe.
 */
interface AiSpan<C extends Observation.Context> {

	/** The context it reads. */
	Class<C> type();

	/** The span's role. */
	SpanKind kind();

	/** Adds what is no content. */
	void describe(C context, Attributes attributes);

	/** Adds what people, models and tools said. */
	default void addContent(C context, Attributes attributes) {
	}

	/** The conversation that it starts a part of, or null. */
	default @Nullable String conversationId(C context) {
		return null;
	}

	/** Whether its answer comes in chunks. */
	default boolean isStreaming(C context) {
		return false;
	}

	/** Whether it came to its end, and was not cancelled. */
	default boolean isComplete(C context) {
		return true;
	}

}
