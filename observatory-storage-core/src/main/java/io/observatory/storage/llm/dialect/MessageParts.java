package io.observatory.storage.llm.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.observatory.storage.llm.name.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a message in the shape of OpenTelemetry's convention
 * ({@code gen-ai-input-messages.json}, version 1.41): text, reasoning, calls and answers
 * of tools, images and the like; and {@code refusal}, which the convention has not. What
 * is none of these keeps its form, without bytes.
 */
final class MessageParts {

	private static final Set<String> MEDIA = Set.of("blob", "uri", "file", "image", "image_url", "input_image",
			"input_audio", "audio", "output_audio", "video", "input_video", "video_url", "document", "input_file",
			"media", "image-data", "image-url", "file-data", "file-url", "inline_data", "inlineData", "file_data",
			"fileData", "audio_url");

	private static final Set<String> TEXTS = Set.of("text", "input_text", "output_text", "reasoning", "thinking",
			"refusal");

	private static final Set<String> CALLS = Set.of("tool_call", "tool_use", "tool-call", "function", "function_call",
			"server_tool_use", "mcp_call", "custom_tool_call");

	private static final Set<String> ANSWERS = Set.of("tool_call_response", "tool_result", "tool-result",
			"function_call_output", "tool_response", "custom_tool_call_output");

	private static final int MAX_DEPTH = 50;

	private MessageParts() {
	}

	/** Returns the parts of a content: a text, a part, or a list of these. */
	static List<Map<String, Object>> of(@Nullable Object content) {
		List<Map<String, Object>> parts = new ArrayList<>();
		for (Object one : list(content)) {
			if (one instanceof Map<?, ?> map) {
				parts.add(part(map));
			}
			else if (one != null && !one.toString().isEmpty()) {
				parts.add(text("text", one));
			}
		}
		return parts;
	}

	private static List<?> list(@Nullable Object content) {
		Object value = content;
		if (content instanceof String text && isListOfParts(JsonText.container(text))) {
			value = JsonText.container(text);
		}
		if (value instanceof List<?> list) {
			return list;
		}
		return (value != null) ? List.of(value) : List.of();
	}

	private static boolean isListOfParts(@Nullable Object json) {
		return json instanceof List<?> list && !list.isEmpty() && list.stream()
			.allMatch((one) -> one instanceof Map<?, ?> map && map.get("type") instanceof String type && isKnown(type));
	}

	private static boolean isKnown(String type) {
		return MEDIA.contains(type) || CALLS.contains(type) || ANSWERS.contains(type) || TEXTS.contains(type);
	}

	/** Returns a part of that type whose content is a text. */
	static Map<String, Object> text(String type, Object content) {
		Map<String, Object> part = new LinkedHashMap<>();
		part.put("type", type);
		part.put("content", (content instanceof String text) ? Media.withoutBytes(text) : content);
		return part;
	}

	private static Map<String, Object> part(Map<?, ?> sent) {
		if (sent.get("tool_call") instanceof Map<?, ?>) {
			return toolCall(sent);
		}
		Map<?, ?> json = (sent.get("message_content") instanceof Map<?, ?> inner) ? inner : sent;
		String type = (json.get("type") instanceof String text) ? text : guess(json);
		if (MEDIA.contains(type)) {
			return Media.part(type, json);
		}
		if (CALLS.contains(type)) {
			return toolCall(json);
		}
		if (ANSWERS.contains(type)) {
			return toolAnswer(json);
		}
		return switch (type) {
			case "text", "input_text", "output_text", "summary_text" ->
				text("text", first(json, "content", "text", "page_content", "pageContent"));
			case "reasoning", "thinking" -> text("reasoning", reasoning(json));
			case "refusal" -> text("refusal", first(json, "refusal", "content", "text"));
			case "functionCall", "toolUse" -> toolCall(JsonText.object(json.get(type)));
			case "functionResponse", "toolResult" -> toolAnswer(JsonText.object(json.get(type)));
			case "reasoningContent" -> text("reasoning", first(JsonText.object(json.get(type)), "reasoningText"));
			default -> other(type, json);
		};
	}

	/** Gemini and Bedrock name the member, not the type. */
	private static String guess(Map<?, ?> json) {
		for (String name : List.of("functionCall", "functionResponse", "toolUse", "toolResult", "reasoningContent",
				"inline_data", "inlineData", "file_data", "fileData", "image", "video", "document", "audio")) {
			if (json.get(name) instanceof Map<?, ?>) {
				return name;
			}
		}
		if (json.get("function_call") instanceof Map<?, ?>) {
			return "function_call";
		}
		boolean text = json.get("text") != null || json.get("content") instanceof String
				|| any(json, "page_content", "pageContent") instanceof String;
		return text ? "text" : "other";
	}

	private static Object reasoning(Map<?, ?> json) {
		Object summary = json.get("summary");
		if (summary instanceof List<?> list && !list.isEmpty()) {
			return String.join("\n", list.stream()
				.map((one) -> (one instanceof Map<?, ?> map) ? first(map, "text").toString() : String.valueOf(one))
				.toList());
		}
		return first(json, "content", "text", "thinking", "reasoning", "reasoningText");
	}

	/**
	 * Returns the call of a tool: {@code {id, name, arguments}}, with OpenAI's
	 * {@code function} inside, or by another name.
	 */
	static Map<String, Object> toolCall(Map<?, ?> sent) {
		Map<?, ?> json = (sent.get("tool_call") instanceof Map<?, ?> inner) ? inner : sent;
		Map<?, ?> call = json;
		for (String name : List.of("function", "function_call", "custom")) {
			call = (json.get(name) instanceof Map<?, ?> inner) ? inner : call;
		}
		Map<String, Object> part = new LinkedHashMap<>();
		part.put("type", "tool_call");
		put(part, "id", any(json, "id", "call_id", "toolCallId", "toolUseId", "tool_call_id"));
		put(part, "name", any(call, "name", "toolName"));
		put(part, "arguments", plain(any(call, "arguments", "input", "args")));
		return part;
	}

	private static Map<String, Object> toolAnswer(Map<?, ?> json) {
		Object response = any(json, "response", "output", "result", "content");
		return answer(any(json, "id", "call_id", "tool_use_id", "toolCallId", "toolUseId", "tool_call_id"),
				(response instanceof Map<?, ?> map && map.containsKey("value")) ? map.get("value") : response);
	}

	/** Returns what a tool answered. */
	static Map<String, Object> answer(@Nullable Object id, @Nullable Object response) {
		Map<String, Object> part = new LinkedHashMap<>();
		part.put("type", "tool_call_response");
		put(part, "id", id);
		put(part, "response", plain(response));
		return part;
	}

	private static Map<String, Object> other(String type, Map<?, ?> json) {
		Map<String, Object> part = new LinkedHashMap<>();
		part.put("type", type);
		json.forEach((name, value) -> put(part, String.valueOf(name), plain(value)));
		part.put("type", type);
		return part;
	}

	private static @Nullable Object plain(@Nullable Object value) {
		return plain(value, 0);
	}

	/** Without the bytes of images and the like. */
	private static @Nullable Object plain(@Nullable Object value, int depth) {
		if (value instanceof String text) {
			return Media.withoutBytes(text);
		}
		if (depth > MAX_DEPTH) {
			return null;
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> plain = new ArrayList<>();
			list.forEach((one) -> plain.add(plain(one, depth + 1)));
			return plain;
		}
		if (!(value instanceof Map<?, ?> map)) {
			return value;
		}
		if (map.get("type") instanceof String type && MEDIA.contains(type)) {
			return Media.part(type, map);
		}
		Map<String, @Nullable Object> plain = new LinkedHashMap<>();
		map.forEach((name, one) -> plain.put(String.valueOf(name), plain(one, depth + 1)));
		return plain;
	}

	private static Object first(Map<?, ?> json, String... names) {
		Object value = any(json, names);
		Object inner = (value instanceof Map<?, ?> map) ? any(map, "text", "value") : value;
		return (inner != null) ? inner : "";
	}

	/** Whether nothing is said with it. */
	static boolean isEmpty(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			return map.values().stream().allMatch(MessageParts::isEmpty);
		}
		if (value instanceof List<?> list) {
			return list.stream().allMatch(MessageParts::isEmpty);
		}
		return value == null || value.toString().isBlank();
	}

	static @Nullable Object any(Map<?, ?> json, String... names) {
		for (String name : names) {
			Object value = json.get(name);
			if (value != null) {
				return value;
			}
		}
		return null;
	}

	private static void put(Map<String, Object> json, String name, @Nullable Object value) {
		if (value != null) {
			json.put(name, value);
		}
	}

}
