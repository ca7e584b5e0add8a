package io.observatory.storage.llm.dialect;

import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.name.JsonText;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The conversation that events tell, in each generation, whether what was said is in the
 * attributes or in the body.
 */
class EventMessagesTest {

	private static final List<Map<String, Object>> HI = messages("user", Map.of("type", "text", "content", "Hi"));

	private static final List<Map<String, Object>> HELLO = messages("assistant",
			Map.of("type", "text", "content", "Hello"));

	@ParameterizedTest
	@CsvSource(delimiter = ';', nullValues = "-", quoteCharacter = '^',
			textBlock = """
					gen_ai.content.prompt; {"gen_ai.prompt": "[{\\"role\\": \\"user\\", \\"content\\": \\"Hi\\"}]"}; -
					gen_ai.content.prompt; {"gen_ai.prompt": "Hi"}; -
					gen_ai.content.prompt; {}; {"gen_ai.prompt": "Hi"}
					gen_ai.content.prompt; {}; Hi
					gen_ai.user.message; {"content": "Hi"}; -
					gen_ai.user.message; {"role": "user", "content": "Hi"}; -
					gen_ai.user.message; {"gen_ai.system": "openai"}; {"content": "Hi"}
					gen_ai.user.message; {"gen_ai.system": "openai"}; {"role": "user", "content": [{"type": "text", "text": "Hi"}]}
					gen_ai.user.message; {}; Hi
					gen_ai.user.message; {"gen_ai.event.content": "{\\"role\\": \\"user\\", \\"content\\": \\"Hi\\"}"}; -
					gen_ai.client.inference.operation.details; {"gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}]}; -
					gen_ai.client.inference.operation.details; {}; {"gen_ai.input.messages": [{"role": "user", "content": "Hi"}]}
					""")
	void whatTheModelWasGiven(String name, String attributes, @Nullable String body) {
		assertThat(told(name, attributes, body).input()).isEqualTo(HI);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', nullValues = "-", quoteCharacter = '^',
			textBlock = """
					gen_ai.content.completion; {"gen_ai.completion": "[{\\"role\\": \\"assistant\\", \\"content\\": \\"Hello\\"}]"}; -
					gen_ai.content.completion; {}; {"gen_ai.completion": "Hello"}
					gen_ai.choice; {"index": 0, "message": {"content": "Hello"}}; -
					gen_ai.choice; {"index": 0, "message": "{\\"role\\": \\"assistant\\", \\"content\\": \\"Hello\\"}"}; -
					gen_ai.choice; {}; {"index": 0, "message": {"role": "assistant", "content": "Hello"}}
					gen_ai.choice; {"gen_ai.event.content": "{\\"index\\": 0, \\"message\\": {\\"content\\": \\"Hello\\"}}"}; -
					gen_ai.client.inference.operation.details; {}; {"gen_ai.output.messages": "[{\\"role\\": \\"assistant\\", \\"content\\": \\"Hello\\"}]"}
					""")
	void whatItAnswered(String name, String attributes, @Nullable String body) {
		assertThat(told(name, attributes, body).output()).isEqualTo(HELLO);
	}

	@Test
	void aCallOfAToolItsAnswerAndTheReasonToStop() {
		EventMessages events = new EventMessages();
		events.add("gen_ai.assistant.message", Map.of(), """
				{"tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]}
				""");
		events.add("gen_ai.tool.message", Map.of("id", "c1", "content", "sunny"), null);
		events.add("gen_ai.system.message", Map.of(), "Be brief.");
		events.add("gen_ai.choice", Map.of("finish_reason", "tool_use"), "{\"message\": {\"content\": \"Sunny.\"}}");
		assertThat(events.input()).extracting((message) -> message.get("role"))
			.containsExactly("system", "assistant", "tool");
		assertThat(events.input().get(2).get("parts"))
			.isEqualTo(List.of(Map.of("type", "tool_call_response", "id", "c1", "response", "sunny")));
		assertThat(events.output().get(0)).containsEntry("finish_reason", "tool_calls");
	}

	private static EventMessages told(String name, String attributes, @Nullable String body) {
		EventMessages events = new EventMessages();
		events.add(name, map(attributes), body);
		return events;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, ?> map(String json) {
		return (Map<String, ?>) JsonText.object(json);
	}

	private static List<Map<String, Object>> messages(String role, Map<String, Object> part) {
		return List.of(Map.of("role", role, "parts", List.of(part)));
	}

}
