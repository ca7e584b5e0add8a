package io.observatory.storage.sample.llm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.ChatMessage;
import io.observatory.storage.llm.ContentPart;
import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmMetadata;
import io.observatory.storage.llm.LlmOutput;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.llm.MediaSource;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.sample.intake.Body;
import io.observatory.storage.sample.intake.Request;
import io.observatory.storage.sample.intake.RequestException;
import io.observatory.storage.sample.intake.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LlmSpanRequestTest {

	private static final String MINIMAL = """
			{"traceId": "t", "spanId": "s", "name": "n", "provider": "p", "model": "m",
			 "input": {"prompt": "hi"}, "latency": {"start": "2025-03-04T05:06:07Z", "totalMs": 1.5}}""";

	private static final String FULL = """
			{"traceId": "t", "spanId": "s", "parentSpanId": "ps", "name": "n", "kind": "client", "serviceName": "svc",
			 "provider": "openai", "model": "gpt-4o", "responseModel": "gpt-4o-1", "operation": "generate_content",
			 "input": {"messages": [{"role": "system", "content": "be brief"},
			                        {"role": "user", "content": "hi", "name": "joe"}]},
			 "output": {"content": "hello", "finishReason": "stop", "metadata": {"x": 1}},
			 "usage": {"prompt": 3, "completion": 4, "cacheRead": 1},
			 "cost": {"amount": 0.5, "currency": "EUR", "prompt": 0.2, "completion": 0.3},
			 "latency": {"start": "2025-03-04T05:06:07Z", "totalMs": 1000, "timeToFirstTokenMs": 0.25,
			             "end": "2025-03-04T05:06:09Z"},
			 "metadata": {"userId": "u", "sessionId": "se", "requestId": "r", "environment": "prod", "tags": ["a", "b"],
			              "attributes": {"k": "v"}},
			 "status": "error", "statusMessage": "sm", "errorType": "et", "attributes": {"a": [1, true]},
			 "events": [{"name": "e", "timestamp": "2025-03-04T05:06:08Z", "attributes": {"z": "y"}}]}""";

	private static List<LlmSpan> read(String json) {
		List<LlmSpan> spans = new ArrayList<>();
		try (Request request = Requests.open()) {
			Body body = Requests.body(request, json.getBytes(StandardCharsets.UTF_8));
			LlmSpanRequest.JSON.read(request, body, (span, index) -> spans.add(span));
		}
		return spans;
	}

	private static LlmSpan.Builder minimal() {
		return LlmSpan.builder()
			.traceId("t")
			.spanId("s")
			.name("n")
			.provider("p")
			.model("m")
			.input(new LlmInput.Text("hi"))
			.latency(LlmLatency.of(Instant.parse("2025-03-04T05:06:07Z"), Duration.ofNanos(1_500_000)));
	}

	@Test
	void one() {
		assertThat(read(MINIMAL)).containsExactly(minimal().build());
	}

	@Test
	void several() {
		assertThat(read("[" + MINIMAL + "," + MINIMAL + "]")).containsExactly(minimal().build(), minimal().build());
		assertThat(read("[]")).isEmpty();
	}

	@Test
	void everyField() {
		assertThat(read(FULL)).containsExactly(LlmSpan.builder()
			.traceId("t")
			.spanId("s")
			.parentSpanId("ps")
			.name("n")
			.kind(SpanKind.CLIENT)
			.serviceName("svc")
			.provider("openai")
			.model("gpt-4o")
			.responseModel("gpt-4o-1")
			.operation("generate_content")
			.input(new LlmInput.Messages(
					List.of(ChatMessage.of("system", "be brief"), new ChatMessage("user", "hi", "joe"))))
			.output(new LlmOutput("hello", "stop", Map.of("x", 1)))
			.usage(new TokenUsage(3L, 4L, 7L, 1L, null, null, null, null, null))
			.cost(new LlmCost(0.5, "EUR", 0.2, 0.3))
			.latency(new LlmLatency(Duration.ofSeconds(1), Duration.ofNanos(250_000),
					Instant.parse("2025-03-04T05:06:07Z"), Instant.parse("2025-03-04T05:06:09Z")))
			.metadata(new LlmMetadata("u", "se", "r", "prod", List.of("a", "b"), Map.of("k", "v")))
			.status(Status.ERROR)
			.statusMessage("sm")
			.errorType("et")
			.attributes(Map.of("a", List.of(1, true)))
			.events(List.of(new SpanEvent("e", Instant.parse("2025-03-04T05:06:08Z"), Map.of("z", "y"))))
			.build());
	}

	@Test
	void multimodalInput() {
		String json = MINIMAL.replace("{\"prompt\": \"hi\"}", """
				{"parts": [{"type": "text", "text": "what is it?"},
				           {"type": "image", "url": "https://x/y.png", "mimeType": "image/png"},
				           {"type": "audio", "base64": "AAAA", "mimeType": "audio/wav"}]}""");
		assertThat(read(json).get(0).input())
			.isEqualTo(new LlmInput.Multimodal(List.of(new ContentPart.Text("what is it?"),
					new ContentPart.Image(MediaSource.ofUrl("https://x/y.png", "image/png")),
					new ContentPart.Audio(MediaSource.ofBase64("AAAA", "audio/wav")))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "traceId", "spanId", "name", "provider", "model", "input", "latency" })
	void aMissingFieldIsNamed(String field) {
		assertRefused(
				"[" + MINIMAL + ","
						+ MINIMAL.replace('"' + field + '"', "\"attributes\": {}, \"ignore\"")
							.replace("\"ignore\": {\"prompt\": \"hi\"}", "\"metadata\": {}")
							.replaceAll("\"ignore\": \"\\w\"", "\"operation\": \"o\"")
							.replaceAll("\"ignore\": \\{\"start\".*?}", "\"usage\": {}")
						+ "]",
				"[1]." + field + " is required");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					"totalMs": 1.5     | "totalMs": -1           | [0].latency.totalMs must be a number of milliseconds from 0 to 100 years
					"totalMs": 1.5     | "totalMs": "secret"     | [0].latency.totalMs is not as it should be
					"totalMs": 1.5     | "total": 1              | [0].latency.total is not as it should be
					"prompt": "hi"     | "prompt": "hi", "messages": [] | [0].input must have exactly one of prompt, messages and parts
					"prompt": "hi"     | "messages": [{"role": "user"}] | [0].input.messages[0] is not as it should be
					2025-03-04T05:06:07Z | secret                | [0].latency.start is not as it should be
					"name": "n"        | "name": "n", "kind": "secret" | [0].kind is not as it should be
					"name": "n"        | "name": "n", "typo": 1  | [0].typo is not as it should be
					"name": "n"        | "name": "n", "usage": {"prompt": -1} | [0].usage is not as it should be
					"name": "n"        | "name": "n", "cost": {} | [0].cost.amount is required
					""")
	void aBadFieldIsNamedWithoutItsContent(String good, String bad, String message) {
		assertRefused("[" + MINIMAL.replace(good, bad) + "]", message);
	}

	@Test
	void whatIsNotJson() {
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> read("{\"traceId\": secret}"))
			.withMessageStartingWith("Not valid JSON at line 1, column ");
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> read("")).withMessage("There is no JSON");
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> read(MINIMAL + MINIMAL))
			.withMessage("There is something after the end of the JSON");
		assertRefused("42", "[0] is not as it should be");
		assertRefused("[" + MINIMAL + ",[]]", "[1] is not as it should be");
		assertRefused("[null]", "[0] is null");
		assertRefused("null", "[0] is null");
	}

	private static void assertRefused(String json, String problem) {
		assertThatExceptionOfType(RequestException.class).isThrownBy(() -> read(json))
			.withMessage("Not a valid LLM span: " + problem);
	}

}
