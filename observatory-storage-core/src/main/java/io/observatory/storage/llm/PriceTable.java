package io.observatory.storage.llm;

import java.util.Optional;

/**
 * What models cost. {@link PriceList} is one of common models. Must be thread-safe and
 * quick: it is asked at the end of every call of a model.
 */
@FunctionalInterface
public interface PriceTable {

	/** Knows no price. */
	PriceTable NONE = (provider, model) -> Optional.empty();

	/**
	 * Returns the price of a model, or empty if it is not known; no cost is stored then.
	 * @param provider the provider, as the GenAI convention calls it
	 * @param model the model, as the provider calls it
	 */
	Optional<ModelPrice> find(String provider, String model);

	/**
	 * Returns a table that asks another one for what this one does not know.
	 */
	default PriceTable orElse(PriceTable other) {
		return (provider, model) -> find(provider, model).or(() -> other.find(provider, model));
	}

}
