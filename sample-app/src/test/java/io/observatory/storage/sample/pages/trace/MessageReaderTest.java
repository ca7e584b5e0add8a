package io.observatory.storage.sample.pages.trace;

import java.util.List;

import io.observatory.storage.sample.pages.trace.Message.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MessageReaderTest {

	@ParameterizedTest
	@ValueSource(strings = {
			// the convention, the source system, a provider's interface; text that is
			// JSON
			"[{'role':'user','parts':[{'type':'text','content':'Hi?'}]}]",
			"{'type':'chat','messages':[{'role':'user','content':'Hi?'}]}", "{'type':'text','prompt':'Hi?'}",
			"[{'role':'user','content':[{'type':'text','text':'Hi?'}]}]", "Hi?",
			"{'type':'multimodal','parts':[{'type':'text','text':'Hi?'}]}" })
	void whatWasAskedIsReadWhateverShapeItHas(String json) {
		assertThat(MessageReader.input("user", json.replace('\'', '"')))
			.containsExactly(new Message("user", null, false, null, List.of(new Part(null, "Hi?", false))));
	}

	@Test
	void anAnswerHasItsFinishReason() {
		Message expected = new Message("assistant", null, true, "stop", List.of(new Part(null, "Fine.", false)));
		assertThat(MessageReader.output("assistant", """
				[{"role":"assistant","parts":[{"type":"text","content":"Fine."}],"finish_reason":"stop"}]"""))
			.containsExactly(expected);
		assertThat(MessageReader.output("assistant", """
				{"content":"Fine.","finish_reason":"stop"}""")).containsExactly(expected);
	}

	@Test
	void toolsAreCalledAndAnswer() {
		List<Message> messages = MessageReader.input("user",
				"""
						[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":"{}"}]},
						 {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"21"}]},
						 {"role":"assistant","content":null,"tool_calls":[{"function":{"name":"weather","arguments":"{}"}}]}]""");
		Part call = new Part("calls tool weather", "{}", true);
		assertThat(messages).extracting(Message::parts)
			.containsExactly(List.of(call), List.of(new Part("answer of tool c1", "21", true)), List.of(call));
	}

	@Test
	void instructionsAreOneMessage() {
		assertThat(MessageReader.input("system", """
				[{"type":"text","content":"Be brief."},{"type":"text","content":"Be kind."}]""")).singleElement()
			.satisfies((message) -> assertThat(message.role()).isEqualTo("system"))
			.satisfies((message) -> assertThat(message.parts()).hasSize(2));
	}

	@Test
	void bytesOfAnImageAreNotShown() {
		assertThat(MessageReader.input("user",
				"""
						[{"role":"user","parts":[{"type":"blob","mime_type":"image/png","modality":"image","content":"%s"}]}]"""
					.formatted("A".repeat(4_000))))
			.extracting(Message::parts)
			.containsExactly(List.of(new Part("image, image/png", "3000 bytes", true)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[{\"role\":\"user\",", "<b>", "[1, 2", "nul" })
	void whatIsNoJsonIsShownAsItIs(String text) {
		assertThat(MessageReader.output("assistant", text))
			.containsExactly(new Message("assistant", null, true, null, List.of(new Part(null, text, false))));
	}

	@Test
	void aLongTextIsCutBetweenCharacters() {
		String text = "a" + "\ud83d\ude00".repeat(2_000);
		Part part = new Part(null, text, false);
		assertThat(part.head() + part.rest()).isEqualTo(text);
		assertThat(part.head().codePoints().filter((point) -> point == 0x1f600)).hasSize(part.head().length() / 2);
	}

}
