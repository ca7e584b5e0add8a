package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The rates of two techniques that took turns, over time: {@code sustained.json} and a
 * plot, {@code sustained.svg}.
 */
final class Timeline {

	private static final int WIDTH = 1200;

	private static final int HEIGHT = 480;

	private static final int LEFT = 80;

	private static final int TOP = 70;

	private static final int BOTTOM = HEIGHT - 50;

	private static final int RATE_STEP = 25_000;

	private static final Map<String, String> COLORS = Map.of("observatory-copy", "#1b6ca8", "server COPY", "#c0392b");

	private final long begun = System.nanoTime();

	private final List<Turn> turns = new ArrayList<>();

	Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begun);
	}

	/** Adds a turn that ends now. */
	void add(String technique, Duration begun, long rows, long checkpoints) {
		double seconds = elapsed().minus(begun).toNanos() / 1e9;
		Turn turn = new Turn(technique, begun.toMillis() / 1e3, seconds, rows, rows / seconds, checkpoints);
		this.turns.add(turn);
		System.out.printf("%6.0f s  %-18s %,10d rows  %,10.0f rows/s  %d checkpoints%n", turn.begun(), technique, rows,
				turn.rate(), checkpoints);
	}

	void report(Path directory) throws IOException {
		System.out.println();
		List<String> summaries = new ArrayList<>();
		for (String technique : techniques()) {
			List<Turn> its = of(technique);
			double first = median(its.subList(0, (its.size() + 2) / 3));
			double last = median(its.subList(its.size() - (its.size() + 2) / 3, its.size()));
			long rows = its.stream().mapToLong(Turn::rows).sum();
			System.out.printf(
					"%-18s %,12d rows; rows/s: median %,.0f, first third %,.0f, last third %,.0f (%.2f of the first)%n",
					technique, rows, median(its), first, last, last / first);
			summaries.add("""
					{"technique": "%s", "rows": %d, "median": %.0f, "firstThird": %.0f, "lastThird": %.0f}"""
				.formatted(technique, rows, median(its), first, last));
		}
		Spread ratio = ratio();
		long checkpoints = this.turns.stream().mapToLong(Turn::checkpoints).sum();
		System.out.printf("ratio of neighbouring turns: median %.2f [%.2f..%.2f]; %d checkpoints%n", ratio.median(),
				ratio.min(), ratio.max(), checkpoints);
		Files.createDirectories(directory);
		Files.writeString(directory.resolve("sustained.json"),
				"{\"ratio\": %.3f, \"checkpoints\": %d,%n\"techniques\": [%s],%n\"turns\": [%n%s]}%n".formatted(
						ratio.median(), checkpoints, String.join(", ", summaries),
						this.turns.stream().map(Turn::json).collect(Collectors.joining(",\n"))));
		Files.writeString(directory.resolve("sustained.svg"), svg());
		System.out.printf("%nWritten to %s: sustained.json, sustained.svg%n", directory.toAbsolutePath());
	}

	private List<String> techniques() {
		return this.turns.stream().map(Turn::technique).distinct().toList();
	}

	private List<Turn> of(String technique) {
		return this.turns.stream().filter((turn) -> turn.technique().equals(technique)).toList();
	}

	private static double median(List<Turn> turns) {
		return Spread.of(turns.stream().mapToDouble(Turn::rate).toArray()).median();
	}

	private Spread ratio() {
		double[] ratios = new double[this.turns.size() / 2];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = this.turns.get(2 * i).rate() / this.turns.get(2 * i + 1).rate();
		}
		return Spread.of(ratios);
	}

	private String svg() {
		double end = this.turns.stream().mapToDouble((turn) -> turn.begun() + turn.seconds()).max().orElse(1);
		double highest = this.turns.stream().mapToDouble(Turn::rate).max().orElse(1) * 1.1;
		StringBuilder svg = new StringBuilder();
		svg.append(
				"""
						<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
						<rect width="100%%" height="100%%" fill="white"/>
						<text x="%d" y="28" font-size="18">Logs, rows per second over time, by turns; 2 slots beside COPY in 2 sessions</text>
						"""
					.formatted(WIDTH, HEIGHT, LEFT));
		for (int rate = 0; rate <= highest; rate += RATE_STEP) {
			double y = BOTTOM - rate / highest * (BOTTOM - TOP);
			svg.append("""
					<line x1="%d" x2="%d" y1="%3$.1f" y2="%3$.1f" stroke="#ddd"/>
					<text x="%4$d" y="%5$.1f" text-anchor="end">%6$,d</text>
					""".formatted(LEFT, WIDTH - 20, y, LEFT - 8, y + 4, rate));
		}
		for (double minute = 0; minute * 60 <= end; minute++) {
			svg.append("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f min</text>%n"
				.formatted(x(minute * 60, end), BOTTOM + 22, minute));
		}
		int legend = LEFT;
		for (String technique : techniques()) {
			String color = COLORS.get(technique);
			svg.append("""
					<rect x="%d" y="44" width="14" height="14" fill="%s"/><text x="%d" y="56">%s</text>
					""".formatted(legend, color, legend + 20, technique));
			legend += 190;
			for (Turn turn : of(technique)) {
				double y = BOTTOM - turn.rate() / highest * (BOTTOM - TOP);
				svg.append("""
						<line x1="%.1f" x2="%.1f" y1="%3$.1f" y2="%3$.1f" stroke="%4$s" stroke-width="4"/>
						""".formatted(x(turn.begun(), end), x(turn.begun() + turn.seconds(), end), y, color));
			}
		}
		return svg.append("</svg>\n").toString();
	}

	private static double x(double seconds, double end) {
		return LEFT + seconds / end * (WIDTH - LEFT - 20);
	}

	/**
	 * A turn of a technique.
	 *
	 * @param technique its name
	 * @param begun when it began, in seconds
	 * @param seconds how long it took
	 * @param rows what it stored
	 * @param rate in rows per second
	 * @param checkpoints how many were made meanwhile
	 */
	private record Turn(String technique, double begun, double seconds, long rows, double rate, long checkpoints) {

		String json() {
			return """
					{"technique": "%s", "begun": %.1f, "seconds": %.1f, "rows": %d, "rowsPerSecond": %.0f, "checkpoints": %d}"""
				.formatted(this.technique, this.begun, this.seconds, this.rows, this.rate, this.checkpoints);
		}

	}

}
