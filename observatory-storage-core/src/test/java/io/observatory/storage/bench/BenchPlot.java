package io.observatory.storage.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The ratios to the limit as bars: a panel for each number of connections, a group for
 * each table, a bar for each technique, with its spread.
 */
final class BenchPlot {

	private static final int WIDTH = 1200;

	private static final int LEFT = 60;

	private static final int TOP = 90;

	private static final int PANEL = 330;

	private static final int BARS = 240;

	private static final int WIDEST = 60;

	private static final double HIGHEST = 1.3;

	private static final String LIMIT = "stroke=\"#c0392b\" stroke-width=\"2\" stroke-dasharray=\"7 4\"";

	private static final Map<String, String> COLORS = Map.of("observatory-copy", "#1b6ca8", "observatory-insert",
			"#8ec1e8", "jdbc-batch", "#d9a441", "jdbc-batch-rewrite", "#b5651d", "pgbulkinsert", "#7a9e57");

	private final List<Result> results;

	private final StringBuilder svg = new StringBuilder();

	BenchPlot(List<Result> results) {
		this.results = results;
	}

	String svg() {
		List<Integer> panels = List.copyOf(new TreeSet<>(this.results.stream().map(Result::connections).toList()));
		int height = TOP + panels.size() * PANEL + 20;
		add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">", WIDTH,
				height);
		add("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
		text(LEFT, 28, 18, "start", "Rows per second, as part of what the server's own COPY from a file reaches");
		legend();
		for (int i = 0; i < panels.size(); i++) {
			panel(TOP + i * PANEL, panels.get(i));
		}
		text(LEFT, height - 8, 12, "start",
				"Medians; the thin lines are the spread. pgbulkinsert has no answer to a trace or span that exists already.");
		add("</svg>");
		return this.svg.toString();
	}

	private void legend() {
		int x = LEFT;
		for (String technique : techniques()) {
			add("<rect x=\"%d\" y=\"46\" width=\"14\" height=\"14\" fill=\"%s\"/>", x, COLORS.get(technique));
			text(x + 20, 58, 14, "start", technique);
			x += 190;
		}
		add("<line x1=\"%d\" x2=\"%d\" y1=\"53\" y2=\"53\" %s/>", x, x + 24, LIMIT);
		text(x + 32, 58, 14, "start", "the server's COPY");
	}

	private List<String> techniques() {
		return this.results.stream().map(Result::technique).distinct().toList();
	}

	private void panel(int top, int connections) {
		int bottom = top + 30 + BARS;
		text(LEFT, top + 14, 15, "start", connections + ((connections == 1) ? " connection, beside COPY in 1 session"
				: " connections, beside COPY in " + connections + " sessions"));
		for (double ratio = 0; ratio < HIGHEST; ratio += 0.25) {
			line(ratio, bottom, (ratio == 0) ? "stroke=\"#444\"" : "stroke=\"#ddd\"");
			text(LEFT - 8, (int) y(ratio, bottom) + 4, 12, "end", "%.2f".formatted(ratio));
		}
		List<Result> shown = this.results.stream().filter((result) -> result.connections() == connections).toList();
		List<String> tables = shown.stream().map(Result::table).distinct().toList();
		// a gap as wide as a bar between the groups
		double bar = (double) (WIDTH - LEFT - 20) / (shown.size() + tables.size());
		double x = LEFT + bar / 2;
		for (String table : tables) {
			List<Result> group = shown.stream().filter((result) -> result.table().equals(table)).toList();
			text((int) (x + bar * group.size() / 2), bottom + 18, 13, "middle", table);
			for (Result result : group) {
				double width = Math.min(bar, WIDEST);
				bar(result, x + (bar - width) / 2, width, bottom);
				x += bar;
			}
			x += bar;
		}
		line(1, bottom, LIMIT);
	}

	private void bar(Result result, double x, double width, int bottom) {
		Spread ratio = result.ratio();
		double middle = x + width * 0.45;
		add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>", x, y(ratio.median(), bottom),
				width * 0.9, bottom - y(ratio.median(), bottom), COLORS.get(result.technique()));
		add("<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$.1f\" y2=\"%3$.1f\" stroke=\"#333\"/>", middle,
				y(ratio.min(), bottom), y(ratio.max(), bottom));
		text((int) middle, (int) y(ratio.max(), bottom) - 4, 11, "middle", "%.2f".formatted(ratio.median()));
	}

	private void line(double ratio, int bottom, String style) {
		add("<line x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\" %4$s/>", LEFT, WIDTH - 20, y(ratio, bottom), style);
	}

	private static double y(double ratio, int bottom) {
		return bottom - Math.min(ratio, HIGHEST) / HIGHEST * BARS;
	}

	private void text(int x, int y, int size, String anchor, String text) {
		add("<text x=\"%d\" y=\"%d\" font-size=\"%d\" paint-order=\"stroke\" stroke=\"white\" stroke-width=\"3\" text-anchor=\"%s\">%s</text>",
				x, y, size, anchor, text);
	}

	private void add(String format, Object... values) {
		this.svg.append(format.formatted(values)).append('\n');
	}

}
