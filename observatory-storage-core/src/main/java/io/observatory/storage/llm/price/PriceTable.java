package io.observatory.storage.llm.price;

import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What models cost. {@link PriceList#builtIn()} is one of common models. Must be
 * thread-safe and quick: it is asked at the end of every call of a model.
 */
@FunctionalInterface
public interface PriceTable {

	/** Knows no price. */
	PriceTable NONE = (provider, model, start, inputTokens) -> Optional.empty();

	/**
	 * Returns the price of a call, or empty if it is not known; no cost is stored then.
	 * @param provider the provider, as the GenAI convention calls it, or null if the call
	 * does not say
	 * @param model the model, as the provider calls it
	 * @param start when the call was made: prices change, and some depend on the hour
	 * @param inputTokens all tokens of the input: long prompts may have a price of their
	 * own
	 */
	Optional<ModelPrice> find(@Nullable String provider, String model, Instant start, long inputTokens);

	/** Returns a table that asks another one for what this one does not know. */
	default PriceTable orElse(PriceTable other) {
		return (provider, model, start, inputTokens) -> find(provider, model, start, inputTokens)
			.or(() -> other.find(provider, model, start, inputTokens));
	}

}
