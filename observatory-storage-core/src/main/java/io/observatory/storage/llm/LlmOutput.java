package io.observatory.storage.llm;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a model answered. {@code toString()} shows nothing of it.
 *
 * @param content the answer's text, or null if there is none, for instance because the
 * model called a tool
 * @param finishReason why it stopped, as the provider says it: {@code stop},
 * {@code length}, {@code content_filter}, {@code tool_call}, …, or null if unknown
 * @param metadata what else is known of it: strings, numbers, booleans, and lists, arrays
 * and maps of these; copied, but not what is nested in it
 */
public record LlmOutput(@Nullable String content, @Nullable String finishReason, Map<String, ?> metadata) {

	/** Copies the metadata. */
	public LlmOutput {
		metadata = Copies.of(metadata);
	}

	/** Returns an output without metadata. */
	public static LlmOutput of(@Nullable String content, @Nullable String finishReason) {
		return new LlmOutput(content, finishReason, Map.of());
	}

	@Override
	public String toString() {
		return "LlmOutput";
	}

}
