package io.observatory.storage.sample.pages.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

import io.observatory.storage.sample.pages.InvalidParameterException;
import io.observatory.storage.sample.pages.NotStoredException;
import io.observatory.storage.sample.pages.PageLink;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Shows the metrics: a list to choose from, and one of them.
 */
@Controller
class MetricController {

	private static final int MAX_TEXT = 200;

	private final MetricQueries queries;

	MetricController(MetricQueries queries) {
		this.queries = queries;
	}

	@GetMapping("/metrics")
	String metrics(@ModelAttribute("range") TimeRange range,
			@RequestParam(name = "q", required = false) @Nullable String text,
			@RequestParam(required = false) @Nullable String id, @RequestParam(required = false) @Nullable String by,
			Model model) {
		String wanted = given(text);
		String attribute = given(by);
		List<MetricInfo> metrics = this.queries.metrics((wanted != null) ? pattern(wanted) : null);
		boolean more = metrics.size() > MetricQueries.MAX_METRICS;
		MetricInfo metric = (given(id) != null) ? chosen(id) : null;
		model.addAttribute("q", wanted);
		model.addAttribute("by", attribute);
		model.addAttribute("more", more);
		model.addAttribute("services", byService(more ? metrics.subList(0, MetricQueries.MAX_METRICS) : metrics));
		model.addAttribute("metric", metric);
		model.addAttribute("link",
				range.link("/metrics")
					.with("q", wanted)
					.with("id", (metric != null) ? metric.id() : null)
					.with("by", attribute));
		if (metric != null) {
			addCharts(metric, range, attribute, model);
		}
		return "metrics";
	}

	private static @Nullable String given(@Nullable String parameter) {
		if (parameter != null && parameter.length() > MAX_TEXT) {
			throw new InvalidParameterException("q and by may be " + MAX_TEXT + " characters at most.");
		}
		return (parameter != null && !parameter.isBlank()) ? parameter.strip() : null;
	}

	private static String pattern(String text) {
		return "%" + text.replaceAll("[\\\\%_]", "\\\\$0") + "%";
	}

	private MetricInfo chosen(@Nullable String id) {
		try {
			return this.queries.metric(UUID.fromString(String.valueOf(id)))
				.orElseThrow(() -> new NotStoredException("There is no such metric, or no longer."));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidParameterException("id must be a UUID.");
		}
	}

	private static Map<String, List<MetricInfo>> byService(List<MetricInfo> metrics) {
		return metrics.stream()
			.collect(Collectors.groupingBy(MetricInfo::service, LinkedHashMap::new, Collectors.toList()));
	}

	private void addCharts(MetricInfo metric, TimeRange range, @Nullable String by, Model model) {
		List<MetricStream> streams = this.queries.streams(metric);
		MetricQueries.Points points = this.queries.points(metric, streams, range);
		model.addAttribute("streams", streams.size());
		model.addAttribute("points", points);
		model.addAttribute("attributes", attributes(points.points()));
		model.addAttribute("charts", MetricCharts.of(metric, points.points(), points.from(), range, by));
	}

	/**
	 * The attributes to split by, and how many values each has.
	 */
	private static Map<String, Integer> attributes(List<Point> points) {
		Map<String, TreeSet<String>> values = new TreeMap<>();
		points.stream()
			.map((point) -> point.series().attributes())
			.distinct()
			.forEach((attributes) -> attributes
				.forEach((name, value) -> values.computeIfAbsent(name, (key) -> new TreeSet<>()).add(value)));
		Map<String, Integer> counts = new LinkedHashMap<>();
		values.forEach((name, distinct) -> counts.put(name, distinct.size()));
		return counts;
	}

}
