package io.observatory.storage.sample.pages.overview;

import java.time.Clock;

import io.observatory.storage.sample.pages.FirstSpan;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * The start page.
 */
@Controller
class OverviewController {

	private final OverviewQueries queries;

	private final Clock clock;

	OverviewController(OverviewQueries queries, Clock clock) {
		this.queries = queries;
		this.clock = clock;
	}

	@GetMapping("/")
	String overview(Model model) {
		if (!this.queries.isAnythingStored()) {
			model.addAttribute("first", FirstSpan.at(this.clock.instant()));
			return "overview-empty";
		}
		return "overview";
	}

}
