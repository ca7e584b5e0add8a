package io.observatory.storage.llm.price;

import java.math.BigDecimal;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for any price and any number of tokens.
 */
class ModelPriceTest {

	@Property(tries = 500)
	void theWholeIsTheSumOfItsParts(@ForAll("prices") ModelPrice price, @ForAll("usages") TokenUsage usage) {
		LlmCost cost = price.cost(usage);
		assertThat(decimal(cost.amount()))
			.isEqualTo(decimal(cost.prompt()).add(decimal(cost.completion())).setScale(decimal(cost.amount()).scale()));
	}

	@Property(tries = 500)
	void moreTokensNeverCostLess(@ForAll("prices") ModelPrice price, @ForAll("usages") TokenUsage usage,
			@ForAll("more") long more) {
		double cost = price.cost(usage).amount();
		assertThat(price.cost(usage(usage.prompt() + more, usage)).amount()).isGreaterThanOrEqualTo(cost);
		TokenUsage longer = TokenUsage.builder()
			.prompt(usage.prompt())
			.completion(usage.completion() + more)
			.cacheRead(usage.cacheRead())
			.cacheWrite(usage.cacheWrite())
			.cacheWriteHour(usage.cacheWriteHour())
			.build();
		assertThat(price.cost(longer).amount()).isGreaterThanOrEqualTo(cost);
	}

	@Property(tries = 500)
	void theCostIsTheExactDecimal(@ForAll("prices") ModelPrice price, @ForAll("tokens") long input,
			@ForAll("tokens") long output) {
		BigDecimal exact = price.input()
			.multiply(BigDecimal.valueOf(input))
			.add(price.output().multiply(BigDecimal.valueOf(output)))
			.movePointLeft(6);
		LlmCost cost = ModelPrice.of(price.input(), price.output(), "test").cost(TokenUsage.of(input, output));
		assertThat(decimal(cost.amount())).isEqualByComparingTo(exact);
		assertThat(decimal(cost.amount()).stripTrailingZeros().scale()).isLessThanOrEqualTo(12);
	}

	@Example
	void unknownTokensCostNothing() {
		ModelPrice price = ModelPrice.of(BigDecimal.TEN, BigDecimal.TEN, "test");
		assertThat(price.cost(TokenUsage.builder().build()).amount()).isZero();
		assertThat(price.cost(TokenUsage.builder().prompt(1_000_000L).build()).amount()).isEqualTo(10);
	}

	@Example
	void cachedTokensBeyondTheInputDoNotMakeItNegative() {
		ModelPrice price = ModelPrice.of(BigDecimal.TEN, BigDecimal.TEN, "test");
		assertThat(price.cost(TokenUsage.builder().prompt(5L).cacheRead(1_000_000L).build()).amount()).isEqualTo(10);
	}

	@Provide
	Arbitrary<ModelPrice> prices() {
		Arbitrary<BigDecimal> price = Arbitraries.bigDecimals()
			.between(BigDecimal.ZERO, BigDecimal.valueOf(100))
			.ofScale(4);
		return Combinators.combine(price, price, price.injectNull(0.3), price.injectNull(0.3), price.injectNull(0.3))
			.as((input, output, read, write, hour) -> new ModelPrice(input, output, read, write, hour, null, null, null,
					null, "test"));
	}

	/** Whose parts are not more than the whole. */
	@Provide
	Arbitrary<TokenUsage> usages() {
		return tokens().list()
			.ofSize(5)
			.map((parts) -> usage(parts.get(0) + parts.get(1) + parts.get(2) + parts.get(3), parts));
	}

	@Provide
	Arbitrary<Long> tokens() {
		return Arbitraries.longs().between(0, 1_000_000);
	}

	@Provide
	Arbitrary<Long> more() {
		return Arbitraries.longs().between(1, 1_000);
	}

	private static TokenUsage usage(long prompt, List<Long> parts) {
		return TokenUsage.builder()
			.prompt(prompt)
			.cacheRead(parts.get(1))
			.cacheWrite(parts.get(2) + parts.get(3))
			.cacheWriteHour(parts.get(3))
			.completion(parts.get(4))
			.build();
	}

	private static TokenUsage usage(long prompt, TokenUsage usage) {
		return TokenUsage.builder()
			.prompt(prompt)
			.cacheRead(usage.cacheRead())
			.cacheWrite(usage.cacheWrite())
			.cacheWriteHour(usage.cacheWriteHour())
			.completion(usage.completion())
			.build();
	}

	private static BigDecimal decimal(Double number) {
		return BigDecimal.valueOf(number);
	}

}
