package io.observatory.storage.llm.price;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

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
		assertThat(lines("genai-prices-expected.tsv")).hasSizeGreaterThan(2000).allSatisfy((fields) -> {
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

	/**
	 * By its name in the list, or if that is none of its names, by the first of these.
	 */
	@Test
	void eachModelOfTheListFindsItself() throws IOException {
		List<String[]> models = lines("genai-prices.tsv");
		assertThat(models).hasSizeGreaterThan(1700).allSatisfy((fields) -> {
			String name = names(fields[1], fields[2]).filter((one) -> one.matches(fields[2])).findFirst().orElseThrow();
			PublishedModel found = this.prices.model(fields[0], name)
				.orElseThrow(() -> new AssertionError(fields[0] + " " + name));
			assertThat(List.of(found.provider(), found.name())).containsExactly(fields[0], fields[1]);
		});
	}

	private static Stream<String> names(String model, String match) {
		Stream<String> alternatives = Arrays.stream(match.split("\\|"))
			.map((one) -> one.replace(".*", "").replace("\\", ""));
		return Stream.concat(Stream.of(model.toLowerCase(Locale.ROOT)), alternatives);
	}

	private static List<String[]> lines(String file) throws IOException {
		try (InputStream in = PublishedPricesTest.class.getResourceAsStream(file)) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split("\t", -1))
				.toList();
		}
	}

	private static Long number(String field) {
		return field.isEmpty() ? null : Long.valueOf(field);
	}

}
