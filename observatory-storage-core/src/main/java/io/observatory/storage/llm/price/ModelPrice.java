package io.observatory.storage.llm.price;

import java.math.BigDecimal;
import java.math.RoundingMode;

import io.observatory.storage.model.Check;
import org.jspecify.annotations.Nullable;

/**
 * What a model's tokens cost, in US dollars for a million of them. Where a price is null
 * the tokens cost what they would without that distinction. Costs are reckoned in decimal
 * numbers, so none has the noise of binary ones.
 *
 * @param input the price of input tokens; not negative
 * @param output the price of output tokens; not negative
 * @param cacheRead the price of input tokens taken from the provider's cache, or null if
 * it is that of any other
 * @param cacheWrite the price of input tokens written to the provider's cache, or null if
 * it is that of any other
 * @param cacheWriteHour the price of those that are kept there for an hour, or null if it
 * is that of any other that is written
 * @param inputAudio the price of input tokens that are sound, or null
 * @param outputAudio the price of output tokens that are sound, or null
 * @param reasoning the price of output tokens spent on reasoning, or null
 * @param requests what a thousand requests cost beside their tokens, or null for nothing
 * @param source where the price comes from, stored as {@code llm.cost.source}
 */
public record ModelPrice(BigDecimal input, BigDecimal output, @Nullable BigDecimal cacheRead,
		@Nullable BigDecimal cacheWrite, @Nullable BigDecimal cacheWriteHour, @Nullable BigDecimal inputAudio,
		@Nullable BigDecimal outputAudio, @Nullable BigDecimal reasoning, @Nullable BigDecimal requests,
		String source) {

	/** As many decimals as a price with six of them can have for one token. */
	private static final int DECIMALS = 12;

	private static final int MILLION = 6;

	private static final int THOUSAND = 3;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a price is negative, naming it
	 */
	public ModelPrice {
		Check.price(input, "input");
		Check.price(output, "output");
		Check.price(cacheRead, "cacheRead");
		Check.price(cacheWrite, "cacheWrite");
		Check.price(cacheWriteHour, "cacheWriteHour");
		Check.price(inputAudio, "inputAudio");
		Check.price(outputAudio, "outputAudio");
		Check.price(reasoning, "reasoning");
		Check.price(requests, "requests");
		Check.required(source, "ModelPrice", "source");
	}

	/**
	 * Returns a price that knows input and output alone.
	 * @throws IllegalArgumentException when a price is negative, naming it
	 */
	public static ModelPrice of(BigDecimal input, BigDecimal output, String source) {
		return new ModelPrice(input, output, null, null, null, null, null, null, null, source);
	}

	/**
	 * Returns what a call cost, each part rounded to 12 decimals; unknown numbers of
	 * tokens count as none. The input's tokens include those of the cache and of sound,
	 * the output's those of reasoning and of sound, as in OpenTelemetry's GenAI
	 * convention. What a request costs beside its tokens is in the input's part.
	 */
	public LlmCost cost(TokenUsage usage) {
		BigDecimal prompt = rounded(prompt(usage));
		BigDecimal completion = rounded(completion(usage));
		return new LlmCost(prompt.add(completion).doubleValue(), LlmCost.DEFAULT_CURRENCY, prompt.doubleValue(),
				completion.doubleValue());
	}

	private static BigDecimal rounded(BigDecimal amount) {
		return (amount.scale() > DECIMALS) ? amount.setScale(DECIMALS, RoundingMode.HALF_UP) : amount;
	}

	private BigDecimal prompt(TokenUsage usage) {
		BigDecimal write = or(this.cacheWrite, this.input);
		long hour = tokens(usage.cacheWriteHour());
		long written = Math.max(tokens(usage.cacheWrite()), hour);
		long read = tokens(usage.cacheRead());
		long audio = tokens(usage.promptAudio());
		BigDecimal sum = times(rest(usage.prompt(), read + written + audio), this.input);
		sum = plus(sum, read, or(this.cacheRead, this.input));
		sum = plus(sum, written - hour, write);
		sum = plus(sum, hour, or(this.cacheWriteHour, write));
		sum = plus(sum, audio, or(this.inputAudio, this.input)).movePointLeft(MILLION);
		return (this.requests != null) ? sum.add(this.requests.movePointLeft(THOUSAND)) : sum;
	}

	private BigDecimal completion(TokenUsage usage) {
		long reasoned = tokens(usage.reasoning());
		long audio = tokens(usage.completionAudio());
		BigDecimal sum = times(rest(usage.completion(), reasoned + audio), this.output);
		sum = plus(sum, reasoned, or(this.reasoning, this.output));
		return plus(sum, audio, or(this.outputAudio, this.output)).movePointLeft(MILLION);
	}

	/** Most calls have none of most kinds of tokens. */
	private static BigDecimal plus(BigDecimal sum, long tokens, BigDecimal price) {
		return (tokens != 0) ? sum.add(times(tokens, price)) : sum;
	}

	private static BigDecimal times(long tokens, BigDecimal price) {
		return price.multiply(BigDecimal.valueOf(tokens));
	}

	private static BigDecimal or(@Nullable BigDecimal price, BigDecimal other) {
		return (price != null) ? price : other;
	}

	private static long rest(@Nullable Long all, long parts) {
		return Math.max(0, tokens(all) - parts);
	}

	private static long tokens(@Nullable Long tokens) {
		return (tokens != null) ? tokens : 0;
	}

}
