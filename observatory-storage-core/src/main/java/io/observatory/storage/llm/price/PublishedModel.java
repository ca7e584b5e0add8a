package io.observatory.storage.llm.price;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A model of a list.
 *
 * @param provider who runs it
 * @param name its name in the list
 * @param match the names it goes by, in lower case
 * @param prices its prices: the last one holds whose conditions are met
 */
record PublishedModel(String provider, String name, NamePattern match, List<PublishedPrice> prices) {

	Optional<ModelPrice> price(Instant start, long inputTokens) {
		for (int i = this.prices.size() - 1; i >= 0; i--) {
			if (this.prices.get(i).holds(start, inputTokens)) {
				return Optional.ofNullable(this.prices.get(i).price());
			}
		}
		return Optional.empty();
	}

}
