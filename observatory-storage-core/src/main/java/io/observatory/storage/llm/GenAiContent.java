package io.observatory.storage.llm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Input and output in the JSON shape of OpenTelemetry's GenAI convention
 * ({@code gen-ai-input-messages.json}, {@code gen-ai-output-messages.json}). The
 * convention wants a finish reason on each output message; an unknown one is left out all
 * the same, not made up.
 */
final class GenAiContent {

	private GenAiContent() {
	}

	static List<Map<String, Object>> input(LlmInput input) {
		if (input instanceof LlmInput.Text text) {
			return List.of(message("user", List.of(text(text.prompt()))));
		}
		if (input instanceof LlmInput.Messages chat) {
			return chat.messages().stream().map(GenAiContent::message).toList();
		}
		List<ContentPart> parts = ((LlmInput.Multimodal) input).parts();
		return List.of(message("user", parts.stream().map(GenAiContent::part).toList()));
	}

	static List<Map<String, Object>> output(LlmOutput output) {
		String content = output.content();
		Map<String, Object> json = message("assistant", (content != null) ? List.of(text(content)) : List.of());
		put(json, "finish_reason", output.finishReason());
		if (!output.metadata().isEmpty()) {
			json.put("metadata", output.metadata());
		}
		return List.of(json);
	}

	private static Map<String, Object> message(ChatMessage message) {
		Map<String, Object> json = message(message.role(), List.of(text(message.content())));
		put(json, "name", message.name());
		return json;
	}

	private static Map<String, Object> message(String role, List<Map<String, Object>> parts) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("role", role);
		json.put("parts", parts);
		return json;
	}

	private static Map<String, Object> part(ContentPart part) {
		if (part instanceof ContentPart.Text text) {
			return text(text.text());
		}
		if (part instanceof ContentPart.Image image) {
			return media("image", image.source());
		}
		return media("audio", ((ContentPart.Audio) part).source());
	}

	private static Map<String, Object> text(String content) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("type", "text");
		json.put("content", content);
		return json;
	}

	private static Map<String, Object> media(String modality, MediaSource source) {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("type", (source.url() != null) ? "uri" : "blob");
		put(json, "mime_type", source.mimeType());
		json.put("modality", modality);
		put(json, "uri", source.url());
		put(json, "content", source.base64());
		return json;
	}

	private static void put(Map<String, Object> json, String name, @Nullable Object value) {
		if (value != null) {
			json.put(name, value);
		}
	}

}
