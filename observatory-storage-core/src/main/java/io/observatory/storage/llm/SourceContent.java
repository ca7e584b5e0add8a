package io.observatory.storage.llm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Input and output in the source system's JSON shape.
 */
final class SourceContent {

	private SourceContent() {
	}

	static Map<String, Object> input(LlmInput input) {
		if (input instanceof LlmInput.Text text) {
			return typed("text", "prompt", text.prompt());
		}
		if (input instanceof LlmInput.Messages chat) {
			return typed("chat", "messages", chat.messages().stream().map(SourceContent::message).toList());
		}
		List<ContentPart> parts = ((LlmInput.Multimodal) input).parts();
		return typed("multimodal", "parts", parts.stream().map(SourceContent::part).toList());
	}

	static Map<String, Object> output(LlmOutput output) {
		Map<String, Object> json = new LinkedHashMap<>();
		put(json, "content", output.content());
		put(json, "finish_reason", output.finishReason());
		if (!output.metadata().isEmpty()) {
			json.put("metadata", output.metadata());
		}
		return json;
	}

	private static Map<String, Object> message(ChatMessage message) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("role", message.role());
		json.put("content", message.content());
		put(json, "name", message.name());
		return json;
	}

	private static Map<String, Object> part(ContentPart part) {
		if (part instanceof ContentPart.Text text) {
			return typed("text", "text", text.text());
		}
		if (part instanceof ContentPart.Image image) {
			return media("image", image.source());
		}
		return media("audio", ((ContentPart.Audio) part).source());
	}

	/** The source system has one field for an address and for base64. */
	private static Map<String, Object> media(String type, MediaSource source) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("type", type);
		put(json, "source", (source.url() != null) ? source.url() : source.base64());
		put(json, "mime_type", source.mimeType());
		return json;
	}

	private static Map<String, Object> typed(String type, String name, Object value) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("type", type);
		json.put(name, value);
		return json;
	}

	private static void put(Map<String, Object> json, String name, @Nullable Object value) {
		if (value != null) {
			json.put(name, value);
		}
	}

}
