package io.observatory.storage.llm.price;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PriceListTest {

	private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

	@ParameterizedTest
	@CsvSource({ "openai, gpt-4o, 2.5", "OpenAI, GPT-4o, 2.5", "openai.chat, gpt-4o-2024-08-06, 2.5",
			"openai, gpt-4o-mini-2024-08-06, 0.15", "openai, openai/gpt-4o, 2.5", "azure, gpt-35-turbo, 0.5",
			"az.ai.openai, gpt-35-turbo-16k, 3", "azure.ai.inference, deepseek-v3.2-exp, 0.27",
			"anthropic, claude-sonnet-4-20250514, 3", "anthropic, claude-sonnet-4-5-20250929, 3",
			"aws.bedrock, us.anthropic.claude-sonnet-4-5-20250929-v1:0, 3.3",
			"aws.bedrock, global.anthropic.claude-sonnet-4-5-20250929-v1:0, 3",
			"bedrock_converse, anthropic.claude-3-5-sonnet-20240620-v1:0, 3",
			"aws.bedrock, amazon.nova-lite-v1:0, 0.06", "gcp.vertex_ai, claude-3-5-sonnet@20240620, 3",
			"gcp.gen_ai, models/gemini-2.0-flash, 0.1", "vertex_ai, publishers/google/models/gemini-2.0-flash-001, 0.1",
			"mistral, mistral-large-2411, 2", "x_ai, grok-3, 3", "moonshotai, kimi-k2-0905-preview, 0.6",
			"TogetherAI, Gryphe/MythoMax-L2-13b, 0.3", "openrouter, anthropic/claude-sonnet-4, 3",
			"fireworks_ai, accounts/fireworks/models/gpt-oss-20b, 0.07" })
	void aModelIsFoundHoweverItsProviderAndItAreWritten(String provider, String model, BigDecimal input) {
		assertThat(find(provider, model)).map(ModelPrice::input).hasValue(input);
	}

	@ParameterizedTest
	@CsvSource({ ", gpt-4o, 2.5", ", text-embedding-3-small, 0.02", "litellm, claude-sonnet-4-20250514, 3",
			"any, gpt-4o, 2.5", "Langchain, gpt-4o, 2.5", "my-gateway, openai/gpt-4o-mini, 0.15",
			"openai, deepseek-v3.2-exp, 0.27" })
	void aModelThatNoKnownProviderSellsHasThePriceOfItsMaker(String provider, String model, BigDecimal input) {
		assertThat(find(provider, model)).map(ModelPrice::input).hasValue(input);
	}

	@ParameterizedTest
	@CsvSource({ "openai, gpt-5.9", "openai, gpt-7", "openai, gpt-6.3-sol", "anthropic, claude-opus-4-9",
			"anthropic, claude-opus-6", "google, gemini-4-flash", "mistral, mistral-large-2612", "any, my-model",
			"any, ''", "ollama, deepseek-r1", "self-hosted, gpt-oss-20b", "groq, whisper-large-v3", "any, latest",
			"together_ai, openai/gpt-oss-20b", "aws.bedrock, gpt-4o" })
	void whatIsNotKnownHasNoPrice(String provider, String model) {
		assertThat(find(provider, model)).isEmpty();
	}

	@Test
	void aNameWithoutEndIsNoModels() {
		assertThat(find("openai", "gpt-4o".repeat(100_000))).isEmpty();
		assertThat(find("openai".repeat(100_000), "gpt-4o")).isEmpty();
	}

	@Test
	void ourOwnPricesGoBeforeThoseOfTheList() {
		assertThat(find("openai", "gpt-6.2-astra")).map(ModelPrice::source).hasValue("list-price 2026-11-22");
		assertThat(find("anthropic", "claude-sonnet-5-5")).map(ModelPrice::cacheRead).hasValue(new BigDecimal("0.1"));
		assertThat(find("openai", "gpt-4o")).map(ModelPrice::source).get().asString().startsWith("genai-prices ");
	}

	@Test
	void whatComesFirstWins() {
		PriceTable own = new PriceList(Map.of("GPT-4o", price("1", "2", "own")));
		PriceTable table = own.orElse(PriceList.builtIn());
		assertThat(table.find("openai", "gpt-4o", NOW, 1)).map(ModelPrice::source).hasValue("own");
		assertThat(table.find("openai", "gpt-4o-2024-08-06", NOW, 1)).map(ModelPrice::source).hasValue("own");
		assertThat(table.find("azure", "openai/gpt-4o", NOW, 1)).map(ModelPrice::source).hasValue("own");
		assertThat(table.find("openai", "gpt-4.1", NOW, 1)).map(ModelPrice::input).hasValue(new BigDecimal("2"));
		assertThat(own.orElse(PriceTable.NONE).find("openai", "my-model", NOW, 1)).isEmpty();
	}

	@Test
	void aPriceIsNotNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> price("-1", "2", "test"))
			.withMessageContaining("ModelPrice.input");
	}

	private static ModelPrice price(String input, String output, String source) {
		return ModelPrice.of(new BigDecimal(input), new BigDecimal(output), source);
	}

	private static Optional<ModelPrice> find(@Nullable String provider, String model) {
		return PriceList.builtIn().find(provider, model, NOW, 1000);
	}

}
