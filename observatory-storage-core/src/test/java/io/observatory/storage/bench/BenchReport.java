package io.observatory.storage.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What came out: a table on the console, {@code ingest.json}, {@code ingest.svg}.
 */
final class BenchReport {

	private final List<Comparison> comparisons;

	private final int rounds;

	BenchReport(List<Comparison> comparisons, int rounds) {
		this.comparisons = comparisons;
		this.rounds = rounds;
	}

	void write(Path directory) throws IOException {
		List<Result> results = results();
		printResults(results, System.out);
		printAdvantages(System.out);
		Files.createDirectories(directory);
		Files.writeString(directory.resolve("ingest.json"),
				results.stream().map(BenchReport::json).collect(Collectors.joining(",\n", "[\n", "\n]\n")));
		Files.writeString(directory.resolve("ingest.svg"), new BenchPlot(results).svg());
		System.out.printf("%nWritten to %s: ingest.json, ingest.svg%n", directory.toAbsolutePath());
	}

	/** Beside the usual table, ours stands once more. */
	private List<Result> results() {
		List<Result> results = new ArrayList<>();
		for (Comparison comparison : this.comparisons) {
			for (Result result : comparison.results()) {
				if (result.table().equals(LogsAsShippedWorkload.NAME)) {
					results.add(comparison.ours(LogsAsShippedWorkload.NAME));
				}
				results.add(result);
			}
		}
		return results;
	}

	private void printResults(List<Result> results, PrintStream out) {
		out.printf("%nMedians of %d rounds [least..most]; the ratio is that to the server's own COPY in the same round,"
				+ " over as many sessions.%n", this.rounds);
		out.printf("pgbulkinsert fails on a key that exists; the others handle it.%n%n");
		out.printf("%-20s %-20s %5s %6s %10s %10s %6s %-14s %8s %8s%n", "table", "technique", "conn.", "batch",
				"rows/s", "limit", "ratio", "", "CPU µs", "bytes");
		for (Result result : results) {
			out.printf("%-20s %-20s %5d %6d %,10.0f %,10.0f %6.2f [%.2f..%.2f]   %8.2f %8.0f%n", result.table(),
					result.technique(), result.connections(), result.batch(), result.rowsPerSecond().median(),
					result.limitRowsPerSecond().median(), result.ratio().median(), result.ratio().min(),
					result.ratio().max(), result.cpuMicrosPerRow().median(), result.allocatedBytesPerRow());
		}
	}

	private void printAdvantages(PrintStream out) {
		if (this.comparisons.stream().allMatch((comparison) -> comparison.advantages().isEmpty())) {
			return;
		}
		out.printf("%nHow many times as fast observatory-copy is in the same round:%n");
		for (Comparison comparison : this.comparisons) {
			comparison.advantages()
				.forEach((cell, advantage) -> out.printf("%s %6.2f [%.2f..%.2f]%n", cell, advantage.median(),
						advantage.min(), advantage.max()));
		}
	}

	private static String json(Result result) {
		return """
				{"table": "%s", "technique": "%s", "connections": %d, "batch": %d, "rowsPerSecond": %.0f, \
				"limitRowsPerSecond": %.0f, "ratio": %.3f, "ratioMin": %.3f, "ratioMax": %.3f, \
				"clientCpuMicrosPerRow": %.2f, "allocatedBytesPerRow": %.0f}""".formatted(result.table(),
				result.technique(), result.connections(), result.batch(), result.rowsPerSecond().median(),
				result.limitRowsPerSecond().median(), result.ratio().median(), result.ratio().min(),
				result.ratio().max(), result.cpuMicrosPerRow().median(), result.allocatedBytesPerRow());
	}

}
