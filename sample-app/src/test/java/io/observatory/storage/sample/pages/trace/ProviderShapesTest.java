package io.observatory.storage.sample.pages.trace;

import java.util.List;

import io.observatory.storage.sample.pages.trace.Message.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What providers and SDKs put into a message is shown, whatever its shape; bytes never
 * are.
 */
class ProviderShapesTest {

	private static final String BYTES = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";

	@ParameterizedTest
	@ValueSource(strings = {
			// OpenAI, chat and Responses
			"{'type':'image_url','image_url':{'url':'data:image/png;base64,%s'}}",
			"{'type':'input_image','image_url':'data:image/png;base64,%s'}",
			"{'type':'input_audio','input_audio':{'data':'%s','format':'wav'}}",
			"{'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,%s'}}",
			// Anthropic
			"{'type':'image','source':{'type':'base64','media_type':'image/png','data':'%s'}}",
			"{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'%s'}}",
			// Gemini
			"{'inline_data':{'mime_type':'image/png','data':'%s'}}",
			"{'inlineData':{'mimeType':'image/png','data':'%s'}}",
			// Bedrock
			"{'image':{'format':'png','source':{'bytes':'%s'}}}",
			"{'document':{'format':'pdf','name':'a','source':{'bytes':'%s'}}}",
			// Vercel's AI SDK
			"{'type':'image','image':'%s','mediaType':'image/png'}",
			"{'type':'file','mediaType':'image/png','data':'%s'}",
			"{'type':'file','mediaType':'image/png','data':{'type':'data','data':'%s'}}",
			// OpenTelemetry
			"{'type':'blob','modality':'image','mime_type':'image/png','content':'%s'}" })
	void anImageIsShownByItsKindAndSize(String part) {
		String json = "[{'role':'user','content':[" + part.formatted(BYTES) + "]}]";
		List<Part> parts = parts(json.replace('\'', '"'));
		assertThat(parts).singleElement().satisfies((one) -> {
			assertThat(one.text()).isEqualTo("33 bytes");
			assertThat(one.label()).matches("(image|audio|document).*");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'image_url','image_url':{'url':'https://example.org/i.png'}}",
			"{'type':'image','source':{'type':'url','url':'https://example.org/i.png'}}",
			"{'file_data':{'file_uri':'https://example.org/i.png','mime_type':'image/png'}}",
			"{'type':'image','image':'https://example.org/i.png'}",
			"{'type':'uri','modality':'image','uri':'https://example.org/i.png'}" })
	void anAddressIsShownAndNotLoaded(String part) {
		assertThat(parts(("[{'role':'user','content':[" + part + "]}]").replace('\'', '"'))).extracting(Part::text)
			.containsExactly("https://example.org/i.png");
	}

	@Test
	void bytesAreShownNowhereElseEither() {
		String bytes = "iVBORw0KGgo9A".repeat(60);
		for (String json : List.of("[{'role':'user','content':'look: data:image/png;base64,%s'}]",
				"[{'role':'tool','tool_call_id':'c1','content':[{'type':'image','source':{'data':'%s'}}]}]",
				"[{'role':'user','content':[{'type':'novelty','deep':{'er':['%s']}}]}]",
				"[{'role':'assistant','tool_calls':[{'function':{'name':'draw','arguments':'{\\\"p\\\":\\\"%s\\\"}'}}]}]",
				"{'screenshot':'%s'}")) {
			assertThat(parts(json.formatted(bytes).replace('\'', '"'))).as(json)
				.isNotEmpty()
				.noneMatch((part) -> part.text().contains("iVBOR"));
		}
	}

	@Test
	void whatIsRareIsShownToo() {
		assertThat(parts("""
				[{"role":"assistant","reasoning_content":"Hm.","content":"Yes.","refusal":"No."},
				 {"role":"assistant","content":null,"function_call":{"name":"weather","arguments":"{}"}},
				 {"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Nested."}},
				 {"index":0,"message":{"content":null},"tool_calls":[{"function":{"name":"beside"}}]}]"""))
			.containsExactly(new Part("reasoning", "Hm.", false), new Part(null, "Yes.", false),
					new Part("refusal", "No.", false), new Part("calls tool weather", "{}", true),
					new Part(null, "Nested.", false), new Part("calls tool beside", "", true));
	}

	@Test
	void requestsAndResponsesOfOtherProvidersAreRead() {
		assertThat(parts("""
				{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"},
				  {"functionCall":{"name":"weather","args":{"city":"Graz"}}}]},"finishReason":"STOP"}]}"""))
			.extracting(Part::text)
			.containsExactly("Hi", "{\n  \"city\" : \"Graz\"\n}");
		assertThat(parts("""
				{"output":{"message":{"role":"assistant","content":[{"text":"Hi"},
				  {"toolUse":{"toolUseId":"t1","name":"weather","input":{}}}]}},"stopReason":"tool_use"}"""))
			.extracting(Part::label)
			.containsExactly(null, "calls tool weather");
		assertThat(parts("""
				{"model":"gpt-4o","instructions":"Be brief","input":[{"role":"user","content":"Hi"},
				 {"type":"function_call","call_id":"c1","name":"weather","arguments":"{}"},
				 {"type":"function_call_output","call_id":"c1","output":"21"}]}""")).extracting(Part::text)
			.containsExactly("Be brief", "Hi", "{}", "21");
	}

	private static List<Part> parts(String json) {
		return MessageReader.input("user", json).stream().flatMap((message) -> message.parts().stream()).toList();
	}

}
