package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import io.observatory.storage.bench.CaptureBench.Round;

/**
 * What came out: a table on the console, and {@code capture.json}. Figures are medians of
 * all rounds; what capture costs is the median of the rounds' differences.
 */
final class CaptureReport {

	private final Map<CapturedWork, List<Round>> measured;

	CaptureReport(Map<CapturedWork, List<Round>> measured) {
		this.measured = measured;
	}

	void write(Path directory) throws IOException {
		System.out.printf("%n%-28s %9s %9s %9s %-16s %6s %6s %9s %9s %9s %6s%n", "each", "CPU µs", "captured",
				"capture", "[least..most]", "aim", "times", "bytes", "captured", "capture", "aim");
		this.measured.forEach(CaptureReport::print);
		Files.createDirectories(directory);
		Files.writeString(directory.resolve("capture.json"),
				this.measured.entrySet()
					.stream()
					.map((each) -> json(each.getKey(), each.getValue()))
					.collect(Collectors.joining(",\n", "[\n", "\n]\n")));
		System.out.printf("%nThreads that ended meanwhile, whose bytes are missing: %d%n",
				this.measured.values().stream().flatMap(List::stream).mapToLong(Round::ended).sum());
		System.out.printf("%nWritten to %s: capture.json%n", directory.toAbsolutePath());
	}

	private static void print(CapturedWork work, List<Round> rounds) {
		double[] micros = sorted(rounds, Round::micros);
		System.out.printf("%-28s %9.2f %9.2f %9.2f %-16s %6.0f %6.3f %9.0f %9.0f %9.0f %6.0f%n", work.text(),
				median(rounds, (round) -> round.without().micros()), median(rounds, (round) -> round.with().micros()),
				median(rounds, Round::micros), "[%.2f..%.2f]".formatted(micros[0], micros[micros.length - 1]),
				work.microsAim(), median(rounds, Round::times), median(rounds, (round) -> round.without().bytes()),
				median(rounds, (round) -> round.with().bytes()), median(rounds, Round::bytes), work.bytesAim());
	}

	private static String json(CapturedWork work, List<Round> rounds) {
		double[] micros = sorted(rounds, Round::micros);
		return """
				{"each": "%s", "rounds": %d, "cpuMicros": %.2f, "cpuMicrosMin": %.2f, "cpuMicrosMax": %.2f, \
				"cpuMicrosWithout": %.2f, "times": %.3f, "bytes": %.0f, "bytesWithout": %.0f}""".formatted(work.text(),
				rounds.size(), median(rounds, Round::micros), micros[0], micros[micros.length - 1],
				median(rounds, (round) -> round.without().micros()), median(rounds, Round::times),
				median(rounds, Round::bytes), median(rounds, (round) -> round.without().bytes()));
	}

	private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
		double[] sorted = sorted(rounds, figure);
		return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
	}

	private static double[] sorted(List<Round> rounds, ToDoubleFunction<Round> figure) {
		return rounds.stream().mapToDouble(figure).sorted().toArray();
	}

}
