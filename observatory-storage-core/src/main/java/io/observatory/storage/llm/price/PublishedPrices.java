package io.observatory.storage.llm.price;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.observatory.storage.llm.name.LlmProvider;
import org.jspecify.annotations.Nullable;

/**
 * The prices that come with this library: those of genai-prices, by its own rules, and
 * before them ours, of models that it does not know. A model is looked for
 * <ol>
 * <li>among those of the provider, and of the providers whose models it sells;
 * <li>among those of its maker, if the list does not know the provider, which is then a
 * gateway or a framework, or knows it as OpenAI, whose client one speaks to many others
 * with. Another host has its own prices, and a machine of one's own has none.
 * </ol>
 * Read at the first question. Which model a name means is remembered for the names that
 * were asked for last. Thread-safe.
 */
final class PublishedPrices implements PriceTable {

	/** Longer names are not a model's. */
	private static final int MAX_NAME_LENGTH = 200;

	/** A stranger may send any number of names. */
	private static final int MAX_REMEMBERED = 2_000;

	private static final Set<String> SELF_HOSTED = Set.of(LlmProvider.SELF_HOSTED, "ollama", "vllm", "lm_studio",
			"lmstudio", "llama.cpp", "llamacpp", "localai");

	private final List<PublishedProvider> providers;

	private final Map<Name, Optional<PublishedModel>> remembered = new ConcurrentHashMap<>();

	private PublishedPrices(List<PublishedProvider> providers, List<PublishedModel> models) {
		this.providers = providers;
		models.forEach((model) -> provider(model.provider()).models().add(model));
	}

	static PublishedPrices get() {
		return Once.INSTANCE;
	}

	private static PublishedPrices read() {
		List<PublishedProvider> providers = new ArrayList<>(PriceFile.providers("genai-providers.tsv"));
		providers.add(PublishedProvider.any());
		List<PublishedModel> models = new ArrayList<>(PriceFile.models("own-prices.tsv"));
		models.addAll(PriceFile.models("genai-prices.tsv"));
		return new PublishedPrices(providers, models);
	}

	@Override
	public Optional<ModelPrice> find(@Nullable String provider, String model, Instant start, long inputTokens) {
		return model(provider, model).flatMap((found) -> found.price(start, inputTokens));
	}

	Optional<PublishedModel> model(@Nullable String provider, String model) {
		if (model.length() > MAX_NAME_LENGTH || (provider != null && provider.length() > MAX_NAME_LENGTH)) {
			return Optional.empty();
		}
		Name name = new Name((provider != null) ? provider : "", model);
		Optional<PublishedModel> found = this.remembered.get(name);
		if (found == null) {
			found = search(name);
			if (this.remembered.size() >= MAX_REMEMBERED) {
				this.remembered.clear();
			}
			this.remembered.put(name, found);
		}
		return found;
	}

	private Optional<PublishedModel> search(Name name) {
		String provider = PriceNames.ofProvider(name.provider());
		Set<String> models = PriceNames.ofModel(name.model());
		Optional<PublishedProvider> seller = seller(provider);
		Optional<PublishedModel> sold = seller.flatMap((known) -> sold(known, models));
		boolean anybody = seller.map((known) -> known.id().equals(LlmProvider.OPENAI))
			.orElse(!SELF_HOSTED.contains(provider));
		return (sold.isEmpty() && anybody) ? ofMaker(models) : sold;
	}

	private Optional<PublishedProvider> seller(String name) {
		return byId(name)
			.or(() -> this.providers.stream().filter((provider) -> provider.match().matches(name)).findFirst());
	}

	private Optional<PublishedModel> sold(PublishedProvider provider, Set<String> models) {
		for (String model : models) {
			Optional<PublishedModel> found = provider.model(model);
			for (String other : provider.fallback()) {
				found = found.or(() -> provider(other).model(model));
			}
			if (found.isPresent()) {
				return found;
			}
		}
		return Optional.empty();
	}

	private Optional<PublishedModel> ofMaker(Set<String> models) {
		for (String model : models) {
			for (PublishedProvider provider : this.providers) {
				if (provider.maker().matches(model)) {
					Optional<PublishedModel> found = provider.model(model);
					if (found.isPresent()) {
						return found;
					}
				}
			}
		}
		return Optional.empty();
	}

	private PublishedProvider provider(String id) {
		return byId(id).orElseThrow();
	}

	private Optional<PublishedProvider> byId(String id) {
		return this.providers.stream().filter((provider) -> provider.id().equals(id)).findFirst();
	}

	private record Name(String provider, String model) {
	}

	private static final class Once {

		private static final PublishedPrices INSTANCE = read();

	}

}
