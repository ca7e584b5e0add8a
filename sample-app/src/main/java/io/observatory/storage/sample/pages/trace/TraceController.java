package io.observatory.storage.sample.pages.trace;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Shows one trace, with one of its spans opened.
 */
@Controller
class TraceController {

	/** A trace of a process that never ends may have any number of spans. */
	private static final int MAX_SPANS = 20_000;

	private final TraceQueries queries;

	private final ScoreQueries scores;

	TraceController(TraceQueries queries, ScoreQueries scores) {
		this.queries = queries;
		this.scores = scores;
	}

	/**
	 * Returns the page, or only the opened span if a script asks for it (htmx sends the
	 * element that it replaces).
	 */
	@GetMapping("/traces/{id}")
	String trace(@PathVariable String id, @RequestParam(required = false) @Nullable String span,
			@RequestParam(required = false) @Nullable Integer page,
			@RequestHeader(name = "HX-Target", required = false) @Nullable String target, Model model) {
		TraceHead trace = this.queries.head(id);
		model.addAttribute("trace", trace);
		// a link to a trace without a known span has the parameter, but no value
		String wanted = StringUtils.hasText(span) ? span : null;
		if (wanted != null && "span".equals(target)) {
			model.addAttribute("detail", this.queries.detail(trace, wanted));
			return "span :: panel";
		}
		model.addAttribute("scores", this.scores.ofTrace(trace.id(), trace.spans()));
		List<SpanRow> spans = this.queries.spans(trace, MAX_SPANS);
		model.addAttribute("mostSpans", (spans.size() == MAX_SPANS) ? MAX_SPANS : null);
		if (!spans.isEmpty()) {
			Waterfall waterfall = Waterfall.of(spans, page, wanted);
			model.addAttribute("waterfall", waterfall);
			String opened = (wanted != null) ? wanted : waterfall.opened();
			model.addAttribute("opened", opened);
			model.addAttribute("detail", this.queries.detail(trace, opened));
		}
		return "trace";
	}

	/**
	 * The span is not part of the path, because its id may be any text, with slashes in
	 * it.
	 */
	@GetMapping("/traces/{id}/attribute")
	String attribute(@PathVariable String id, @RequestParam String span, @RequestParam String name, Model model) {
		TraceHead trace = this.queries.head(id);
		model.addAttribute("trace", trace);
		model.addAttribute("spanId", span);
		model.addAttribute("attribute", this.queries.attribute(trace, span, name));
		return "attribute";
	}

}
