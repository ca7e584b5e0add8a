package io.observatory.storage.llm.name;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class GenAiNamesTest {

	@ParameterizedTest
	@CsvSource(textBlock = """
			gen_ai.system,                              gen_ai.provider.name
			gen_ai.usage.prompt_tokens,                 gen_ai.usage.input_tokens
			gen_ai.usage.completion_tokens,             gen_ai.usage.output_tokens
			gen_ai.usage.total_tokens,                  llm.usage.total_tokens
			gen_ai.usage.cache_creation.input_tokens,   gen_ai.usage.cache_write.input_tokens
			gen_ai.response.finish_reason,              gen_ai.response.finish_reasons
			gen_ai.openai.request.response_format,      gen_ai.output.type
			gen_ai.openai.request.seed,                 gen_ai.request.seed
			gen_ai.request.embedding.dimensions,        gen_ai.embeddings.dimension.count
			gen_ai.prompt,                              gen_ai.input.messages
			gen_ai.completion,                          gen_ai.output.messages
			spring.ai.chat.client.conversation.id,      gen_ai.conversation.id
			spring.ai.tool.definition.name,             gen_ai.tool.name
			spring.ai.tool.call.id,                     gen_ai.tool.call.id
			spring.ai.tool.call.arguments,              gen_ai.tool.call.arguments
			spring.ai.tool.call.result,                 gen_ai.tool.call.result
			""")
	void olderNamesBecomeTheNewest(String older, String newest) {
		assertThat(GenAiNames.newest(older)).isEqualTo(newest);
		assertThat(normalized(Map.of(older, "7"))).containsOnlyKeys(newest, "gen_ai.convention.version");
		assertThat(normalized(Map.of(newest, "7", "gen_ai.x", 1)).get(newest))
			.isEqualTo(normalized(Map.of(older, "7")).get(newest));
	}

	@Test
	void whatSpringAiSaysInStringsGetsItsType() {
		Map<String, Object> attributes = new LinkedHashMap<>();
		attributes.put("gen_ai.operation.name", "embedding");
		attributes.put("gen_ai.system", "bedrock_converse");
		attributes.put("gen_ai.request.model", "gpt-4o");
		attributes.put("gen_ai.response.model", "none");
		attributes.put("gen_ai.request.max_tokens", "100");
		attributes.put("gen_ai.request.temperature", "0.25");
		attributes.put("gen_ai.request.top_k", "3");
		attributes.put("gen_ai.request.stream", "true");
		attributes.put("gen_ai.request.stop_sequences", "[\"a\", \"b\"]");
		attributes.put("gen_ai.response.finish_reasons", "[\"stop\"]");
		attributes.put("gen_ai.usage.input_tokens", "12");
		attributes.put("gen_ai.usage.total_tokens", "20");
		attributes.put("spring.ai.kind", "chat_client");
		attributes.put("other", "12");
		assertThat(normalized(attributes)).containsOnly(entry("gen_ai.operation.name", "embeddings"),
				entry("gen_ai.provider.name", "aws.bedrock"), entry("gen_ai.request.model", "gpt-4o"),
				entry("gen_ai.request.max_tokens", 100L), entry("gen_ai.request.temperature", 0.25),
				entry("gen_ai.request.top_k", 3L), entry("gen_ai.request.stream", true),
				entry("gen_ai.request.stop_sequences", List.of("a", "b")),
				entry("gen_ai.response.finish_reasons", List.of("stop")), entry("gen_ai.usage.input_tokens", 12L),
				entry("llm.usage.total_tokens", 20L), entry("spring.ai.kind", "chat_client"), entry("other", "12"),
				entry("gen_ai.convention.version", "1.41.1"));
	}

	@Test
	void whatIsTypedAlreadyStays() {
		Map<String, Object> attributes = Map.of("gen_ai.usage.input_tokens", 12L, "gen_ai.response.finish_reasons",
				List.of("stop"), "gen_ai.request.temperature", 0.5, "gen_ai.convention.version", "1.37.0");
		assertThat(normalized(attributes)).isEqualTo(attributes);
	}

	@Test
	void whatIsNoNumberStaysAsItCame() {
		assertThat(normalized(Map.of("gen_ai.usage.input_tokens", "many"))).containsEntry("gen_ai.usage.input_tokens",
				"many");
		assertThat(normalized(Map.of("gen_ai.request.temperature", "NaN"))).containsEntry("gen_ai.request.temperature",
				"NaN");
		assertThat(normalized(Map.of("gen_ai.response.finish_reason", "stop")))
			.containsEntry("gen_ai.response.finish_reasons", List.of("stop"));
		assertThat(normalized(Map.of("gen_ai.response.finish_reasons", "[]")))
			.containsEntry("gen_ai.response.finish_reasons", List.of());
	}

	@Test
	void theNewestNameWinsWhateverTheOrder() {
		Map<String, Object> attributes = new LinkedHashMap<>();
		attributes.put("gen_ai.system", "openai");
		attributes.put("gen_ai.provider.name", "az.ai.openai");
		assertThat(normalized(attributes)).containsEntry("gen_ai.provider.name", "azure.ai.openai")
			.doesNotContainKey("gen_ai.system");
	}

	@Test
	void attributesOfOtherSpansAreNotTouched() {
		Map<String, ?> attributes = Map.of("http.route", "/chat");
		assertThat(normalized(attributes)).isEqualTo(attributes);
	}

	@Test
	void sourceNamesStandBesideOrInstead() {
		Map<String, Object> attributes = Map.of("gen_ai.system", "openai", "gen_ai.request.model", "gpt-4o",
				"gen_ai.usage.input_tokens", "3", "gen_ai.response.time_to_first_chunk", 0.25);
		assertThat(normalized(attributes, AttributeNames.BOTH).keySet()).containsExactlyInAnyOrder(
				"gen_ai.provider.name", "gen_ai.request.model", "gen_ai.usage.input_tokens",
				"gen_ai.response.time_to_first_chunk", "llm.provider", "llm.model", "llm.usage.prompt_tokens",
				"llm.latency.ttft_ms", "gen_ai.convention.version");
		assertThat(normalized(attributes, AttributeNames.SOURCE))
			.isEqualTo(Map.of("llm.provider", "openai", "llm.model", "gpt-4o", "llm.usage.prompt_tokens", 3L,
					"llm.latency.ttft_ms", 250L, "gen_ai.convention.version", "1.41.1"));
	}

	@Test
	void contentIsKnownByEitherGenerationOfNames() {
		assertThat(List.of("gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
				"gen_ai.prompt", "gen_ai.completion", "spring.ai.tool.call.arguments", "gen_ai.tool.call.result",
				"llm.input", "llm.output", "db.vector.query.content", "gen_ai.prompt.0.content",
				"gen_ai.completion.0.content"))
			.allMatch(GenAiNames::isContent);
		assertThat(List.of("gen_ai.usage.input_tokens", "gen_ai.tool.name", "gen_ai.prompt_id", "http.route"))
			.noneMatch(GenAiNames::isContent);
	}

	private static Map<String, Object> normalized(Map<String, ?> attributes) {
		return normalized(attributes, AttributeNames.GEN_AI);
	}

	private static Map<String, Object> normalized(Map<String, ?> attributes, AttributeNames names) {
		Map<String, Object> changed = new LinkedHashMap<>(attributes);
		GenAiNames.normalize(changed, names);
		return changed;
	}

}
