package io.observatory.storage.sample.pages.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.dialect.Messages;
import io.observatory.storage.llm.name.ContentLimit;
import io.observatory.storage.llm.name.JsonText;
import io.observatory.storage.sample.pages.trace.Message.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads conversations for display: the parts that {@link Messages} understands of an
 * attribute. Images are not loaded, because their server would learn that somebody looks.
 */
final class MessageReader {

	private static final JsonMapper JSON = JsonMapper.shared();

	/** The maximum of a conversation that is shown at once. */
	private static final ContentLimit LIMIT = new ContentLimit(TraceQueries.MAX_VALUE);

	private MessageReader() {
	}

	/**
	 * Reads the input of a call.
	 * @param role of what has none
	 */
	static List<Message> input(String role, @Nullable String json) {
		return messages(Messages.read(json, role), role, false);
	}

	/**
	 * Reads the output of a call.
	 * @param role of what has none
	 */
	static List<Message> output(String role, @Nullable String json) {
		return messages(Messages.read(json, role), role, true);
	}

	/**
	 * Reads arguments or the result of a tool, which are not messages, whatever their
	 * content is.
	 */
	static List<Message> value(String role, @Nullable String json, boolean output) {
		if (json == null || json.isBlank()) {
			return List.of();
		}
		Object value = JsonText.parse(json);
		Object inner = (value != null && JsonText.container(value) != null) ? JsonText.container(value) : value;
		Part part = new Part(null, text((inner != null) ? inner : json), inner != null && !(inner instanceof String));
		return List.of(new Message(role, null, output, null, List.of(part)));
	}

	/**
	 * Returns messages of the convention's shape.
	 */
	static List<Message> messages(List<Map<String, Object>> messages, String role, boolean output) {
		List<Message> read = new ArrayList<>();
		if (LIMIT.limit(messages) instanceof List<?> limited) {
			limited.forEach((one) -> read.add(message((Map<?, ?>) one, role, output)));
		}
		return read;
	}

	private static Message message(Map<?, ?> json, String role, boolean output) {
		if (json.get("cut") instanceof Number cut) {
			return new Message("…", null, output, null, List.of(new Part("left out", cut + " messages", false)));
		}
		List<Part> parts = new ArrayList<>();
		if (json.get("parts") instanceof List<?> list) {
			list.forEach((one) -> parts.add(part((Map<?, ?>) one)));
		}
		return new Message(string(json, "role", role), string(json, "name"), output, string(json, "finish_reason"),
				parts);
	}

	private static Part part(Map<?, ?> part) {
		String type = string(part, "type", "other");
		return switch (type) {
			case "text" -> new Part(null, text(part.get("content")), false);
			case "reasoning", "refusal" -> new Part(type, text(part.get("content")), false);
			case "tool_call" -> new Part(labelled("calls tool", part, "name"), text(part.get("arguments")), true);
			case "tool_call_response" ->
				new Part(labelled("answer of tool", part, "id"), text(part.get("response")), true);
			case "uri", "file", "blob" -> media(part);
			default -> other(type, part);
		};
	}

	private static Part media(Map<?, ?> part) {
		String mime = string(part, "mime_type", string(part, "format", ""));
		String label = string(part, "modality", "file") + (mime.isEmpty() ? "" : ", " + mime);
		String address = string(part, "uri", string(part, "file_id", ""));
		String size = (part.get("bytes") != null) ? part.get("bytes") + " bytes" : "of unknown size";
		return new Part(label, address.isEmpty() ? size : address, true);
	}

	private static Part other(String type, Map<?, ?> part) {
		Map<Object, @Nullable Object> json = new LinkedHashMap<>(part);
		if (type.equals("other")) {
			json.remove("type");
			return new Part(json.containsKey("cut") ? "left out" : null, text(json), true);
		}
		return new Part(type, text(json), true);
	}

	private static String labelled(String what, Map<?, ?> part, String name) {
		String value = string(part, name);
		return (value != null) ? what + " " + value : what;
	}

	private static String text(@Nullable Object value) {
		if (value == null) {
			return "";
		}
		boolean container = value instanceof Map<?, ?> || value instanceof List<?>;
		return container ? JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) : value.toString();
	}

	private static String string(Map<?, ?> json, String name, String otherwise) {
		String value = string(json, name);
		return (value != null) ? value : otherwise;
	}

	private static @Nullable String string(Map<?, ?> json, String name) {
		return (json.get(name) instanceof String text) ? text : null;
	}

}
