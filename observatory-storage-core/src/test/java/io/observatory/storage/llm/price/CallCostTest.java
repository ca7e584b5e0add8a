package io.observatory.storage.llm.price;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.name.LlmAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

class CallCostTest {

	private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

	private final CallCost callCost = new CallCost(PriceList.builtIn());

	@Test
	void aCallHasItsCostAndWhereThePriceIsFrom() {
		Map<String, @Nullable Object> call = call("chat");
		this.callCost.addTo(call, NOW);
		assertThat(call).containsEntry(LlmAttributes.COST_AMOUNT_USD, 0.0001225)
			.containsEntry(LlmAttributes.COST_PROMPT_USD, 0.0000525)
			.containsEntry(LlmAttributes.COST_COMPLETION_USD, 0.00007);
		assertThat(call.get(LlmAttributes.COST_SOURCE).toString()).startsWith("genai-prices ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "invoke_agent", "execute_tool", "create_agent", "framework", "retrieval", "image" })
	void whatIsAroundACallHasNone(String operation) {
		Map<String, @Nullable Object> span = call(operation);
		this.callCost.addTo(span, NOW);
		assertThat(span).isEqualTo(call(operation));
	}

	@Test
	void aSpanWithoutOperationIsACallIfItNamesAModel() {
		Map<String, @Nullable Object> call = call("chat");
		call.remove(LlmAttributes.OPERATION_NAME);
		this.callCost.addTo(call, NOW);
		assertThat(call).containsKey(LlmAttributes.COST_AMOUNT_USD);
		call = new LinkedHashMap<>(Map.of(LlmAttributes.INPUT_TOKENS, 5L));
		this.callCost.addTo(call, NOW);
		assertThat(call).hasSize(1);
	}

	@Test
	void theModelThatAnsweredIsPaidForAndElseTheOneAskedFor() {
		Map<String, @Nullable Object> call = call("chat");
		call.put(LlmAttributes.RESPONSE_MODEL, "gpt-4o-mini-2024-07-18");
		this.callCost.addTo(call, NOW);
		assertThat(call).containsEntry(LlmAttributes.COST_AMOUNT_USD, 0.00000735);
		call = call("chat");
		call.put(LlmAttributes.RESPONSE_MODEL, "a-deployment");
		this.callCost.addTo(call, NOW);
		assertThat(call).containsEntry(LlmAttributes.COST_AMOUNT_USD, 0.0001225);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.3, -1, 1e30 })
	void aCostThatTheSenderGaveStays(double given) {
		Map<String, @Nullable Object> call = call("chat");
		call.put(LlmAttributes.COST_AMOUNT_USD, given);
		this.callCost.addTo(call, NOW);
		assertThat(call).containsEntry(LlmAttributes.COST_AMOUNT_USD, given)
			.containsEntry(LlmAttributes.COST_SOURCE, "caller")
			.doesNotContainKey(LlmAttributes.COST_PROMPT_USD);
	}

	@Test
	void anUnknownModelAndACallWithoutTokensHaveNone() {
		Map<String, @Nullable Object> unknown = call("chat");
		unknown.put(LlmAttributes.REQUEST_MODEL, "mock-model-id");
		Map<String, @Nullable Object> failed = call("chat");
		failed.remove(LlmAttributes.INPUT_TOKENS);
		failed.put(LlmAttributes.OUTPUT_TOKENS, 0L);
		Map<String, @Nullable Object> negative = call("chat");
		negative.put(LlmAttributes.INPUT_TOKENS, -21L);
		negative.put(LlmAttributes.OUTPUT_TOKENS, "seven");
		for (Map<String, @Nullable Object> call : List.of(unknown, failed, negative)) {
			this.callCost.addTo(call, NOW);
			assertThat(call).doesNotContainKeys(LlmAttributes.COST_AMOUNT_USD, LlmAttributes.COST_SOURCE);
		}
	}

	@Test
	void aTableThatThrowsCostsTheCostAndNotTheSpan() {
		Map<String, @Nullable Object> call = call("chat");
		new CallCost((provider, model, start, inputTokens) -> {
			throw new IllegalStateException("no connection");
		}).addTo(call, NOW);
		assertThat(call).isEqualTo(call("chat"));
	}

	@Test
	void aRecordThatSaysNoCostIsPricedWhicheverNamesItHas() {
		LlmSpan span = LlmSpan.builder()
			.traceId("t")
			.spanId("s")
			.name("chat gpt-4o")
			.provider("openai")
			.model("gpt-4o")
			.input(new LlmInput.Text("hi"))
			.usage(TokenUsage.of(21, 7))
			.latency(LlmLatency.between(NOW, NOW.plusSeconds(1)))
			.build();
		for (AttributeNames names : AttributeNames.values()) {
			assertThat(new HashMap<String, Object>(span.toSpan(names).attributes()))
				.containsEntry(LlmAttributes.COST_AMOUNT_USD, 0.0001225);
		}
		assertThat(span.toSpan(AttributeNames.BOTH, PriceTable.NONE).attributes().keySet().toString())
			.doesNotContain("llm.cost");
	}

	private static Map<String, @Nullable Object> call(String operation) {
		Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
		attributes.put(LlmAttributes.OPERATION_NAME, operation);
		attributes.put(LlmAttributes.PROVIDER_NAME, "openai");
		attributes.put(LlmAttributes.REQUEST_MODEL, "gpt-4o");
		attributes.put(LlmAttributes.INPUT_TOKENS, 21L);
		attributes.put(LlmAttributes.OUTPUT_TOKENS, 7L);
		return attributes;
	}

}
