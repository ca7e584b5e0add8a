package io.observatory.storage.sample.pages;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A chart over time, and a table with the same values.
 *
 * @param title what it shows
 * @param unit how its numbers are shown
 * @param style how they are drawn
 * @param times starts of the buckets
 * @param series the lines, each with a value a bucket
 */
public record Chart(String title, Unit unit, Style style, List<Instant> times, List<Series> series) {

	/** How numbers are shown. */
	public enum Unit {

		/** As they are. */
		NUMBER,

		/** Microseconds, as a duration. */
		MICROS,

		/** US dollars. */
		USD,

		/** Bytes. */
		BYTES

	}

	/** How numbers are drawn. */
	public enum Style {

		/** Lines; a gap where there is no value. */
		LINES,

		/** Bars, one series on top of the other. */
		STACKED

	}

	/**
	 * One line of a chart.
	 *
	 * @param name its name in the legend
	 * @param tone {@code error}, {@code warn}, {@code muted} or {@code faint}; null takes
	 * the next color
	 * @param values a value a bucket, null for none
	 */
	public record Series(String name, @Nullable String tone, List<@Nullable Double> values) {

	}

	/**
	 * Whether there is anything to draw.
	 */
	public boolean isEmpty() {
		return this.series.stream().allMatch((line) -> line.values().stream().allMatch((value) -> value == null));
	}

	/**
	 * The data for the script that draws it, as JSON. The template escapes it in an
	 * attribute.
	 */
	public String json() {
		List<Object> data = new ArrayList<>();
		data.add(this.times.stream().map(Instant::getEpochSecond).toList());
		this.series.forEach((line) -> data.add(line.values()));
		List<Line> lines = this.series.stream().map((line) -> new Line(line.name(), line.tone())).toList();
		return JsonMapper.shared().writeValueAsString(new Drawing(this.unit.name(), this.style.name(), lines, data));
	}

	private record Drawing(String unit, String style, List<Line> lines, List<Object> data) {
	}

	private record Line(String name, @Nullable String tone) {
	}

}
