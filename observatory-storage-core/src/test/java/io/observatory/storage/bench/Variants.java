package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Groups of variants, measured in rounds: in each, a group's variants follow one another,
 * beginning each time with another, so that the ratio to its first one is that of the
 * same minute.
 */
final class Variants {

	private final List<List<Variant>> groups;

	private final Map<Variant, List<Map<String, Double>>> measured = new LinkedHashMap<>();

	Variants(List<List<Variant>> groups) {
		this.groups = groups;
		groups.forEach((group) -> group.forEach((variant) -> this.measured.put(variant, new ArrayList<>())));
	}

	/** Measures so many rounds; one more comes first and is discarded. */
	void run(int rounds) {
		for (int round = 0; round <= rounds; round++) {
			for (List<Variant> group : this.groups) {
				List<Variant> order = new ArrayList<>(group);
				Collections.rotate(order, -round);
				for (Variant variant : order) {
					Map<String, Double> figures = variant.run().get();
					System.out.printf("round %d of %d%s  %s  %,.0f rows/s%n", round, rounds,
							(round == 0) ? " (discarded)" : "", variant.labels(), figures.get(Variant.RATE));
					if (round > 0) {
						this.measured.get(variant).add(figures);
					}
				}
			}
		}
	}

	/** Prints a table, and writes a JSON file of that name. */
	void report(Path directory, String name) throws IOException {
		List<Map<String, Object>> lines = this.groups.stream()
			.flatMap((group) -> group.stream().map((variant) -> line(variant, group.get(0))))
			.toList();
		System.out.printf("%nMedians; the ratio is that to the first of each group in the same round.%n%n");
		System.out.println(row(lines.get(0).keySet().stream()));
		lines.forEach((line) -> System.out.println(row(line.values().stream().map(Variants::shown))));
		Files.createDirectories(directory);
		Path file = directory.resolve(name + ".json");
		Files.writeString(file, lines.stream().map(Variants::json).collect(Collectors.joining(",\n", "[\n", "\n]\n")));
		System.out.printf("%nWritten to %s%n", file.toAbsolutePath());
	}

	private Map<String, Object> line(Variant variant, Variant first) {
		Map<String, Object> line = new LinkedHashMap<>(variant.labels());
		line.put(Variant.RATE, spread(variant, (figures) -> figures.get(Variant.RATE)).median());
		Spread ratio = ratio(variant, first);
		line.put("ratio", ratio.median());
		line.put("ratioMin", ratio.min());
		line.put("ratioMax", ratio.max());
		this.measured.get(variant)
			.get(0)
			.keySet()
			.forEach((figure) -> line.computeIfAbsent(figure,
					(unknown) -> spread(variant, (figures) -> figures.get(figure)).median()));
		return line;
	}

	private Spread spread(Variant variant, ToDoubleFunction<Map<String, Double>> figure) {
		return Spread.of(this.measured.get(variant).stream().mapToDouble(figure).toArray());
	}

	private Spread ratio(Variant one, Variant other) {
		double[] ratios = new double[this.measured.get(one).size()];
		Arrays.setAll(ratios, (round) -> this.measured.get(one).get(round).get(Variant.RATE)
				/ this.measured.get(other).get(round).get(Variant.RATE));
		return Spread.of(ratios);
	}

	private static String row(Stream<?> cells) {
		return cells.map((cell) -> "%-22s".formatted(cell)).collect(Collectors.joining(" ")).strip();
	}

	private static String json(Map<String, Object> line) {
		return line.entrySet()
			.stream()
			.map((entry) -> "\"%s\": %s".formatted(entry.getKey(),
					(entry.getValue() instanceof Number) ? shown(entry.getValue()) : "\"" + entry.getValue() + "\""))
			.collect(Collectors.joining(", ", "{", "}"));
	}

	private static String shown(Object value) {
		if (value instanceof Double number) {
			return (number < 1000) ? "%.3f".formatted(number) : "%.0f".formatted(number);
		}
		return String.valueOf(value);
	}

}
