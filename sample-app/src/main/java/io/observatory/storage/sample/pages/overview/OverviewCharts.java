package io.observatory.storage.sample.pages.overview;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.observatory.storage.sample.pages.Chart;
import io.observatory.storage.sample.pages.Chart.Series;
import io.observatory.storage.sample.pages.Chart.Style;
import io.observatory.storage.sample.pages.Chart.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Creates the charts of the overview from the figures of buckets.
 */
final class OverviewCharts {

	/**
	 * The number of groups that can be distinguished by color; the others are added up.
	 */
	private static final int MAX_GROUPS = 6;

	private final List<Instant> buckets;

	private final Map<Key, Figures> figures = new HashMap<>();

	private final List<String> groups;

	/**
	 * The charts of some figures.
	 * @param buckets the starts of all buckets
	 * @param figures those of buckets, and of groups in buckets
	 * @param groups names of the groups, in order of the legend
	 */
	OverviewCharts(List<Instant> buckets, List<Figures> figures, List<String> groups) {
		this.buckets = buckets;
		this.groups = groups;
		figures.forEach((one) -> this.figures.put(new Key(one.bucket(), one.group()), one));
	}

	Chart count(String title) {
		return chart(title, Unit.NUMBER, Style.STACKED,
				List.of(new Series("ok", null, values(null, (one) -> one.calls() - one.failed(), 0L)),
						new Series("failed", "error", values(null, Figures::failed, 0L))));
	}

	Chart latency() {
		return chart("Latency", Unit.MICROS, Style.LINES,
				List.of(new Series("p50", null, values(null, Figures::p50, null)),
						new Series("p95", null, values(null, Figures::p95, null)),
						new Series("p99", null, values(null, Figures::p99, null))));
	}

	Chart tokens() {
		return chart("Tokens by model", Unit.NUMBER, Style.STACKED, byGroup(Figures::tokens));
	}

	Chart cost() {
		return chart("Cost by model", Unit.USD, Style.STACKED, byGroup(Figures::cost));
	}

	private Chart chart(String title, Unit unit, Style style, List<Series> series) {
		return new Chart(title, unit, style, this.buckets, series);
	}

	private List<Series> byGroup(Function<Figures, @Nullable Number> figure) {
		List<Series> series = new ArrayList<>();
		this.groups.stream()
			.limit(MAX_GROUPS)
			.forEach((group) -> series.add(new Series(group, null, values(group, figure, null))));
		if (this.groups.size() > MAX_GROUPS) {
			series.add(new Series(this.groups.size() - MAX_GROUPS + " others", "muted",
					sum(this.groups.subList(MAX_GROUPS, this.groups.size()), figure)));
		}
		return series.stream().filter((line) -> line.values().stream().anyMatch((value) -> value != null)).toList();
	}

	private List<@Nullable Double> values(@Nullable String group, Function<Figures, @Nullable Number> figure,
			@Nullable Long otherwise) {
		List<@Nullable Double> values = new ArrayList<>();
		for (Instant bucket : this.buckets) {
			Figures one = this.figures.get(new Key(bucket, group));
			Number value = (one != null) ? figure.apply(one) : otherwise;
			values.add((value != null) ? value.doubleValue() : null);
		}
		return values;
	}

	private List<@Nullable Double> sum(List<String> groups, Function<Figures, @Nullable Number> figure) {
		List<@Nullable Double> sums = values(groups.get(0), figure, null);
		for (String group : groups.subList(1, groups.size())) {
			List<@Nullable Double> values = values(group, figure, null);
			for (int i = 0; i < sums.size(); i++) {
				Double value = values.get(i);
				Double sum = sums.get(i);
				sums.set(i, (sum == null) ? value : (value == null) ? sum : Double.valueOf(sum + value));
			}
		}
		return sums;
	}

	private record Key(@Nullable Instant bucket, @Nullable String group) {
	}

}
