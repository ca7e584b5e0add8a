package io.observatory.storage.llm;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class PriceListTest {

	private final PriceList builtIn = PriceList.builtIn();

	@ParameterizedTest
	@CsvSource(textBlock = """
			gpt-4o,                      2.5
			GPT-4o,                      2.5
			gpt-4o-2024-08-06,           2.5
			gpt-4o-mini-2024-07-18,      0.15
			gpt-4-0613,                  30
			claude-sonnet-4-20250514,    3
			claude-opus-4-1-20250805,    15
			claude-3-5-haiku-latest,     0.8
			gemini-2.0-flash-001,        0.1
			mistral-large-2411,          2
			command-r-plus-08-2024,      2.5
			""")
	void aVersionHasThePriceOfItsModel(String model, double input) {
		assertThat(this.builtIn.find("any", model)).hasValueSatisfying((price) -> {
			assertThat(price.input()).isEqualTo(input);
			assertThat(price.source()).matches("list-price \\d{4}-\\d{2}-\\d{2}");
		});
	}

	@ParameterizedTest
	@CsvSource({ "gpt-4o-realtime", "gpt-4o-20", "my-model", "latest", "''", "o3-deep-research-2025-06-26" })
	void anotherModelHasNone(String model) {
		assertThat(this.builtIn.find("any", model)).isEmpty();
	}

	@Test
	void cachedTokensHaveTheirOwnPrice() {
		ModelPrice price = new ModelPrice(10, 20, 1.0, 12.5, "test");
		LlmCost cost = price
			.cost(TokenUsage.builder().prompt(1000L).completion(100L).cacheRead(600L).cacheWrite(200L).build());
		assertThat(cost.prompt()).isCloseTo((200 * 10 + 600 * 1 + 200 * 12.5) / 1e6, within(1e-15));
		assertThat(cost.completion()).isCloseTo(100 * 20 / 1e6, within(1e-15));
		assertThat(cost.amount()).isCloseTo(cost.prompt() + cost.completion(), within(1e-15));
		assertThat(cost.currency()).isEqualTo("USD");
	}

	@Test
	void unknownTokensCostNothing() {
		assertThat(new ModelPrice(10, 20, null, null, "test").cost(TokenUsage.builder().build()).amount()).isZero();
		assertThat(new ModelPrice(10, 20, null, null, "test").cost(TokenUsage.builder().prompt(1_000_000L).build())
			.amount()).isEqualTo(10);
	}

	@Test
	void whatComesFirstWins() {
		PriceTable own = new PriceList(Map.of("gpt-4o", new ModelPrice(1, 2, null, null, "own")));
		PriceTable table = own.orElse(this.builtIn);
		assertThat(table.find("openai", "gpt-4o")).map(ModelPrice::source).hasValue("own");
		assertThat(table.find("openai", "gpt-4.1")).map(ModelPrice::input).hasValue(2.0);
		assertThat(table.orElse(PriceTable.NONE).find("openai", "my-model")).isEmpty();
	}

	@Test
	void aPriceIsNotNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ModelPrice(-1, 2, null, null, "test"))
			.withMessageContaining("ModelPrice.input");
	}

}
