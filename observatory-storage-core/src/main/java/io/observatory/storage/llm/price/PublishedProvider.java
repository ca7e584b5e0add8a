package io.observatory.storage.llm.price;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A provider of a list.
 *
 * @param id its name in the list
 * @param match the names it goes by, in lower case
 * @param maker the names of models that are this provider's where a call does not say
 * whose they are
 * @param fallback the ids of providers whose models it sells at their prices
 * @param models its models: of those that match a name the first is meant
 */
record PublishedProvider(String id, NamePattern match, NamePattern maker, List<String> fallback,
		List<PublishedModel> models) {

	/** Returns the provider of models that have their price whoever sells them. */
	static PublishedProvider any() {
		return new PublishedProvider("*", NamePattern.NONE, NamePattern.ALL, List.of(), new ArrayList<>());
	}

	Optional<PublishedModel> model(String name) {
		return this.models.stream().filter((model) -> model.match().matches(name)).findFirst();
	}

}
