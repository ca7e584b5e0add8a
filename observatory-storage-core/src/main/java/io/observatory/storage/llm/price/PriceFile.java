package io.observatory.storage.llm.price;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads the files of prices beside this class: a line a price, its fields separated by
 * tabs, after comments of which the first says the source.
 */
final class PriceFile {

	private PriceFile() {
	}

	/**
	 * Returns the models of a file. Prices of one model are in lines that follow each
	 * other.
	 */
	static List<PublishedModel> models(String file) {
		List<String> lines = lines(file);
		String source = lines.get(0).substring(2);
		List<PublishedModel> models = new ArrayList<>();
		for (String[] fields : fields(lines)) {
			PublishedModel last = models.isEmpty() ? null : models.get(models.size() - 1);
			if (last == null || !last.provider().equals(fields[0]) || !last.name().equals(fields[1])) {
				last = new PublishedModel(fields[0], fields[1], new NamePattern(fields[2]), new ArrayList<>(1));
				models.add(last);
			}
			last.prices().add(price(fields, source));
		}
		return models;
	}

	/** Returns the providers of a file, still without models. */
	static List<PublishedProvider> providers(String file) {
		return fields(lines(file)).stream()
			.map((fields) -> new PublishedProvider(fields[0], new NamePattern(fields[1]),
					fields[2].isEmpty() ? NamePattern.NONE : new NamePattern(fields[2]),
					fields[3].isEmpty() ? List.of() : List.of(fields[3].split(" ")), new ArrayList<>()))
			.toList();
	}

	private static PublishedPrice price(String[] fields, String source) {
		LocalDate from = fields[3].isEmpty() ? null : LocalDate.parse(fields[3]);
		String[] hours = fields[4].split("-");
		LocalTime since = fields[4].isEmpty() ? null : LocalTime.parse(hours[0]);
		LocalTime until = fields[4].isEmpty() ? null : LocalTime.parse(hours[1]);
		long above = fields[5].isEmpty() ? -1 : Long.parseLong(fields[5]);
		return new PublishedPrice(from, since, until, above, modelPrice(fields, source));
	}

	private static @Nullable ModelPrice modelPrice(String[] fields, String source) {
		BigDecimal input = number(fields[6]);
		BigDecimal output = number(fields[7]);
		return (input == null || output == null) ? null
				: new ModelPrice(input, output, number(fields[8]), number(fields[9]), number(fields[10]),
						number(fields[11]), number(fields[12]), number(fields[13]), number(fields[14]), source);
	}

	private static @Nullable BigDecimal number(String field) {
		return field.isEmpty() ? null : new BigDecimal(field);
	}

	private static List<String[]> fields(List<String> lines) {
		return lines.stream()
			.filter((line) -> !line.isEmpty() && !line.startsWith("#"))
			.map((line) -> line.split("\t", -1))
			.toList();
	}

	private static List<String> lines(String file) {
		try (InputStream in = PriceFile.class.getResourceAsStream(file)) {
			if (in == null) {
				throw new IllegalStateException(file + " is missing");
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
