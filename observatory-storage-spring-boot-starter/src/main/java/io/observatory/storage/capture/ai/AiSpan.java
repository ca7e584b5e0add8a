package io.observatory.storage.capture.ai;

import io.micrometer.observation.Observation;
import io.observatory.storage.model.SpanKind;
import org.jspecify.annotations.Nullable;

/**
 * Converts one kind of Spring AI's observations to a span. It reads the typed values of
 * the observation's context; the key values, which are strings, are read elsewhere.
 * Thread-safe.
 */
interface AiSpan<C extends Observation.Context> {

	/** The type of the context that it reads. */
	Class<C> type();

	/** The span's role. */
	SpanKind kind();

	/** Adds attributes that are not content. */
	void describe(C context, Attributes attributes);

	/** Adds content: what people, models and tools said. */
	default void addContent(C context, Attributes attributes) {
	}

	/** The conversation that it belongs to, or null. */
	default @Nullable String conversationId(C context) {
		return null;
	}

	/** Whether its answer is streamed. */
	default boolean isStreaming(C context) {
		return false;
	}

	/** Whether it was completed, and not cancelled. */
	default boolean isComplete(C context) {
		return true;
	}

}
