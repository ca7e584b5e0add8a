package io.observatory.storage.sample.pages.logs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.observatory.storage.sample.pages.Chart;
import io.observatory.storage.sample.pages.TimeRange;
import io.observatory.storage.sample.pages.logs.LogQueries.LogCount;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The chart of log records by severity. It counts a limited number of the newest records,
 * and shows the buckets that are complete.
 */
@Component
class LogChart {

	private final LogQueries queries;

	LogChart(LogQueries queries) {
		this.queries = queries;
	}

	/**
	 * Returns the chart; null if it would be empty, or for a single trace, which has few
	 * records.
	 */
	@Nullable Chart of(List<String> services, LogFilter filter, TimeRange range) {
		if (filter.traceId() != null) {
			return null;
		}
		List<LogCount> counts = this.queries.counts(services, filter, range);
		Instant complete = completeFrom(counts, LogQueries.maxCounted(services));
		List<Chart.Series> series = series(
				counts.stream().filter((count) -> !count.bucket().isBefore(complete)).toList(), range);
		String title = complete.equals(Instant.MIN) ? "Log records by severity"
				: "Log records by severity, of the newest " + LogQueries.MAX_COUNTED / 1000 + ",000";
		return series.isEmpty() ? null
				: new Chart(title, Chart.Unit.NUMBER, Chart.Style.STACKED, range.buckets(), series);
	}

	/**
	 * The time since which the records of all services are counted completely: the latest
	 * of the oldest counted records of services that may have more.
	 */
	private static Instant completeFrom(List<LogCount> counts, int max) {
		Map<String, List<LogCount>> byService = counts.stream().collect(Collectors.groupingBy(LogCount::service));
		return byService.values()
			.stream()
			.filter((own) -> own.stream().mapToLong(LogCount::read).sum() >= max)
			.map((own) -> own.stream().map(LogCount::oldest).min(Comparator.naturalOrder()).orElseThrow())
			.max(Comparator.naturalOrder())
			.orElse(Instant.MIN);
	}

	private static List<Chart.Series> series(List<LogCount> counts, TimeRange range) {
		List<Chart.Series> series = new ArrayList<>();
		for (Level level : Level.values()) {
			Map<Instant, Double> values = new HashMap<>();
			counts.stream()
				.filter((count) -> count.found() > 0 && Level.of(count.severity()) == level)
				.forEach((count) -> values.merge(count.bucket(), (double) count.found(), Double::sum));
			if (!values.isEmpty()) {
				series
					.add(new Chart.Series(level.label, level.tone, range.buckets().stream().map(values::get).toList()));
			}
		}
		return series;
	}

	/** What a bar is divided into, from the bottom. */
	private enum Level {

		ERROR("Error", "error"), WARN("Warn", "warn"), INFO("Info", null), DEBUG("Debug", "muted"),
		NONE("No severity", "faint");

		private final String label;

		private final @Nullable String tone;

		Level(String label, @Nullable String tone) {
			this.label = label;
			this.tone = tone;
		}

		private static Level of(@Nullable Severity severity) {
			if (severity == null) {
				return NONE;
			}
			return switch (severity) {
				case FATAL, ERROR -> ERROR;
				case WARN -> WARN;
				case INFO -> INFO;
				case DEBUG, TRACE -> DEBUG;
			};
		}

	}

}
