package io.observatory.storage.llm.price;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.observatory.storage.llm.name.ModelNames;
import io.observatory.storage.llm.name.ProviderNames;

/**
 * Under which names a price list may know a provider and a model.
 */
final class PriceNames {

	/** A day, or Google's build number. */
	private static final Pattern VERSION = Pattern.compile("-(?:20\\d{2}-\\d{2}-\\d{2}|20\\d{6}|0\\d{2})$");

	/**
	 * From the names of the GenAI convention to those of the list, where it has others.
	 */
	private static final Map<String, String> PROVIDERS = Map.of("azure.ai.openai", "azure", "azure.ai.inference",
			"azure", "gcp.gen_ai", "google", "x_ai", "x-ai", "fireworks_ai", "fireworks");

	private PriceNames() {
	}

	/**
	 * Returns the list's name of a provider, or the convention's where its rules know
	 * that.
	 */
	static String ofProvider(String provider) {
		String name = ProviderNames.canonical(provider).toLowerCase(Locale.ROOT);
		return PROVIDERS.getOrDefault(name, name);
	}

	/**
	 * Returns the names to look for, in this order: as it was sent, without what a host
	 * adds to it, without its version.
	 */
	static Set<String> ofModel(String model) {
		String name = ModelNames.canonical(model);
		Set<String> names = new LinkedHashSet<>();
		names.add(model.strip().toLowerCase(Locale.ROOT));
		names.add(name);
		names.add(VERSION.matcher(name).replaceFirst(""));
		return names;
	}

}
