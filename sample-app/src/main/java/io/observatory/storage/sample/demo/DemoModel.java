package io.observatory.storage.sample.demo;

import java.util.List;
import java.util.random.RandomGenerator;

import io.observatory.storage.llm.name.LlmProvider;

/**
 * A model, with made-up prices in dollars for a million tokens.
 *
 * @param provider who runs it
 * @param model its name
 * @param inputPrice the price of input tokens
 * @param outputPrice the price of output tokens
 */
record DemoModel(String provider, String model, double inputPrice, double outputPrice) {

	private static final List<DemoModel> ALL = List.of(new DemoModel(LlmProvider.OPENAI, "gpt-4o", 2.5, 10),
			new DemoModel(LlmProvider.OPENAI, "gpt-4o-mini", 0.15, 0.6),
			new DemoModel(LlmProvider.ANTHROPIC, "claude-sonnet-4", 3, 15),
			new DemoModel(LlmProvider.GOOGLE, "gemini-2.5-flash", 0.3, 2.5),
			new DemoModel(LlmProvider.SELF_HOSTED, "llama-3.3-70b", 0, 0));

	private static final double PRICED_TOKENS = 1_000_000;

	static DemoModel any(RandomGenerator random) {
		return ALL.get(random.nextInt(ALL.size()));
	}

	double inputCost(long tokens) {
		return tokens * this.inputPrice / PRICED_TOKENS;
	}

	double outputCost(long tokens) {
		return tokens * this.outputPrice / PRICED_TOKENS;
	}

}
