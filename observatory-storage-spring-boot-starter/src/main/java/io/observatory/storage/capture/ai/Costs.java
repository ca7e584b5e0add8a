package io.observatory.storage.capture.ai;

import io.observatory.storage.llm.LlmAttributes;
import io.observatory.storage.llm.LlmCost;
import io.observatory.storage.llm.LlmProvider;
import io.observatory.storage.llm.ModelPrice;
import io.observatory.storage.llm.PriceTable;
import io.observatory.storage.llm.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Tokens, and what they cost.
 */
final class Costs {

	private final PriceTable prices;

	Costs(PriceTable prices) {
		this.prices = prices;
	}

	void add(Attributes attributes, String provider, @Nullable String requestModel, @Nullable String responseModel,
			@Nullable TokenUsage usage) {
		if (usage == null) {
			return;
		}
		attributes.put(LlmAttributes.INPUT_TOKENS, usage.prompt());
		attributes.put(LlmAttributes.OUTPUT_TOKENS, usage.completion());
		attributes.put(LlmAttributes.TOTAL_TOKENS, usage.total());
		attributes.put(LlmAttributes.CACHE_READ_TOKENS, usage.cacheRead());
		attributes.put(LlmAttributes.CACHE_WRITE_TOKENS, usage.cacheWrite());
		attributes.put(LlmAttributes.REASONING_TOKENS, usage.reasoning());
		ModelPrice price = price(LlmProvider.conventionName(provider), responseModel, requestModel);
		if (price != null) {
			LlmCost cost = price.cost(usage);
			attributes.put(LlmAttributes.COST_AMOUNT_USD, cost.amount());
			attributes.put(LlmAttributes.COST_PROMPT_USD, cost.prompt());
			attributes.put(LlmAttributes.COST_COMPLETION_USD, cost.completion());
			attributes.put(LlmAttributes.COST_SOURCE, price.source());
		}
	}

	/** The model that answered is the one that is paid for. */
	private @Nullable ModelPrice price(String provider, @Nullable String... models) {
		for (String model : models) {
			if (model != null && !model.isBlank()) {
				ModelPrice price = this.prices.find(provider, model).orElse(null);
				if (price != null) {
					return price;
				}
			}
		}
		return null;
	}

}
