package io.observatory.storage.llm.name;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ContentLimitTest {

	@Test
	void whatIsShortEnoughStays() {
		Map<String, Object> attributes = Map.of("gen_ai.input.messages", List.of(message("user", "abcde")),
				"gen_ai.usage.input_tokens", 12L, "other", "x".repeat(100));
		assertThat(new ContentLimit(5).apply(attributes)).isEqualTo(attributes);
	}

	@Test
	void theInstructionsAndTheEndOfAConversationAreKept() {
		Object messages = new ContentLimit(14).apply(Map.of("gen_ai.input.messages", List.of(message("system", "first"),
				message("user", "second"), message("user", "third"), message("user", "last"))))
			.get("gen_ai.input.messages");
		assertThat(messages).isEqualTo(List.of(message("system", "first"), Map.of("cut", 1), message("user", "third"),
				message("user", "last")));
	}

	@Test
	void instructionsTakeNoMoreThanHalf() {
		assertThat(new ContentLimit(8).limit(List.of(message("system", "x".repeat(50)), message("user", "last"))))
			.isEqualTo(List.of(message("system", "xxxx…[cut from 50]"), message("user", "last")));
	}

	@Test
	void aTextIsCutWithAMarkerAndNeverWithinACharacter() {
		assertThat(new ContentLimit(3).apply("ab🙂cd")).isEqualTo("ab…[cut from 6]");
		assertThat(new ContentLimit(4).apply("ab🙂cd")).isEqualTo("ab🙂…[cut from 6]");
		assertThat(new ContentLimit(3).apply(Map.of("gen_ai.tool.call.result", "abcd")))
			.isEqualTo(Map.of("gen_ai.tool.call.result", "abc…[cut from 4]"));
	}

	@Test
	void theFormOfAMessageIsNeverCut() {
		assertThat(new ContentLimit(1).apply(Map.of("gen_ai.output.messages", List.of(message("assistant", "")))))
			.isEqualTo(Map.of("gen_ai.output.messages", List.of(message("assistant", ""))));
	}

	private static Map<String, Object> message(String role, String content) {
		return Map.of("role", role, "parts", List.of(Map.of("type", "text", "content", content)));
	}

}
