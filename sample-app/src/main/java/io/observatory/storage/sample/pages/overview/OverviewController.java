package io.observatory.storage.sample.pages.overview;

import java.time.Clock;

import io.observatory.storage.sample.pages.FirstSpan;
import io.observatory.storage.sample.pages.QueryBudget;
import io.observatory.storage.sample.pages.TimeRange;
import io.observatory.storage.sample.security.IntakeToken;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestHeader;

/**
 * The start page.
 */
@Controller
class OverviewController {

	private final OverviewQueries queries;

	private final Overviews overviews;

	private final Clock clock;

	private final IntakeToken token;

	OverviewController(OverviewQueries queries, Overviews overviews, Clock clock, IntakeToken token) {
		this.queries = queries;
		this.overviews = overviews;
		this.clock = clock;
		this.token = token;
	}

	@GetMapping("/")
	String overview(@ModelAttribute("range") TimeRange range,
			@RequestHeader(name = "HX-Trigger", defaultValue = "") String trigger, Model model) {
		if (!this.queries.isAnythingStored()) {
			model.addAttribute("first", FirstSpan.at(this.clock.instant(), this.token.secret() != null));
			return "overview-empty";
		}
		model.addAttribute("overview", this.overviews.of(range, QueryBudget.of(trigger).budget()));
		return "overview";
	}

}
