package io.observatory.storage.llm.price;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.observatory.storage.llm.name.LlmAttributes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls whose cost was reckoned by hand from the price that the provider publishes; both
 * stand in worked-prices.tsv beside the call.
 */
class WorkedPricesTest {

	@ParameterizedTest
	@MethodSource("calls")
	void aCallCostsWhatItsProviderPublishes(Call call) {
		Map<String, @Nullable Object> attributes = call.attributes();
		new CallCost(PriceList.builtIn()).addTo(attributes, call.start());
		assertThat(attributes).containsKey(LlmAttributes.COST_AMOUNT_USD);
		assertThat(attributes.get(LlmAttributes.COST_AMOUNT_USD).toString())
			.isEqualTo(Double.toString(Double.parseDouble(call.cost())));
		assertThat(attributes.get(LlmAttributes.COST_SOURCE).toString()).matches("genai-prices .*|list-price .*");
	}

	@ParameterizedTest
	@MethodSource("calls")
	void theArithmeticBesideItSaysTheSame(Call call) {
		assertThat(sum(call.arithmetic())).isEqualByComparingTo(call.cost());
	}

	/** A sum of products in brackets over a million, and perhaps a fee. */
	private static BigDecimal sum(String arithmetic) {
		String[] tokensAndFee = arithmetic.replace("(", "").split("\\)/1000000");
		BigDecimal tokens = Arrays.stream(tokensAndFee[0].split(" \\+ "))
			.map((product) -> new BigDecimal(product.split("\\*")[0]).multiply(new BigDecimal(product.split("\\*")[1])))
			.reduce(BigDecimal.ZERO, BigDecimal::add)
			.movePointLeft(6);
		return (tokensAndFee.length == 1) ? tokens
				: tokens.add(new BigDecimal(tokensAndFee[1].replace(" + ", "").replace("/1000", "")).movePointLeft(3));
	}

	static Stream<Call> calls() throws IOException {
		try (InputStream in = WorkedPricesTest.class.getResourceAsStream("worked-prices.tsv")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> new Call(line.split("\t", -1)));
		}
	}

	record Call(String[] fields) {

		private static final Map<Integer, String> TOKENS = Map.of(3, LlmAttributes.INPUT_TOKENS, 4,
				LlmAttributes.CACHE_READ_TOKENS, 5, LlmAttributes.CACHE_WRITE_TOKENS, 6,
				LlmAttributes.CACHE_WRITE_HOUR_TOKENS, 7, LlmAttributes.INPUT_AUDIO_TOKENS, 8,
				LlmAttributes.OUTPUT_TOKENS, 9, LlmAttributes.REASONING_TOKENS, 10, LlmAttributes.OUTPUT_AUDIO_TOKENS);

		Instant start() {
			return Instant.parse(this.fields[2]);
		}

		String cost() {
			return this.fields[11];
		}

		String arithmetic() {
			return this.fields[12];
		}

		Map<String, @Nullable Object> attributes() {
			Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
			attributes.put(LlmAttributes.OPERATION_NAME, "chat");
			attributes.put(LlmAttributes.PROVIDER_NAME, this.fields[0]);
			attributes.put(LlmAttributes.REQUEST_MODEL, this.fields[1]);
			TOKENS.forEach((field, name) -> {
				if (!this.fields[field].isEmpty()) {
					attributes.put(name, Long.valueOf(this.fields[field]));
				}
			});
			return attributes;
		}

		@Override
		public String toString() {
			return String.join(" ", this.fields[0], this.fields[1], this.fields[2], this.fields[12]);
		}

	}

}
