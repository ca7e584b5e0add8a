package io.observatory.storage.llm;

import org.jspecify.annotations.Nullable;

/**
 * What a model's tokens cost, in US dollars for a million of them.
 *
 * @param input the price of input tokens; finite and not negative
 * @param output the price of output tokens; finite and not negative
 * @param cacheRead the price of input tokens taken from the provider's cache, or null if
 * it is that of any other
 * @param cacheWrite the price of input tokens written to the provider's cache, or null if
 * it is that of any other
 * @param source where the price comes from, stored as {@value LlmAttributes#COST_SOURCE}
 */
public record ModelPrice(double input, double output, @Nullable Double cacheRead, @Nullable Double cacheWrite,
		String source) {

	private static final double MILLION = 1_000_000;

	/**
	 * Checks the bounds.
	 * @throws IllegalArgumentException when a price is out of bounds, naming it
	 */
	public ModelPrice {
		Check.amount(input, "ModelPrice", "input");
		Check.amount(output, "ModelPrice", "output");
		Check.amount(cacheRead, "ModelPrice", "cacheRead");
		Check.amount(cacheWrite, "ModelPrice", "cacheWrite");
		Check.required(source, "ModelPrice", "source");
	}

	/**
	 * Returns what a call cost; unknown numbers of tokens count as none. The input's
	 * tokens include those of the cache.
	 */
	public LlmCost cost(TokenUsage usage) {
		long read = tokens(usage.cacheRead());
		long write = tokens(usage.cacheWrite());
		long fresh = Math.max(0, tokens(usage.prompt()) - read - write);
		double prompt = (fresh * this.input + read * orInput(this.cacheRead) + write * orInput(this.cacheWrite))
				/ MILLION;
		return LlmCost.usd(prompt, tokens(usage.completion()) * this.output / MILLION);
	}

	private double orInput(@Nullable Double price) {
		return (price != null) ? price : this.input;
	}

	private static long tokens(@Nullable Long tokens) {
		return (tokens != null) ? tokens : 0;
	}

}
