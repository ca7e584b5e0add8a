package io.observatory.storage.llm.price;

import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.observatory.storage.llm.name.ModelNames;
import org.jspecify.annotations.Nullable;

/**
 * Prices by the model's name, whoever the provider is and whenever it is called. A
 * model's name is looked up as it is, then without what its host and its date add to it
 * ({@link ModelNames}). Upper and lower case are the same. Immutable.
 */
public final class PriceList implements PriceTable {

	private final Map<String, ModelPrice> prices;

	/**
	 * Takes a copy of the prices.
	 * @param prices the prices by the model's name
	 */
	public PriceList(Map<String, ModelPrice> prices) {
		Map<String, ModelPrice> copy = new HashMap<>();
		prices.forEach((model, price) -> copy.put(model.toLowerCase(Locale.ROOT), price));
		this.prices = Map.copyOf(copy);
	}

	/**
	 * Returns the list that comes with this library: list prices by provider, model, day,
	 * hour and length of the prompt, without anyone's discounts;
	 * {@link ModelPrice#source()} says of which version. Prices change: replace what must
	 * be exact.
	 */
	public static PriceTable builtIn() {
		return PublishedPrices.get();
	}

	@Override
	public Optional<ModelPrice> find(@Nullable String provider, String model, Instant start, long inputTokens) {
		if (this.prices.isEmpty()) {
			return Optional.empty();
		}
		return PriceNames.ofModel(model).stream().map(this.prices::get).filter((price) -> price != null).findFirst();
	}

}
