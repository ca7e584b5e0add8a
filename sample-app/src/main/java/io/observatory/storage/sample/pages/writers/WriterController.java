package io.observatory.storage.sample.pages.writers;

import io.observatory.storage.sample.intake.IntakeStatistics;
import io.observatory.storage.sample.pages.PageLink;
import io.observatory.storage.sample.pages.TimeRange;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageRetention;
import io.observatory.storage.spring.StorageSchema;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Shows the writers, and runs operations on them after a confirmation. Their state comes
 * from memory and is shown even while the database is down.
 */
@Controller
class WriterController {

	private static final String PATH = "/writers";

	private final WriterControl control;

	private final WriterQueries queries;

	private final OperationResults results;

	private final StorageSchema schema;

	private final ObjectProvider<StoragePartitions> partitions;

	private final ObjectProvider<StorageRetention> retention;

	private final IntakeStatistics intake;

	WriterController(WriterControl control, WriterQueries queries, OperationResults results, StorageSchema schema,
			ObjectProvider<StoragePartitions> partitions, ObjectProvider<StorageRetention> retention,
			IntakeStatistics intake) {
		this.control = control;
		this.queries = queries;
		this.results = results;
		this.schema = schema;
		this.partitions = partitions;
		this.retention = retention;
		this.intake = intake;
	}

	/**
	 * The page. It reloads itself every two seconds, and then shows only the writers.
	 */
	@GetMapping(PATH)
	String writers(@ModelAttribute("range") TimeRange range, @RequestParam(required = false) @Nullable String result,
			@RequestHeader(name = "HX-Target", defaultValue = "") String target, Model model) {
		PageLink link = range.link(PATH);
		model.addAttribute("link", link);
		model.addAttribute("writers", this.control.views());
		if (!target.equals("writers")) {
			model.addAttribute("result", this.results.get(result));
			model.addAttribute("schema", this.schema.status());
			model.addAttribute("intake", this.intake.lines());
			model.addAttribute("problems", this.intake.problems());
			StoragePartitions known = this.partitions.getIfAvailable();
			model.addAttribute("ahead", (known != null) ? known.ahead() : null);
			StorageRetention ages = this.retention.getIfAvailable();
			model.addAttribute("retention", (ages != null) ? ages.status() : null);
			addStored(range, model);
		}
		return "writers";
	}

	private void addStored(TimeRange range, Model model) {
		try {
			model.addAttribute("letterCount", this.queries.letters());
			model.addAttribute("letters", this.queries.lastLetters(range));
			model.addAttribute("tables", this.queries.tables());
			model.addAttribute("lanes", this.queries.lanes());
			model.addAttribute("answers", true);
		}
		catch (DataAccessException ex) {
			model.addAttribute("answers", false);
		}
	}

	/**
	 * Asks for confirmation.
	 */
	@GetMapping(PATH + "/{name}/{operation}")
	String confirm(@PathVariable String name, @PathVariable String operation, Model model) {
		model.addAttribute("writer", this.control.view(name));
		model.addAttribute("operation", WriterOperation.parse(operation));
		return "writer-confirm";
	}

	@PostMapping(PATH + "/{name}/{operation}")
	String run(@PathVariable String name, @PathVariable String operation) {
		return redirect(this.control.run(name, WriterOperation.parse(operation)));
	}

	@GetMapping(PATH + "/dead-letters/replay")
	String confirmReplay(Model model) {
		model.addAttribute("most", WriterControl.MAX_REPLAYED);
		return "letters-confirm";
	}

	@PostMapping(PATH + "/dead-letters/replay")
	String replay() {
		return redirect(this.control.replay());
	}

	private String redirect(OperationResult result) {
		return "redirect:" + PageLink.to(PATH).with("result", this.results.add(result));
	}

}
