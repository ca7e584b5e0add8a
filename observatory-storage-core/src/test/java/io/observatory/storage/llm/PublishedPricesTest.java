package io.observatory.storage.llm;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * The built-in list against what the package it was taken from says itself: its own
 * program's costs for each of its models, in genai-prices-expected.tsv.
 */
class PublishedPricesTest {

	private final PublishedPrices prices = PublishedPrices.get();

	@Test
	void eachModelOfTheListCostsWhatTheListsOwnProgramSays() throws IOException {
		assertThat(expectedCosts()).hasSizeGreaterThan(2000).allSatisfy((fields) -> {
			TokenUsage usage = TokenUsage.builder()
				.prompt(number(fields[3]))
				.cacheRead(number(fields[4]))
				.cacheWrite(number(fields[5]))
				.cacheWriteHour(number(fields[6]))
				.completion(number(fields[7]))
				.build();
			ModelPrice price = this.prices.find(fields[0], fields[1], Instant.parse(fields[2]), number(fields[3]))
				.orElseThrow(() -> new AssertionError(fields[0] + " " + fields[1]));
			assertThat(BigDecimal.valueOf(price.cost(usage).amount())).isCloseTo(new BigDecimal(fields[8]),
					within(new BigDecimal("1e-11")));
		});
	}

	@Test
	void eachModelOfTheListFindsItself() {
		List<PublishedModel> models = PriceFile.models("genai-prices.tsv");
		List<PublishedModel> others = models.stream()
			.filter((model) -> model.match().matches(model.name().toLowerCase(Locale.ROOT)))
			.filter((model) -> !this.prices.model(model.provider(), model.name())
				.filter((found) -> found.name().equals(model.name()) && found.provider().equals(model.provider()))
				.isPresent())
			.toList();
		assertThat(others).extracting(PublishedModel::provider, PublishedModel::name).isEmpty();
	}

	private static List<String[]> expectedCosts() throws IOException {
		try (InputStream in = PublishedPricesTest.class.getResourceAsStream("genai-prices-expected.tsv")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split("\t"))
				.toList();
		}
	}

	private static Long number(String field) {
		return field.isEmpty() ? null : Long.valueOf(field);
	}

}
