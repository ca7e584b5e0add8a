package io.observatory.storage.llm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
			gpt-5.4-2026-03-05,          2.5
			gpt-5.4-mini-2026-03-17,     0.75
			gpt-5-mini-2025-08-07,       0.25
			claude-sonnet-4-5-20250929,  3
			claude-haiku-4-5-20251001,   1
			claude-opus-4-5@20251101,    5
			""")
	void aVersionHasThePriceOfItsModel(String model, double input) {
		assertThat(this.builtIn.find("any", model)).hasValueSatisfying((price) -> {
			assertThat(price.input()).isEqualTo(input);
			assertThat(price.source()).matches("list-price \\d{4}-\\d{2}-\\d{2}");
		});
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			gpt-5,                       1.25,    10
			gpt-5-nano,                  0.05,   0.4
			gpt-5.5,                        5,    30
			gpt-5.5-pro,                   30,   180
			gpt-6-sol,                      2,    10
			gpt-6-luna,                   0.1,   0.5
			claude-opus-4-20250514,        15,    75
			claude-opus-4-1-20250805,      15,    75
			claude-opus-4-5-20251101,       5,    25
			claude-opus-4-8,                5,    25
			claude-opus-5,                  5,    25
			claude-opus-5-5,                4,    20
			claude-sonnet-4-20250514,       3,    15
			claude-sonnet-5,                2,    10
			claude-fable-5,                10,    50
			claude-fable-5-2,               8,    40
			gemini-2.5-flash,             0.3,   2.5
			gemini-2.5-flash-lite,        0.1,   0.4
			gemini-3.5-flash,             1.5,     9
			gemini-3.5-flash-lite,        0.3,   2.5
			mistral-large-2512,           0.5,   1.5
			gpt-4o-2024-05-13,              5,    15
			gpt-3.5-turbo-1106,             1,     2
			command-r-03-2024,            0.5,   1.5
			""")
	void aModelWhoseNameBeginsLikeAnothersHasItsOwnPrice(String model, double input, double output) {
		assertThat(this.builtIn.find("any", model)).hasValueSatisfying((price) -> {
			assertThat(price.input()).isEqualTo(input);
			assertThat(price.output()).isEqualTo(output);
		});
	}

	@ParameterizedTest
	@CsvSource({ "gpt-5.9", "gpt-5.9-2027-01-01", "gpt-5.4-micro", "gpt-6.3-sol", "gpt-7", "claude-opus-4-9",
			"claude-opus-4-9-20270101", "claude-opus-5-6", "claude-opus-6", "claude-haiku-6", "gemini-4-flash",
			"gemini-3.9-flash", "mistral-large-2612", "mistral-large-latest", "mistral-small-latest" })
	void aModelOfTomorrowDoesNotHaveThePriceOfAnOlderOne(String model) {
		assertThat(this.builtIn.find("any", model)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "gpt-4o-realtime", "gpt-4o-20", "my-model", "latest", "''", "o3-deep-research-2025-06-26" })
	void anotherModelHasNone(String model) {
		assertThat(this.builtIn.find("any", model)).isEmpty();
	}

	@Test
	void theListHasEachModelOnceAndPricesInTheirOrder() throws IOException {
		List<String> lines;
		try (InputStream in = PriceList.class.getResourceAsStream("prices.csv")) {
			lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.isBlank() && !line.startsWith("#"))
				.toList();
		}
		assertThat(lines).isNotEmpty().allSatisfy((line) -> assertThat(line.split(",", -1)).hasSize(5));
		List<String> models = lines.stream().map((line) -> line.split(",", -1)[0]).toList();
		assertThat(models).doesNotHaveDuplicates().allSatisfy((model) -> {
			ModelPrice price = this.builtIn.find("any", model).orElseThrow();
			assertThat(price.output()).satisfiesAnyOf((output) -> assertThat(output).isZero(),
					(output) -> assertThat(output).isGreaterThan(price.input()));
			if (price.cacheRead() != null) {
				assertThat(price.cacheRead()).isPositive().isLessThan(price.input());
			}
			if (price.cacheWrite() != null) {
				assertThat(price.cacheWrite()).isGreaterThan(price.input());
			}
		});
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
