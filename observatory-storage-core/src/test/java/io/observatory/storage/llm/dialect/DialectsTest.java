package io.observatory.storage.llm.dialect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.PriceList;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.testing.Records;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds of any span, whatever it says.
 */
class DialectsTest {

	private static final List<String> FILES = List.of("openinference-openai", "langfuse", "vercel-ai5", "traceloop-old",
			"otel-openai", "vercel-ai6", "vercel-ai7", "traceloop-new", "langsmith", "openlit",
			"openinference-frameworks", "otel-generations", "ai-5.0", "ai-6.0", "ai-7.0", "langfuse-js-5.11",
			"langsmith-js-0.12", "traceloop-js-0.27", "openlit-js-1.15", "openinference-js", "anthropic-sdk-1.14");

	private static final List<TraceSpan> SENT = FILES.stream()
		.flatMap((file) -> SentSpans.of(file + ".jsonl").stream())
		.toList();

	/** Any mixture of names that some dialect has, with any values. */
	@Property(tries = 400)
	void whatWasSentStaysAndASecondTimeChangesNothing(@ForAll("attributes") Map<String, Object> attributes) {
		TraceSpan sent = span(attributes);
		Map<String, Object> before = new LinkedHashMap<>(attributes);
		TraceSpan once = Dialects.normalize(sent);
		assertThat(sent.attributes()).isEqualTo(before);
		before.forEach((name, value) -> {
			if (value != null) {
				assertThat(kept(once, name, value)).as(name).isTrue();
			}
		});
		assertThat(Dialects.normalize(once)).isSameAs(once);
		TraceSpan inPlace = Dialects.normalizeInPlace(span(before));
		assertThat(inPlace).isEqualTo(once);
		assertThat(inPlace.attributes()).isSameAs(before);
	}

	/** What is not known under the newest name another dialect may know. */
	@Example
	void aModelThatIsNotKnownDoesNotHideOneThatIs() {
		Map<String, Object> attributes = Map.of("gen_ai.operation.name", "chat", "gen_ai.request.model", "none",
				"langsmith.metadata.ls_model_name", "gpt-4o");
		whatWasSentStaysAndASecondTimeChangesNothing(attributes);
		assertThat(Dialects.normalize(span(attributes)).attributes().get("gen_ai.request.model")).isEqualTo("gpt-4o");
	}

	/** Names that no prefix tells: they are read because another dialect is spoken. */
	@Example
	void whatAnotherDialectPutsIsNotWhatHasTheConventionReadTheRest() {
		for (String name : List.of("anthropic.usage.cache_creation.ephemeral_1h_input_tokens", "enduser.id")) {
			whatWasSentStaysAndASecondTimeChangesNothing(
					Map.of(name, 257, "llm.input_messages.0.message.content", "Hello"));
		}
	}

	/** A number in a string may have become a number. */
	private static boolean kept(TraceSpan span, String name, Object value) {
		Object now = span.attributes().get(name);
		Object sent = span.attributes().get(Translation.SENT + name);
		boolean typed = (now instanceof Number || now instanceof Boolean) && value instanceof String;
		return typed || Objects.deepEquals(now, value) || Objects.deepEquals(sent, value);
	}

	@Provide
	Arbitrary<Map<String, Object>> attributes() {
		List<String> names = new ArrayList<>();
		List<Object> values = new ArrayList<>();
		SENT.forEach((span) -> {
			names.addAll(span.attributes().keySet());
			values.addAll(span.attributes().values());
		});
		values.removeIf(Objects::isNull);
		Arbitrary<String> name = Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, Arbitraries.of(Set.copyOf(names))),
				net.jqwik.api.Tuple.of(1, Arbitraries.of("gen_ai.", "llm.input_messages.0", "gen_ai.prompt.x.y",
						"gen_ai.prompt.0.0.0", "", "ai.", "langfuse.observation.usage_details", "traceloop.")));
		Arbitrary<Object> value = Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(6, Arbitraries.of(values)),
				net.jqwik.api.Tuple.of(3,
						Arbitraries.of("", " ", "[", "[[[[", "{}", "[]", "{\"role\":null}", "[{\"message\":{}}]",
								"null", "none", "-1", "NaN", "1e400", -5L, Double.NaN, Long.MAX_VALUE, true, List.of(),
								Map.of(), List.of(1, "x", List.of()), "[".repeat(1000), "{'a':1}", "('stop',)")),
				net.jqwik.api.Tuple.of(1, Arbitraries.strings().map((text) -> (Object) text)));
		return Combinators.combine(name.list().ofMaxSize(25), value.list().ofSize(25)).as((some, all) -> {
			Map<String, Object> attributes = new LinkedHashMap<>();
			for (int i = 0; i < some.size(); i++) {
				attributes.put(some.get(i), all.get(i));
			}
			return attributes;
		});
	}

	@Example
	void aSecondTimeChangesNothingOfWhatWasReallySent() {
		assertThat(SENT).allSatisfy((span) -> {
			TraceSpan once = Dialects.normalize(span);
			assertThat(Dialects.normalize(once)).isSameAs(once);
			span.attributes()
				.forEach((name, value) -> assertThat(value == null || kept(once, name, value)).as(name).isTrue());
		});
	}

	@Example
	void aSpanAboutSomethingElseIsReturnedAsItIs() {
		TraceSpan span = span(Map.of("http.route", "/chat", "db.system", "postgresql", "otel.scope",
				Map.of("name", "http"), "session.id", "s", "llm.provider", "openai", "aircraft", 1));
		assertThat(Dialects.normalize(span)).isSameAs(span);
	}

	@Example
	void toolsAgentsChainsAndTheLikeAreNoCalls() {
		assertThat(operations("openinference-frameworks")).containsExactly("invoke_workflow", "chat", "execute_tool",
				"retrieval", "rerank", "guardrail", "invoke_agent", "chat");
		assertThat(operations("langsmith")).containsExactly("invoke_workflow", "chat", "chat", "chat", "retrieval",
				"invoke_workflow", "execute_tool");
		assertThat(operations("traceloop-new")).containsExactly("invoke_workflow", "chat", "execute_tool", "chat");
		assertThat(operations("vercel-ai6")).containsExactly("invoke_agent", "chat", "execute_tool", "rerank", "chat");
		assertThat(operations("langfuse")).containsExactly(null, "chat", "chat", "chat", "embeddings", "chat", "chat",
				"chat", "execute_tool");
	}

	private static List<Object> operations(String file) {
		List<Object> operations = new ArrayList<>();
		SentSpans.of(file + ".jsonl")
			.forEach((span) -> operations.add(Dialects.normalize(span).attributes().get("gen_ai.operation.name")));
		return operations;
	}

	@Example
	void aToolHasItsNameArgumentsAndResult() {
		for (String file : List.of("langfuse", "vercel-ai5", "vercel-ai6", "vercel-ai7", "traceloop-new", "langsmith",
				"openinference-frameworks")) {
			assertThat(SentSpans.of(file + ".jsonl")).as(file)
				.map((span) -> Dialects.normalize(span).attributes())
				.filteredOn((attributes) -> "execute_tool".equals(attributes.get("gen_ai.operation.name")))
				.isNotEmpty()
				.allSatisfy((attributes) -> {
					assertThat(attributes).containsKeys("gen_ai.tool.call.arguments", "gen_ai.tool.call.result");
					assertThat(attributes.get("gen_ai.tool.name")).isEqualTo("weather");
				});
		}
	}

	@Example
	void whatWasSentInAnotherFormStaysBesideTheOneForm() {
		Map<String, ?> attributes = Dialects
			.normalize(span(Map.of("gen_ai.provider.name", "openai.chat", "gen_ai.request.model", "gpt-4o",
					"gen_ai.response.finish_reasons", List.of("MAX_TOKENS"), "gen_ai.response.model", "none")))
			.attributes();
		assertThat(attributes).isEqualTo(Map.of("gen_ai.provider.name", "openai", "gen_ai.request.model", "gpt-4o",
				"gen_ai.response.finish_reasons", List.of("length"), "observatory.sent.gen_ai.provider.name",
				"openai.chat", "observatory.sent.gen_ai.response.finish_reasons", List.of("MAX_TOKENS"),
				"observatory.sent.gen_ai.response.model", "none", "gen_ai.convention.version", "1.41.1"));
	}

	/** What an application's own capture exports is under the newest names already. */
	@Example
	void aSpanUnderTheNewestNamesIsReturnedAsItIs() {
		TraceSpan span = span(Map.of("gen_ai.operation.name", "chat", "gen_ai.provider.name", "openai", "gen_ai.system",
				"openai", "gen_ai.request.model", "gpt-4o", "gen_ai.usage.input_tokens", 12L,
				"gen_ai.response.finish_reasons", List.of("stop"), "gen_ai.convention.version", "1.41.1"));
		assertThat(Dialects.normalize(span)).isSameAs(span);
	}

	@Example
	void audioAndWhatIsKeptForAnHourAreCounted() {
		assertThat(counts("openinference-js", "gen_ai.usage.audio.input_tokens")).contains(2L);
		assertThat(counts("langfuse-js-5.11", "gen_ai.usage.audio.output_tokens")).contains(1L);
		assertThat(counts("langsmith-js-0.12", "gen_ai.usage.audio.input_tokens")).contains(2L);
		assertThat(counts("ai-6.0", "gen_ai.usage.cache_write_1h.input_tokens")).contains(20L);
		assertThat(counts("anthropic-sdk-1.14", "gen_ai.usage.cache_write_1h.input_tokens")).contains(20L);
		Map<String, ?> langChain = Map.of("langsmith.span.kind", "llm", "langsmith.usage_metadata",
				"""
						{"input_tokens": 170, "output_tokens": 12, "input_token_details":
						 {"cache_read": 100, "cache_creation": 0, "ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}}
						""");
		assertThat(normalized(langChain)).containsEntry("gen_ai.usage.cache_write.input_tokens", 30L)
			.containsEntry("gen_ai.usage.cache_write_1h.input_tokens", 20L);
		assertThat(normalized(Map.of("gen_ai.usage.details.input_audio_tokens", 3,
				"gen_ai.usage.details.cache_write_tokens", 4, "gen_ai.usage.input_tokens", 9)))
			.containsEntry("gen_ai.usage.audio.input_tokens", 3L)
			.containsEntry("gen_ai.usage.cache_write.input_tokens", 4L);
	}

	private static List<Object> counts(String file, String name) {
		List<Object> counts = new ArrayList<>();
		SentSpans.of(file + ".jsonl").forEach((span) -> counts.add(Dialects.normalize(span).attributes().get(name)));
		return counts;
	}

	private static Map<String, Object> normalized(Map<String, ?> attributes) {
		return new LinkedHashMap<>(Dialects.normalize(span(attributes)).attributes());
	}

	/** But for those that have models of their own. */
	@Example
	void almostAllCallsOfInstrumentationsHaveACost() {
		CallCost cost = new CallCost(PriceList.builtIn());
		List<TraceSpan> calls = FILES.stream()
			.filter((file) -> !file.equals("otel-generations"))
			.flatMap((file) -> SentSpans.of(file + ".jsonl").stream())
			.map(Dialects::normalize)
			.filter(DialectsTest::isCallWithTokens)
			.map(cost::priceInPlace)
			.toList();
		assertThat(calls).hasSizeGreaterThan(80);
		assertThat(
				calls.stream().filter((call) -> call.attributes().containsKey(LlmAttributes.COST_AMOUNT_USD)).count())
			.isGreaterThanOrEqualTo((long) Math.ceil(calls.size() * 0.95));
	}

	private static boolean isCallWithTokens(TraceSpan span) {
		Map<String, ?> attributes = span.attributes();
		return Set.of("chat", "embeddings", "generate_content", "text_completion")
			.contains(String.valueOf(attributes.get(LlmAttributes.OPERATION_NAME)))
				&& (attributes.containsKey(LlmAttributes.INPUT_TOKENS)
						|| attributes.containsKey(LlmAttributes.OUTPUT_TOKENS));
	}

	@Example
	void aCacheThatIsMoreThanTheInputIsNotInIt() {
		assertThat(normalized(Map.of("gen_ai.usage.input_tokens", 40, "gen_ai.usage.output_tokens", 12,
				"gen_ai.usage.cache_read.input_tokens", 100, "gen_ai.usage.cache_creation.input_tokens", 30)))
			.containsEntry("gen_ai.usage.input_tokens", 170L)
			.containsEntry("observatory.sent.gen_ai.usage.input_tokens", 40)
			.containsEntry("llm.usage.total_tokens", 182L);
	}

	@Example
	void whatLangSmithTellsOfAFailureCounts() {
		assertThat(SentSpans.of("langsmith-js-0.12.jsonl")).map(Dialects::normalize)
			.filteredOn((span) -> span.status() == Status.ERROR)
			.singleElement()
			.satisfies((span) -> assertThat(span.statusMessage()).isEqualTo("Error: 400 boom"));
	}

	@Example
	void aCallThatLangfuseSaysFailedHasFailed() {
		TraceSpan failed = SentSpans.of("langfuse.jsonl")
			.stream()
			.map(Dialects::normalize)
			.filter((span) -> span.status() == Status.ERROR)
			.findFirst()
			.orElseThrow();
		assertThat(failed.statusMessage()).isEqualTo("Error: 500 boom");
	}

	@Example
	void contentIsKnownInEachDialect() {
		assertThat(List.of("langfuse.observation.input", "langfuse.trace.output", "input.value",
				"llm.input_messages.0.message.content", "ai.prompt.messages", "ai.response.text", "ai.toolCall.args",
				"traceloop.entity.output", "gen_ai.tool.output", "gen_ai.input.messages", "gen_ai.prompt.0.content"))
			.allMatch(Dialects::isContent);
		assertThat(List.of("langfuse.observation.model.name", "llm.model_name", "ai.model.id", "ai.usage.inputTokens",
				"gen_ai.usage.cost", "traceloop.entity.name", "http.route"))
			.noneMatch(Dialects::isContent);
	}

	private static TraceSpan span(Map<String, ?> attributes) {
		return TraceSpan.builder()
			.traceId(Records.traceId(1))
			.spanId(Records.spanId(1))
			.name("call")
			.serviceName("app")
			.startTime(Records.START)
			.attributes(attributes)
			.build();
	}

}
