package io.observatory.storage.llm.dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.observatory.storage.llm.name.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * LangChain's messages, serialized: {@code {lc, type: constructor, id: [...,
 * HumanMessage], kwargs: {content}}}, or {@code {type: human, data: {content}}}.
 */
final class LangChain {

	private LangChain() {
	}

	static Map<?, ?> unwrapped(Map<?, ?> json) {
		Map<?, ?> inner = (json.get("kwargs") instanceof Map<?, ?> kwargs && !json.containsKey("args")) ? kwargs
				: (json.get("data") instanceof Map<?, ?> data && json.get("type") instanceof String type
						&& role(type) != null) ? data : null;
		if (inner == null) {
			return json;
		}
		Map<Object, @Nullable Object> message = new LinkedHashMap<>();
		JsonText.object(inner.get("additional_kwargs")).forEach(message::put);
		message.putAll(inner);
		if (inner.get("tool_calls") instanceof List<?> calls && calls.isEmpty()) {
			message.remove("tool_calls");
			JsonText.object(inner.get("additional_kwargs")).forEach(message::putIfAbsent);
		}
		String role = role(json);
		if (role != null) {
			message.putIfAbsent("role", role);
		}
		return message;
	}

	private static @Nullable String role(Map<?, ?> json) {
		if (json.get("id") instanceof List<?> id && !id.isEmpty()) {
			return role(String.valueOf(id.get(id.size() - 1)).replaceFirst("Message(Chunk)?$", ""));
		}
		return (json.get("type") instanceof String type) ? role(type) : null;
	}

	static @Nullable String role(String type) {
		return switch (type.toLowerCase(Locale.ROOT)) {
			case "human", "humanmessage", "humanmessagechunk" -> "user";
			case "ai", "aimessage", "aimessagechunk" -> "assistant";
			case "system", "systemmessage" -> "system";
			case "tool", "toolmessage" -> "tool";
			default -> null;
		};
	}

}
