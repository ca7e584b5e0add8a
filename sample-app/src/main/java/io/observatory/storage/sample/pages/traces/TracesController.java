package io.observatory.storage.sample.pages.traces;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import io.observatory.storage.sample.pages.PageKey;
import io.observatory.storage.sample.pages.QueryBudget;
import io.observatory.storage.sample.pages.TimeRange;
import io.observatory.storage.sample.pages.export.Exporter;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Lists traces.
 */
@Controller
class TracesController {

	private final TraceListQueries queries;

	private final TraceSearch search;

	private final Exporter exporter;

	TracesController(TraceListQueries queries, TraceSearch search, Exporter exporter) {
		this.queries = queries;
		this.search = search;
		this.exporter = exporter;
	}

	@GetMapping("/traces")
	String traces(@ModelAttribute("range") TimeRange range, @RequestParam(required = false) @Nullable String service,
			@RequestParam(required = false) @Nullable String status,
			@RequestParam(required = false) @Nullable String model, @RequestParam(required = false) @Nullable Long min,
			@RequestParam(required = false) @Nullable String score,
			@RequestParam(name = "q", required = false) @Nullable String text,
			@RequestParam(required = false) @Nullable String sort,
			@RequestParam(required = false) @Nullable String after,
			@RequestParam(required = false) @Nullable String before,
			@RequestHeader(name = "HX-Trigger", defaultValue = "") String trigger, Model page) {
		TraceFilter filter = new TraceFilter(service, status, model, min, score, text, sort);
		String id = id(filter.text());
		if (id != null && this.queries.exists(id)) {
			return "redirect:/traces/" + id;
		}
		PageKey end = PageKey.parse(before);
		TraceList list = (end != null) ? this.search.pageBefore(range, filter, end)
				: this.search.pageAfter(range, filter, PageKey.parse(after), QueryBudget.of(trigger));
		page.addAttribute("filter", filter);
		page.addAttribute("link", filter.link(range));
		page.addAttribute("list", list);
		page.addAttribute("services", this.queries.services());
		page.addAttribute("models", models(list));
		return "traces";
	}

	/**
	 * Sends what the list shows with the same parameters, all of it, the oldest first.
	 */
	@GetMapping("/traces.{format:csv|jsonl}")
	void export(@PathVariable String format, @ModelAttribute("range") TimeRange range,
			@RequestParam(required = false) @Nullable String service,
			@RequestParam(required = false) @Nullable String status,
			@RequestParam(required = false) @Nullable String model, @RequestParam(required = false) @Nullable Long min,
			@RequestParam(required = false) @Nullable String score,
			@RequestParam(name = "q", required = false) @Nullable String text, HttpServletResponse response)
			throws IOException {
		this.exporter.send(this.queries.export(range, new TraceFilter(service, status, model, min, score, text, null)),
				format, response);
	}

	private static @Nullable String id(@Nullable String text) {
		return (text != null && text.matches("[0-9a-fA-F]{32}")) ? text.toLowerCase(Locale.ROOT) : null;
	}

	/**
	 * Suggestions only: to know all models, all calls of the time would have to be read.
	 */
	private static List<String> models(TraceList list) {
		return list.rows().stream().flatMap((row) -> row.models().stream()).distinct().sorted().toList();
	}

}
