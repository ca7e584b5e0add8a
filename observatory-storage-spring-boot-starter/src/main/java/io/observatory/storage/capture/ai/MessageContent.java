package io.observatory.storage.capture.ai;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;

/**
 * Converts Spring AI's messages to the JSON of OpenTelemetry's GenAI convention
 * ({@code gen-ai-input-messages.json}, {@code gen-ai-output-messages.json}), and to that
 * of the source system. For images and sounds the address is kept, or the kind and size,
 * never the bytes.
 */
final class MessageContent {

	private MessageContent() {
	}

	static List<Map<String, Object>> input(Prompt prompt) {
		return prompt.getInstructions()
			.stream()
			.map((message) -> message(message.getMessageType().getValue(), parts(message)))
			.toList();
	}

	static List<Map<String, Object>> output(ChatResponse response) {
		List<Map<String, Object>> messages = new ArrayList<>();
		for (Generation generation : response.getResults()) {
			Map<String, Object> message = message("assistant", parts(generation.getOutput()));
			put(message, "finish_reason", generation.getMetadata().getFinishReason());
			messages.add(message);
		}
		return messages;
	}

	/** As in the source system: {@code {type: chat, messages: [{role, content}]}}. */
	static Map<String, Object> sourceInput(Prompt prompt) {
		List<Map<String, Object>> messages = new ArrayList<>();
		for (Message message : prompt.getInstructions()) {
			Map<String, Object> json = new LinkedHashMap<>();
			json.put("role", message.getMessageType().getValue());
			json.put("content", (message instanceof ToolResponseMessage tool) ? responses(tool) : text(message));
			messages.add(json);
		}
		Map<String, Object> input = new LinkedHashMap<>();
		input.put("type", "chat");
		input.put("messages", messages);
		return input;
	}

	/** As in the source system: {@code {content, finish_reason}}. */
	static Map<String, Object> sourceOutput(ChatResponse response) {
		Map<String, Object> output = new LinkedHashMap<>();
		Generation generation = response.getResult();
		if (generation != null) {
			put(output, "content", generation.getOutput().getText());
			put(output, "finish_reason", generation.getMetadata().getFinishReason());
		}
		return output;
	}

	private static String text(Message message) {
		String text = message.getText();
		return (text != null) ? text : "";
	}

	private static String responses(ToolResponseMessage message) {
		return String.join("\n",
				message.getResponses().stream().map(ToolResponseMessage.ToolResponse::responseData).toList());
	}

	private static Map<String, Object> message(String role, List<Map<String, Object>> parts) {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("role", role);
		message.put("parts", parts);
		return message;
	}

	private static List<Map<String, Object>> parts(Message message) {
		List<Map<String, Object>> parts = new ArrayList<>();
		if (!text(message).isEmpty()) {
			parts.add(part("text", "content", text(message)));
		}
		if (message instanceof MediaContent content) {
			content.getMedia().forEach((media) -> parts.add(media(media)));
		}
		if (message instanceof AssistantMessage assistant) {
			assistant.getToolCalls().forEach((call) -> parts.add(toolCall(call)));
		}
		if (message instanceof ToolResponseMessage tool) {
			tool.getResponses().forEach((response) -> parts.add(toolResponse(response)));
		}
		return parts;
	}

	private static Map<String, Object> toolCall(AssistantMessage.ToolCall call) {
		Map<String, Object> part = part("tool_call", "id", call.id());
		put(part, "name", call.name());
		put(part, "arguments", call.arguments());
		return part;
	}

	private static Map<String, Object> toolResponse(ToolResponseMessage.ToolResponse response) {
		Map<String, Object> part = part("tool_call_response", "id", response.id());
		put(part, "response", response.responseData());
		return part;
	}

	private static Map<String, Object> media(Media media) {
		Object data = media.getData();
		boolean address = data instanceof URI || (data instanceof String text && text.startsWith("http"));
		Map<String, Object> part = part(address ? "uri" : "blob", "mime_type", media.getMimeType().toString());
		part.put("modality", media.getMimeType().getType());
		if (address) {
			part.put("uri", data.toString());
		}
		else if (data instanceof byte[] bytes) {
			part.put("bytes", bytes.length);
		}
		return part;
	}

	private static Map<String, Object> part(String type, String name, @Nullable Object value) {
		Map<String, Object> part = new LinkedHashMap<>();
		part.put("type", type);
		put(part, name, value);
		return part;
	}

	private static void put(Map<String, Object> json, String name, @Nullable Object value) {
		if (value != null) {
			json.put(name, value);
		}
	}

}
