package io.observatory.storage.llm.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.observatory.storage.llm.name.FinishReasons;
import io.observatory.storage.llm.name.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * Conversations of any shape in that of OpenTelemetry's convention, version 1.41
 * ({@code gen-ai-input-messages.json}, {@code gen-ai-output-messages.json}):
 * {@code [{role, parts: [{type, content}], finish_reason}]}. Reads the convention's own
 * shapes (lists of maps, JSON, lists of JSON), requests and responses of OpenAI (chat,
 * Responses, the older {@code function_call}), Anthropic, Gemini and Bedrock, the Vercel
 * AI SDK's prompts, LangChain's serialized messages and generations, and plain text.
 * Images and sounds keep their kind and size, never their bytes. Functions without a
 * state, thread-safe; what is not understood is kept as it is, as a part.
 */
public final class Messages {

	/** What requests and responses call their list of messages. */
	private static final String[] LISTS = { "messages", "contents", "input", "generations", "choices", "candidates",
			"output", "outputs", "inputs", "args" };

	private static final int MAX_DEPTH = 10;

	private final String role;

	private final List<Map<String, Object>> messages = new ArrayList<>();

	private Messages(String role) {
		this.role = role;
	}

	/**
	 * Returns the messages that a value holds; none for null and empty text.
	 * @param value text, JSON in a text, or maps and lists
	 * @param role of a message that names none
	 */
	public static List<Map<String, Object>> read(@Nullable Object value, String role) {
		Messages messages = new Messages(role);
		messages.add(value, 0);
		return messages.messages;
	}

	private void add(@Nullable Object sent, int depth) {
		Object json = JsonText.container(sent);
		Object value = (json != null) ? json : (sent instanceof String text) ? unquoted(text) : sent;
		if (value instanceof Map<?, ?> map) {
			addMap(map, depth);
		}
		else if (value instanceof List<?> list) {
			addList(list, depth);
		}
		else if (value != null && !value.toString().isBlank()) {
			addMessage(this.role, MessageParts.of(value), null, null);
		}
	}

	private static Object unquoted(String text) {
		return (JsonText.parse(text) instanceof String inner) ? inner : text;
	}

	private void addList(List<?> list, int depth) {
		if (isParts(list)) {
			// instructions, or a provider's content: a list of parts that nobody says
			addMessage(this.role, MessageParts.of(list), null, null);
			return;
		}
		for (Object one : list) {
			if (depth < MAX_DEPTH) {
				add(one, depth + 1);
			}
		}
	}

	private static boolean isParts(List<?> list) {
		return !list.isEmpty() && list.stream()
			.allMatch((one) -> one instanceof Map<?, ?> map && map.get("type") instanceof String type
					&& !map.containsKey("role") && !map.containsKey("kwargs") && !map.containsKey("message")
					&& LangChain.role(type) == null && !isItem(type));
	}

	private void addMap(Map<?, ?> sent, int depth) {
		Map<?, ?> json = LangChain.unwrapped(sent);
		Map<?, ?> inner = json.containsKey("role") ? null : inner(json);
		if (inner != null) {
			addMessage(withCalls(LangChain.unwrapped(inner), json), (finishReason(json) != null) ? json : inner);
		}
		else if (json.get("type") instanceof String type && isItem(type)) {
			addItem(type, json);
		}
		else if (isMessage(json)) {
			addMessage(json, json);
		}
		else if ((depth >= MAX_DEPTH || !addRequest(json, depth)) && !MessageParts.isEmpty(json)) {
			addMessage(this.role, MessageParts.of(List.of(json)), null, null);
		}
	}

	/** Traceloop's events have the calls of tools beside the message. */
	private static Map<?, ?> withCalls(Map<?, ?> message, Map<?, ?> choice) {
		if (choice.get("tool_calls") == null || message.get("tool_calls") != null) {
			return message;
		}
		Map<Object, @Nullable Object> both = new LinkedHashMap<>(message);
		both.put("tool_calls", choice.get("tool_calls"));
		return both;
	}

	/** The message in a choice, a generation or an event; Gemini calls it content. */
	private static @Nullable Map<?, ?> inner(Map<?, ?> json) {
		if (JsonText.container(json.get("message")) instanceof Map<?, ?> message) {
			return message;
		}
		return (json.get("content") instanceof Map<?, ?> content && content.containsKey("parts")) ? content : null;
	}

	private static boolean isMessage(Map<?, ?> json) {
		boolean said = json.containsKey("content") || json.containsKey("parts") || json.containsKey("contents")
				|| json.containsKey("tool_calls") || json.containsKey("function_call") || json.containsKey("refusal");
		return json.containsKey("role") || (said && !(json.get("contents") instanceof List<?> list
				&& list.stream().anyMatch((one) -> one instanceof Map<?, ?> map && map.containsKey("role"))));
	}

	/** An item of OpenAI's Responses interface that is no message. */
	private static boolean isItem(String type) {
		return switch (type) {
			case "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output" -> true;
			default -> false;
		};
	}

	private void addItem(String type, Map<?, ?> item) {
		addMessage(type.endsWith("output") ? "tool" : "assistant", MessageParts.of(List.of(item)), null, null);
	}

	private boolean addRequest(Map<?, ?> json, int depth) {
		int before = this.messages.size();
		for (String name : List.of("system", "instructions", "system_instruction", "systemInstruction")) {
			List<Map<String, Object>> parts = MessageParts.of(content(json.get(name)));
			if (!parts.isEmpty()) {
				addMessage("system", parts, null, null);
			}
		}
		Object list = MessageParts.any(json, LISTS);
		if (list != null) {
			add(list, depth + 1);
		}
		for (String name : List.of("prompt", "text", "completion")) {
			addMessage(this.role, MessageParts.of(json.get(name)), null, finishReason(json));
		}
		return this.messages.size() > before;
	}

	private static @Nullable Object content(@Nullable Object value) {
		Object inner = (value instanceof Map<?, ?> map) ? MessageParts.any(map, "content", "parts", "text") : value;
		return (inner != null) ? inner : value;
	}

	private void addMessage(Map<?, ?> json, Map<?, ?> end) {
		String role = role(json);
		this.messages.add(message(role, parts(json, role), json.get("name"), finishReason(end)));
	}

	private String role(Map<?, ?> json) {
		Object role = json.get("role");
		if (role == null && json.get("type") instanceof String type) {
			role = LangChain.role(type);
		}
		if (!(role instanceof String text) || text.isBlank()) {
			return this.role;
		}
		return switch (text.toLowerCase(Locale.ROOT)) {
			case "human" -> "user";
			case "ai", "model", "chatbot" -> "assistant";
			default -> text.toLowerCase(Locale.ROOT);
		};
	}

	private static List<Map<String, Object>> parts(Map<?, ?> json, String role) {
		List<Map<String, Object>> parts = new ArrayList<>();
		addText(parts, "reasoning", MessageParts.any(json, "reasoning_content", "reasoning", "thinking"));
		Object toolCallId = MessageParts.any(json, "tool_call_id", "toolCallId");
		List<Map<String, Object>> said = new ArrayList<>();
		for (String name : List.of("parts", "content", "contents", "text")) {
			said.addAll(MessageParts.of(json.get(name)));
		}
		boolean plain = said.stream().allMatch((part) -> "text".equals(part.get("type")));
		if ((toolCallId != null || role.equals("tool") || role.equals("function")) && plain && !said.isEmpty()) {
			Object id = (toolCallId != null) ? toolCallId : json.get("id");
			said = List.of(MessageParts.answer(id, (said.size() == 1) ? said.get(0).get("content") : said));
		}
		parts.addAll(said);
		addText(parts, "refusal", json.get("refusal"));
		addCalls(parts, json);
		if (json.get("audio") instanceof Map<?, ?> audio) {
			parts.add(Media.part("audio", audio));
			addText(parts, "text", audio.get("transcript"));
		}
		return parts;
	}

	private static void addCalls(List<Map<String, Object>> parts, Map<?, ?> json) {
		Object calls = MessageParts.any(json, "tool_calls", "toolCalls");
		if (JsonText.container(calls) instanceof List<?> list) {
			list.stream()
				.filter(Map.class::isInstance)
				.map((call) -> MessageParts.toolCall((Map<?, ?>) call))
				.filter((call) -> parts.stream().noneMatch((part) -> isSame(part, call)))
				.forEach(parts::add);
		}
		if (json.get("function_call") instanceof Map<?, ?> call) {
			parts.add(MessageParts.toolCall(call));
		}
		if (json.get("function_call_name") != null || json.get("function_call_arguments_json") != null) {
			Map<String, @Nullable Object> call = new LinkedHashMap<>();
			call.put("name", json.get("function_call_name"));
			call.put("arguments", json.get("function_call_arguments_json"));
			parts.add(MessageParts.toolCall(call));
		}
	}

	/** Some say a call twice, in the content and beside it. */
	private static boolean isSame(Map<String, Object> part, Map<String, Object> call) {
		Object id = call.get("id");
		return id != null && id.equals(part.get("id")) && "tool_call".equals(part.get("type"));
	}

	private static void addText(List<Map<String, Object>> parts, String type, @Nullable Object value) {
		if (value instanceof String text && !text.isEmpty()) {
			parts.add(MessageParts.text(type, text));
		}
	}

	private static @Nullable Object finishReason(Map<?, ?> json) {
		for (Map<?, ?> place : List.of(json, JsonText.object(json.get("generation_info")),
				JsonText.object(json.get("generationInfo")), JsonText.object(json.get("response_metadata")))) {
			Object reason = MessageParts.any(place, "finish_reason", "finishReason", "stop_reason", "stopReason");
			if (reason instanceof String text && !text.isBlank()) {
				return text;
			}
		}
		return null;
	}

	private void addMessage(String role, List<Map<String, Object>> parts, @Nullable Object name,
			@Nullable Object finishReason) {
		if (!parts.isEmpty()) {
			this.messages.add(message(role, parts, name, finishReason));
		}
	}

	private static Map<String, Object> message(String role, List<Map<String, Object>> parts, @Nullable Object name,
			@Nullable Object finishReason) {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("role", role);
		message.put("parts", parts);
		if (name instanceof String) {
			message.put("name", name);
		}
		if (finishReason != null) {
			message.put("finish_reason", FinishReasons.canonical(finishReason.toString()));
		}
		return message;
	}

}
