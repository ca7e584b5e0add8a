package io.observatory.storage.sample.pages.logs;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.sample.pages.InvalidParameterException;
import io.observatory.storage.sample.pages.NotStoredException;
import io.observatory.storage.sample.pages.PageLink;
import io.observatory.storage.sample.pages.QueryBudget;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Shows log records.
 */
@Controller
class LogController {

	private final LogQueries queries;

	private final LogSearch search;

	private final LogChart chart;

	LogController(LogQueries queries, LogSearch search, LogChart chart) {
		this.queries = queries;
		this.search = search;
		this.chart = chart;
	}

	@ModelAttribute("filter")
	LogFilter filter(@RequestParam(name = "q", required = false) @Nullable String text,
			@RequestParam(required = false) @Nullable String severity,
			@RequestParam(required = false) @Nullable String service,
			@RequestParam(name = "trace", required = false) @Nullable String traceId) {
		return LogFilter.of(text, severity, service, traceId);
	}

	/**
	 * A page of records. The live tail and others that ask only for the records get no
	 * chart.
	 */
	@GetMapping("/logs")
	String logs(@ModelAttribute("range") TimeRange range, @ModelAttribute("filter") LogFilter filter,
			@RequestParam(required = false) @Nullable String before, @RequestParam(defaultValue = "off") String tail,
			@RequestHeader(name = "HX-Target", defaultValue = "") String target,
			@RequestHeader(name = "HX-Trigger", defaultValue = "") String trigger, Model model) {
		LogPosition after = LogPosition.parse(before);
		// a range that ends in the past has no tail
		boolean live = tail.equals("on") && after == null && range.name() != null;
		boolean lines = target.equals("lines");
		QueryBudget patience = live ? QueryBudget.LIVE : QueryBudget.of(trigger);
		List<String> services = this.queries.services(range);
		PageLink link = filter.addTo(range.link("/logs"));
		model.addAttribute("link", link.with("tail", live ? "on" : null));
		model.addAttribute("tail", live);
		model.addAttribute("live", link.without("from").without("to").with("tail", live ? null : "on"));
		model.addAttribute("newest", (after != null) ? link : null);
		model.addAttribute("severities", Severity.values());
		model.addAttribute("services", services);
		List<String> wanted = (filter.service() != null) ? List.of(filter.service()) : services;
		model.addAttribute("chart", lines ? null : this.chart.of(wanted, filter, range));
		LogPage page = this.search.page(wanted, filter, range, after, patience);
		model.addAttribute("page", page);
		model.addAttribute("more",
				(page.searchedTo() != null && patience == QueryBudget.AT_ONCE) ? link.with("before", after) : null);
		return "logs";
	}

	/**
	 * One record with all of its values.
	 */
	@GetMapping("/logs/record")
	String record(@RequestParam String service, @RequestParam String at, @RequestParam String id, Model model) {
		model.addAttribute("log", this.queries.record(service, time(at), id(id))
			.orElseThrow(() -> new NotStoredException("There is no such log record, or no longer.")));
		return "log";
	}

	private static Instant time(String at) {
		try {
			Instant time = Instant.parse(at);
			// not the time of a record, and out of PostgreSQL's range
			if (time.isBefore(LogPosition.END)) {
				return time;
			}
			throw new InvalidParameterException("at must be a time before the year 10000.");
		}
		catch (DateTimeParseException ex) {
			throw new InvalidParameterException("at must be a time such as 2026-11-27T09:30:00Z.");
		}
	}

	private static UUID id(String id) {
		try {
			return UUID.fromString(id);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidParameterException("id must be a UUID.");
		}
	}

}
