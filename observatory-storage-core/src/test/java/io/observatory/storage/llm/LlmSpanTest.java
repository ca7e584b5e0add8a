package io.observatory.storage.llm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.name.LlmProvider;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;

class LlmSpanTest {

	private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

	private static final String SPAN_ID = "00f067aa0ba902b7";

	private static final String SECRET = "s3cret";

	private static final Instant START = Instant.parse("2025-03-01T10:00:00Z");

	// ---- required fields and defaults

	@ParameterizedTest
	@MethodSource("withoutOneRequiredField")
	void missingFieldIsNamed(String field, Consumer<LlmSpan.Builder> unset) {
		LlmSpan.Builder builder = minimal();
		unset.accept(builder);
		assertThatNullPointerException().isThrownBy(builder::build).withMessage("LlmSpan." + field + " is required");
	}

	static Stream<Arguments> withoutOneRequiredField() {
		return Stream.of(without("traceId", (span) -> span.traceId(null)),
				without("spanId", (span) -> span.spanId(null)), without("name", (span) -> span.name(null)),
				without("provider", (span) -> span.provider(null)), without("model", (span) -> span.model(null)),
				without("input", (span) -> span.input(null)), without("latency", (span) -> span.latency(null)));
	}

	private static Arguments without(String field, Consumer<LlmSpan.Builder> unset) {
		return Arguments.of(field, unset);
	}

	@Test
	void defaults() {
		LlmSpan span = minimal().build();
		assertThat(span.parentSpanId()).isNull();
		assertThat(span.kind()).isEqualTo(SpanKind.INTERNAL);
		assertThat(span.serviceName()).isEqualTo("unknown_service");
		assertThat(span.operation()).isEqualTo("chat");
		assertThat(span.status()).isEqualTo(Status.OK);
		assertThat(span.output()).isNull();
		assertThat(span.usage()).isNull();
		assertThat(span.cost()).isNull();
		assertThat(span.metadata()).isEqualTo(LlmMetadata.NONE);
		assertThat(span.attributes()).isEmpty();
		assertThat(span.events()).isEmpty();
	}

	@Test
	void minimalSpanHasNoNulls() {
		assertThat(minimal().build().toSpan().attributes().keySet().stream().map(String::valueOf))
			.containsExactlyInAnyOrder("llm.provider", "llm.model", "llm.latency.total_ms", "llm.input",
					"gen_ai.provider.name", "gen_ai.request.model", "gen_ai.input.messages",
					"gen_ai.convention.version", "gen_ai.operation.name");
	}

	@Test
	void laterChangesOfTheCallersCollectionsDoNotShow() {
		Map<String, Object> attributes = new HashMap<>(Map.of("key", "value"));
		List<SpanEvent> events = new ArrayList<>(List.of(new SpanEvent("event", START, Map.of())));
		LlmSpan span = minimal().attributes(attributes).events(events).build();
		attributes.clear();
		events.clear();
		assertThat(span.attributes()).hasSize(1);
		assertThat(span.events()).hasSize(1);
	}

	// ---- the span's own columns

	@Test
	void columnsOfTheSpan() {
		TraceSpan span = full().toSpan();
		assertThat(span.traceId()).isEqualTo(TRACE_ID);
		assertThat(span.spanId()).isEqualTo(SPAN_ID);
		assertThat(span.parentSpanId()).isEqualTo("00f067aa0ba902b6");
		assertThat(span.name()).isEqualTo("chat gpt-4o");
		assertThat(span.kind()).isEqualTo(SpanKind.CLIENT);
		assertThat(span.serviceName()).isEqualTo("shop");
		assertThat(span.startTime()).isEqualTo(START);
		assertThat(span.endTime()).isEqualTo(START.plusMillis(1501));
		assertThat(span.durationUs()).isEqualTo(1_500_250);
		assertThat(span.status()).isEqualTo(Status.ERROR);
		assertThat(span.statusMessage()).isEqualTo("cut off");
		assertThat(span.events()).extracting(SpanEvent::name).containsExactly("first token");
		assertThat(span.links()).isEmpty();
	}

	// ---- attributes, one set of names and both

	@Test
	void sourceNames() {
		Map<String, Object> expected = new LinkedHashMap<>(oneNamed());
		expected.putAll(sourceNamed());
		assertThat(attributes(full().toSpan(AttributeNames.SOURCE))).containsExactlyInAnyOrderEntriesOf(expected);
	}

	@Test
	void genAiNames() {
		Map<String, Object> expected = new LinkedHashMap<>(oneNamed());
		expected.putAll(genAiNamed());
		assertThat(attributes(full().toSpan(AttributeNames.GEN_AI))).containsExactlyInAnyOrderEntriesOf(expected);
	}

	@Test
	void bothNamesAreTheDefault() {
		Map<String, Object> expected = new LinkedHashMap<>(oneNamed());
		expected.putAll(sourceNamed());
		expected.putAll(genAiNamed());
		assertThat(attributes(full().toSpan())).containsExactlyInAnyOrderEntriesOf(expected);
		assertThat(full().toSpan(AttributeNames.BOTH)).isEqualTo(full().toSpan());
	}

	@ParameterizedTest
	@EnumSource(AttributeNames.class)
	void attributesArePlain(AttributeNames names) {
		for (LlmInput input : inputs()) {
			Map<String, ?> attributes = minimal().input(input).output(output()).build().toSpan(names).attributes();
			assertThat(attributes).isExactlyInstanceOf(LinkedHashMap.class);
			assertPlain(attributes);
		}
	}

	private static Map<String, Object> sourceNamed() {
		return Map.of("llm.provider", "mistral", "llm.model", "gpt-4o", "llm.usage.prompt_tokens", 100L,
				"llm.usage.completion_tokens", 20L, "llm.latency.total_ms", 1500L, "llm.latency.ttft_ms", 250L,
				"llm.input", Map.of("type", "text", "prompt", "How much?"), "llm.output",
				Map.of("content", "Ten.", "finish_reason", "length", "metadata", Map.of("index", 0)));
	}

	private static Map<String, Object> genAiNamed() {
		return Map.of("gen_ai.provider.name", "mistral_ai", "gen_ai.request.model", "gpt-4o",
				"gen_ai.usage.input_tokens", 100L, "gen_ai.usage.output_tokens", 20L,
				"gen_ai.response.time_to_first_chunk", 0.25, "gen_ai.conversation.id", "session-1",
				"gen_ai.input.messages", List.of(message("user", text("How much?"))), "gen_ai.output.messages",
				List.of(Map.of("role", "assistant", "parts", List.of(text("Ten.")), "finish_reason", "length",
						"metadata", Map.of("index", 0))));
	}

	private static Map<String, Object> oneNamed() {
		return Map.ofEntries(entry("gen_ai.convention.version", "1.41.1"),
				entry("gen_ai.operation.name", "text_completion"), entry("gen_ai.response.model", "gpt-4o-2024-08-06"),
				entry("gen_ai.response.finish_reasons", List.of("length")), entry("llm.usage.total_tokens", 120L),
				entry("gen_ai.usage.cache_read.input_tokens", 64L), entry("gen_ai.usage.cache_write.input_tokens", 32L),
				entry("gen_ai.usage.reasoning.output_tokens", 8L), entry("error.type", "timeout"),
				entry("llm.cost.amount_usd", 0.0021), entry("llm.cost.prompt_usd", 0.0015),
				entry("llm.cost.completion_usd", 0.0006), entry("llm.cost.source", "caller"), entry("user.id", "u1"),
				entry("session.id", "session-1"), entry("deployment.environment", "production"),
				entry("llm.request.id", "request-1"), entry("llm.tags", List.of("a", "b")),
				entry("gen_ai.request.temperature", 0.7), entry("team", "search"));
	}

	// ---- precedence

	@Test
	void fieldsBeatAttributesBeatMetadata() {
		TraceSpan span = minimal()
			.attributes(
					Map.of("llm.model", "from attributes", "gen_ai.convention.version", "0", "shared", "attributes"))
			.metadata(LlmMetadata.builder()
				.userId("field")
				.attributes(Map.of("user.id", "from metadata", "shared", "metadata", "own", "metadata"))
				.build())
			.build()
			.toSpan();
		assertThat(attributes(span)).contains(entry("llm.model", "gpt-4o"),
				entry("gen_ai.convention.version", "1.41.1"), entry("user.id", "field"), entry("shared", "attributes"),
				entry("own", "metadata"));
	}

	@Test
	void attributesFillInForFieldsThatAreNull() {
		TraceSpan span = minimal().status(Status.ERROR)
			.attributes(Map.of("gen_ai.response.model", "gpt-4o-2024-08-06", "error.type", "timeout"))
			.build()
			.toSpan();
		assertThat(attributes(span)).contains(entry("gen_ai.response.model", "gpt-4o-2024-08-06"),
				entry("error.type", "timeout"));
	}

	@Test
	void nullsAmongTheCallersAttributesAreLeftOut() {
		Map<String, Object> attributes = new HashMap<>();
		attributes.put("key", null);
		TraceSpan span = minimal().attributes(attributes)
			.metadata(LlmMetadata.builder().attributes(Map.of("key", "metadata")).build())
			.build()
			.toSpan();
		assertThat(attributes(span)).containsEntry("key", "metadata").doesNotContainValue(null);
	}

	// ---- content

	@Test
	void chatMessages() {
		TraceSpan span = minimal()
			.input(new LlmInput.Messages(
					List.of(ChatMessage.of("system", "Be brief."), new ChatMessage("user", "How much?", "Ann"))))
			.build()
			.toSpan();
		Map<String, Object> named = new LinkedHashMap<>(message("user", text("How much?")));
		named.put("name", "Ann");
		assertThat(attributes(span)).containsEntry("gen_ai.input.messages",
				List.of(message("system", text("Be brief.")), named));
		assertThat(attributes(span)).containsEntry("llm.input",
				Map.of("type", "chat", "messages", List.of(Map.of("role", "system", "content", "Be brief."),
						Map.of("role", "user", "content", "How much?", "name", "Ann"))));
	}

	@Test
	void multimodalParts() {
		TraceSpan span = minimal().input(new LlmInput.Multimodal(List.of(new ContentPart.Text("What is it?"),
				new ContentPart.Image(MediaSource.ofUrl("https://example.org/cat", null)),
				new ContentPart.Image(MediaSource.ofBase64("iVBO", "image/png")),
				new ContentPart.Audio(MediaSource.ofBase64("UklG", "audio/wav")))))
			.build()
			.toSpan();
		assertThat(attributes(span)).containsEntry("gen_ai.input.messages",
				List.of(message("user", text("What is it?"),
						Map.of("type", "uri", "modality", "image", "uri", "https://example.org/cat"),
						Map.of("type", "blob", "mime_type", "image/png", "modality", "image", "content", "iVBO"),
						Map.of("type", "blob", "mime_type", "audio/wav", "modality", "audio", "content", "UklG"))));
		assertThat(attributes(span)).containsEntry("llm.input",
				Map.of("type", "multimodal", "parts",
						List.of(Map.of("type", "text", "text", "What is it?"),
								Map.of("type", "image", "source", "https://example.org/cat"),
								Map.of("type", "image", "source", "iVBO", "mime_type", "image/png"),
								Map.of("type", "audio", "source", "UklG", "mime_type", "audio/wav"))));
	}

	@Test
	void outputWithoutContentOrReason() {
		TraceSpan span = minimal().output(LlmOutput.of(null, null)).build().toSpan();
		assertThat(attributes(span)).containsEntry("llm.output", Map.of())
			.containsEntry("gen_ai.output.messages", List.of(Map.of("role", "assistant", "parts", List.of())))
			.doesNotContainKey("gen_ai.response.finish_reasons");
	}

	@Test
	void mediaHasExactlyOneSource() {
		assertThatIllegalArgumentException().isThrownBy(() -> new MediaSource(null, null, "image/png"));
		assertThatIllegalArgumentException().isThrownBy(() -> new MediaSource("https://" + SECRET, SECRET, null))
			.withMessageNotContaining(SECRET);
	}

	// ---- provider, status, tokens, cost, latency

	@ParameterizedTest
	@CsvSource({ "openai, openai", "anthropic, anthropic", "google, gcp.gen_ai", "mistral, mistral_ai",
			"cohere, cohere", "self-hosted, self-hosted", "google_genai, gcp.gen_ai", "vertex_ai, gcp.vertex_ai",
			"bedrock_converse, aws.bedrock", "xai, x_ai", "az.ai.openai, azure.ai.openai", "My Own, My Own" })
	void providerNames(String provider, String conventionName) {
		TraceSpan span = minimal().provider(provider).build().toSpan();
		assertThat(attributes(span)).containsEntry("llm.provider", provider)
			.containsEntry("gen_ai.provider.name", conventionName);
	}

	@Test
	void anErrorTypeMakesItAnError() {
		LlmSpan span = minimal().errorType("timeout").build();
		assertThat(span.status()).isEqualTo(Status.ERROR);
		assertThat(attributes(span.toSpan())).containsEntry("error.type", "timeout");
	}

	@Test
	void anErrorWithoutTypeIsOther() {
		assertThat(attributes(minimal().status(Status.ERROR).build().toSpan())).containsEntry("error.type", "_OTHER");
		assertThat(attributes(minimal().build().toSpan())).doesNotContainKey("error.type");
	}

	@Test
	void totalTokensAreDerivedOnlyIfAbsentAndKnown() {
		assertThat(TokenUsage.of(100, 20).total()).isEqualTo(120);
		assertThat(TokenUsage.builder().prompt(100L).completion(20L).total(130L).build().total()).isEqualTo(130);
		assertThat(TokenUsage.builder().prompt(100L).build().total()).isNull();
	}

	@Test
	void unknownTokensAreLeftOut() {
		TraceSpan span = minimal().usage(TokenUsage.builder().prompt(0L).build()).build().toSpan();
		assertThat(attributes(span)).containsEntry("llm.usage.prompt_tokens", 0L)
			.containsEntry("gen_ai.usage.input_tokens", 0L)
			.doesNotContainKeys("llm.usage.completion_tokens", "llm.usage.total_tokens", "gen_ai.usage.output_tokens",
					"gen_ai.usage.cache_read.input_tokens");
	}

	@Test
	void negativeTokensAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenUsage.of(-1, 0))
			.withMessage("TokenUsage.prompt must not be negative");
	}

	@Test
	void costInAnotherCurrencyIsNotCalledDollars() {
		TraceSpan span = minimal().cost(new LlmCost(0.5, "EUR", 0.3, 0.2)).build().toSpan();
		assertThat(attributes(span))
			.contains(entry("llm.cost.amount", 0.5), entry("llm.cost.prompt", 0.3), entry("llm.cost.completion", 0.2),
					entry("llm.cost.currency", "EUR"), entry("llm.cost.source", "caller"))
			.doesNotContainKeys("llm.cost.amount_usd", "llm.cost.prompt_usd", "llm.cost.completion_usd");
	}

	@Test
	void costs() {
		assertThat(LlmCost.usd(0.25)).isEqualTo(new LlmCost(0.25, "USD", null, null));
		assertThat(LlmCost.usd(0.25, 0.5)).isEqualTo(new LlmCost(0.75, "USD", 0.25, 0.5));
		assertThatIllegalArgumentException().isThrownBy(() -> LlmCost.usd(Double.NaN))
			.withMessage("LlmCost.amount must be finite and not negative");
		assertThatIllegalArgumentException().isThrownBy(() -> LlmCost.usd(-0.01));
		assertThatIllegalArgumentException().isThrownBy(() -> LlmCost.usd(Double.POSITIVE_INFINITY));
	}

	@Test
	void endIsStartPlusTotalIfUnset() {
		assertThat(LlmLatency.of(START, Duration.ofSeconds(2)).end()).isEqualTo(START.plusSeconds(2));
		assertThat(LlmLatency.of(START, Duration.ofSeconds(2), null, START.plusSeconds(3)).end())
			.isEqualTo(START.plusSeconds(3));
		assertThat(LlmLatency.between(START, START.plusMillis(7)).total()).isEqualTo(Duration.ofMillis(7));
	}

	@Test
	void negativeDurationsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> LlmLatency.between(START, START.minusMillis(1)))
			.withMessage("LlmLatency.total must not be negative");
		LlmLatency latency = LlmLatency.of(START, Duration.ZERO);
		assertThatIllegalArgumentException().isThrownBy(() -> latency.withTimeToFirstToken(Duration.ofNanos(-1)))
			.withMessage("LlmLatency.timeToFirstToken must not be negative");
	}

	// ---- toString

	@ParameterizedTest
	@MethodSource("everythingSecret")
	void toStringShowsNoContent(Object record) {
		assertThat(record.toString()).doesNotContain(SECRET, "1234567");
	}

	@Test
	void toStringShowsTheIds() {
		assertThat(full()).hasToString("LlmSpan[traceId=" + TRACE_ID + ", spanId=" + SPAN_ID + "]");
		assertThat(full().metadata()).hasToString("LlmMetadata[requestId=request-1]");
	}

	static Stream<Object> everythingSecret() {
		MediaSource media = MediaSource.ofBase64(SECRET, SECRET);
		List<ContentPart> parts = List.of(new ContentPart.Text(SECRET), new ContentPart.Image(media),
				new ContentPart.Audio(media));
		ChatMessage message = new ChatMessage(SECRET, SECRET, SECRET);
		LlmInput chat = new LlmInput.Messages(List.of(message));
		LlmOutput output = new LlmOutput(SECRET, SECRET, Map.of(SECRET, SECRET));
		TokenUsage usage = TokenUsage.of(1234567, 1234567);
		LlmCost cost = new LlmCost(1234567, SECRET, null, null);
		LlmLatency latency = LlmLatency.of(START, Duration.ofMillis(1234567));
		LlmMetadata metadata = LlmMetadata.builder()
			.userId(SECRET)
			.sessionId(SECRET)
			.environment(SECRET)
			.tags(List.of(SECRET))
			.attributes(Map.of(SECRET, SECRET))
			.build();
		LlmSpan span = minimal().name(SECRET)
			.serviceName(SECRET)
			.provider(SECRET)
			.model(SECRET)
			.responseModel(SECRET)
			.operation(SECRET)
			.input(chat)
			.output(output)
			.usage(usage)
			.cost(cost)
			.latency(latency)
			.metadata(metadata)
			.statusMessage(SECRET)
			.errorType(SECRET)
			.attributes(Map.of(SECRET, SECRET))
			.events(List.of(new SpanEvent(SECRET, START, Map.of(SECRET, SECRET))))
			.build();
		return Stream.concat(parts.stream(), Stream.of(media, message, chat, new LlmInput.Text(SECRET),
				new LlmInput.Multimodal(parts), output, usage, cost, latency, metadata, span, span.toSpan()));
	}

	// ---- fixture

	private static LlmSpan.Builder minimal() {
		return LlmSpan.builder()
			.traceId(TRACE_ID)
			.spanId(SPAN_ID)
			.name("chat gpt-4o")
			.provider(LlmProvider.OPENAI)
			.model("gpt-4o")
			.input(new LlmInput.Text("How much?"))
			.latency(LlmLatency.of(START, Duration.ofMillis(5)));
	}

	private static LlmSpan full() {
		return minimal().parentSpanId("00f067aa0ba902b6")
			.kind(SpanKind.CLIENT)
			.serviceName("shop")
			.provider(LlmProvider.MISTRAL)
			.responseModel("gpt-4o-2024-08-06")
			.operation("text_completion")
			.output(output())
			.usage(TokenUsage.builder()
				.prompt(100L)
				.completion(20L)
				.cacheRead(64L)
				.cacheWrite(32L)
				.reasoning(8L)
				.build())
			.cost(new LlmCost(0.0021, "USD", 0.0015, 0.0006))
			.latency(LlmLatency.of(START, Duration.ofNanos(1_500_250_999), Duration.ofMillis(250),
					START.plusMillis(1501)))
			.metadata(LlmMetadata.builder()
				.userId("u1")
				.sessionId("session-1")
				.requestId("request-1")
				.environment("production")
				.tags(List.of("a", "b"))
				.attributes(Map.of("team", "search"))
				.build())
			.status(Status.ERROR)
			.statusMessage("cut off")
			.errorType("timeout")
			.attributes(Map.of("gen_ai.request.temperature", 0.7))
			.events(List.of(new SpanEvent("first token", START.plusMillis(250), Map.of())))
			.build();
	}

	private static LlmOutput output() {
		return new LlmOutput("Ten.", "length", Map.of("index", 0));
	}

	private static List<LlmInput> inputs() {
		return List.of(new LlmInput.Text("a"), new LlmInput.Messages(List.of(new ChatMessage("user", "a", "b"))),
				new LlmInput.Multimodal(
						List.of(new ContentPart.Text("a"), new ContentPart.Image(MediaSource.ofUrl("b", "image/png")),
								new ContentPart.Audio(MediaSource.ofBase64("c", "audio/wav")))));
	}

	@SafeVarargs
	private static Map<String, Object> message(String role, Map<String, Object>... parts) {
		return Map.of("role", role, "parts", Arrays.asList(parts));
	}

	private static Map<String, Object> text(String content) {
		return Map.of("type", "text", "content", content);
	}

	private static Map<String, Object> attributes(TraceSpan span) {
		return new LinkedHashMap<>(span.attributes());
	}

	private static void assertPlain(Object value) {
		if (value instanceof Map<?, ?> map) {
			map.keySet().forEach((key) -> assertThat(key).isInstanceOf(String.class));
			map.values().forEach(LlmSpanTest::assertPlain);
		}
		else if (value instanceof Collection<?> list) {
			assertThat(value).isInstanceOf(List.class);
			list.forEach(LlmSpanTest::assertPlain);
		}
		else {
			assertThat(value).isInstanceOfAny(String.class, Number.class, Boolean.class);
		}
	}

}
