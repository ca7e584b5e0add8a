package io.observatory.storage.llm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Prices by model, whoever the provider is. A model's dated or numbered version
 * ({@code gpt-4o-2024-08-06}, {@code claude-sonnet-4-20250514},
 * {@code gemini-2.0-flash-001}) has the price of the model unless it has one of its own;
 * another model ({@code claude-opus-4-9}) never has that of an older one. Upper and lower
 * case are the same. Immutable.
 */
public final class PriceList implements PriceTable {

	private static final String BUILT_IN = "prices.csv";

	private static final String DATE_LINE = "# as of ";

	private static final Pattern VERSION = Pattern
		.compile("[-@](?:\\d{4}-\\d{2}-\\d{2}|\\d{8}|\\d{6}|\\d{4}|\\d{3}|\\d{2}-\\d{4}|\\d{2}-\\d{2}|latest)$");

	private final Map<String, ModelPrice> prices;

	/**
	 * Takes a copy of the prices.
	 * @param prices the prices by the model's name
	 */
	public PriceList(Map<String, ModelPrice> prices) {
		Map<String, ModelPrice> copy = new HashMap<>();
		prices.forEach((model, price) -> copy.put(lowerCase(model), price));
		this.prices = Collections.unmodifiableMap(copy);
	}

	/**
	 * Returns the list that comes with this library: list prices of common models without
	 * discounts, none newer than the date in {@link ModelPrice#source()}. Prices change:
	 * replace what must be exact.
	 */
	public static PriceList builtIn() {
		try (InputStream in = PriceList.class.getResourceAsStream(BUILT_IN)) {
			if (in == null) {
				throw new IllegalStateException(BUILT_IN + " is missing");
			}
			return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static PriceList parse(List<String> lines) {
		String source = "list-price " + lines.get(0).substring(DATE_LINE.length());
		Map<String, ModelPrice> prices = new HashMap<>();
		for (String line : lines) {
			if (!line.isBlank() && !line.startsWith("#")) {
				String[] fields = line.split(",", -1);
				prices.put(fields[0], new ModelPrice(Double.parseDouble(fields[1]), Double.parseDouble(fields[2]),
						price(fields[3]), price(fields[4]), source));
			}
		}
		return new PriceList(prices);
	}

	private static @Nullable Double price(String field) {
		return field.isEmpty() ? null : Double.valueOf(field);
	}

	@Override
	public Optional<ModelPrice> find(String provider, String model) {
		String name = lowerCase(model);
		ModelPrice price = this.prices.get(name);
		if (price == null) {
			Matcher version = VERSION.matcher(name);
			price = version.find() ? this.prices.get(name.substring(0, version.start())) : null;
		}
		return Optional.ofNullable(price);
	}

	private static String lowerCase(String model) {
		return model.toLowerCase(java.util.Locale.ROOT);
	}

}
