package io.observatory.storage.sample.pages.traces;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.observatory.storage.sample.pages.traces.Message.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what was said out of an attribute: messages in the shape of OpenTelemetry's GenAI
 * convention, of the source system ({@code {type: chat, messages}}, {@code {content}}),
 * or of the providers' own interfaces ({@code {role, content, tool_calls}}), as JSON or
 * as text that is JSON. What is none of these is shown as the text it is.
 */
final class MessageReader {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final String role;

	private final boolean output;

	private MessageReader(String role, boolean output) {
		this.role = role;
		this.output = output;
	}

	/**
	 * Reads what was given to a call.
	 * @param role of what has none
	 */
	static List<Message> input(String role, @Nullable String json) {
		return new MessageReader(role, false).read(json);
	}

	/**
	 * Reads what a call gave.
	 * @param role of what has none
	 */
	static List<Message> output(String role, @Nullable String json) {
		return new MessageReader(role, true).read(json);
	}

	private List<Message> read(@Nullable String json) {
		if (json == null || json.isBlank()) {
			return List.of();
		}
		JsonNode root = parse(json);
		if (root != null && root.isString()) {
			// an OpenTelemetry SDK sends text
			String text = root.stringValue();
			JsonNode inner = parse(text);
			return (inner != null && inner.isContainer()) ? messages(inner) : List.of(message(text));
		}
		return (root != null) ? messages(root) : List.of(message(json));
	}

	private static @Nullable JsonNode parse(String json) {
		try {
			return JSON.readTree(json);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private List<Message> messages(JsonNode root) {
		JsonNode list = root.isArray() ? root : root.path("messages");
		if (!list.isArray()) {
			return List.of(message(root));
		}
		List<Message> messages = new ArrayList<>();
		// instructions are a list of parts, without anybody who says them
		if (!list.isEmpty()
				&& list.valueStream().allMatch((one) -> one.isObject() && one.has("type") && !one.has("role"))) {
			return List.of(new Message(this.role, null, this.output, null, parts(list)));
		}
		list.forEach((one) -> messages.add(message(one)));
		return messages;
	}

	private Message message(JsonNode json) {
		if (!json.isObject()) {
			return message(text(json));
		}
		List<Part> parts = new ArrayList<>();
		for (String name : List.of("parts", "content", "prompt", "text")) {
			parts.addAll(parts(json.path(name)));
		}
		json.path("tool_calls").forEach((call) -> parts.add(toolCall(call)));
		if (parts.isEmpty() && !json.has("role") && !json.has("content")) {
			parts.add(new Part(null, text(json), true));
		}
		return new Message(string(json, "role", this.role), string(json, "name"), this.output,
				string(json, "finish_reason"), parts);
	}

	private Message message(String text) {
		return new Message(this.role, null, this.output, null, List.of(new Part(null, text, false)));
	}

	private static List<Part> parts(JsonNode json) {
		if (json.isMissingNode() || json.isNull()) {
			return List.of();
		}
		if (!json.isArray()) {
			return List.of(json.isObject() ? part(json) : new Part(null, text(json), false));
		}
		List<Part> parts = new ArrayList<>();
		json.forEach((one) -> parts.add(one.isObject() ? part(one) : new Part(null, text(one), false)));
		return parts;
	}

	private static Part part(JsonNode part) {
		String type = string(part, "type", "text");
		return switch (type) {
			case "text", "input_text", "output_text" -> new Part(null, content(part, "content", "text"), false);
			case "reasoning", "thinking" -> new Part("reasoning", content(part, "content", "thinking"), false);
			case "tool_call", "tool_use", "function" -> toolCall(part);
			case "tool_call_response", "tool_result" ->
				new Part(labelled("answer of tool", part, "id"), content(part, "response", "result", "content"), true);
			case "uri", "blob", "file", "image", "audio", "video", "image_url" -> media(type, part);
			default -> new Part(type, text(part), true);
		};
	}

	private static Part toolCall(JsonNode part) {
		JsonNode call = part.path("function").isObject() ? part.path("function") : part;
		return new Part(labelled("calls tool", call, "name"), content(call, "arguments", "input"), true);
	}

	private static String labelled(String what, JsonNode part, String name) {
		String value = string(part, name);
		return (value != null) ? what + " " + value : what;
	}

	/** An image is not loaded: its address would tell somebody that one has looked. */
	private static Part media(String type, JsonNode part) {
		String kind = string(part, "modality", type);
		String mime = string(part, "mime_type");
		String label = (mime != null) ? kind + ", " + mime : kind;
		for (String name : List.of("uri", "source", "url", "file_id")) {
			String address = string(part, name);
			if (address != null && address.length() <= 2_000) {
				return new Part(label, address, true);
			}
		}
		int size = string(part, "content", string(part, "source", "")).length();
		return new Part(label, (size > 0) ? size * 3L / 4 + " bytes" : text(part), true);
	}

	private static String content(JsonNode part, String... names) {
		for (String name : names) {
			JsonNode value = part.path(name);
			if (!value.isMissingNode() && !value.isNull()) {
				return text(value);
			}
		}
		return text(part);
	}

	private static String text(JsonNode json) {
		return json.isString() ? json.stringValue() : json.isContainer() ? json.toPrettyString() : json.asString();
	}

	private static String string(JsonNode json, String name, String otherwise) {
		return Objects.requireNonNullElse(string(json, name), otherwise);
	}

	private static @Nullable String string(JsonNode json, String name) {
		JsonNode value = json.path(name);
		return value.isString() ? value.stringValue() : null;
	}

}
