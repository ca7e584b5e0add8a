package io.observatory.storage.sample.pages.trace;

import java.util.List;

import io.observatory.storage.sample.pages.PageKey;
import io.observatory.storage.sample.pages.trace.Conversation.Turn;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Shows one conversation, which may be in several traces.
 */
@Controller
class ConversationController {

	private static final int PAGE = 20;

	private final ConversationQueries queries;

	private final ScoreQueries scores;

	ConversationController(ConversationQueries queries, ScoreQueries scores) {
		this.queries = queries;
		this.scores = scores;
	}

	@GetMapping("/conversations/{id}")
	String byPath(@PathVariable String id, @RequestParam(required = false) @Nullable String after, Model model) {
		return conversation(id, after, model);
	}

	/** An id may be any text, with slashes in it. */
	@GetMapping("/conversations")
	String conversation(@RequestParam String id, @RequestParam(required = false) @Nullable String after, Model model) {
		model.addAttribute("conversation", this.queries.conversation(id));
		model.addAttribute("scores", this.scores.ofConversation(id));
		List<Turn> found = this.queries.turns(id, PageKey.parse(after), PAGE + 1);
		List<Turn> turns = found.subList(0, Math.min(PAGE, found.size()));
		model.addAttribute("turns", turns);
		model.addAttribute("first", (after != null) ? Conversation.link(id) : null);
		model.addAttribute("next",
				(found.size() > PAGE) ? Conversation.link(id).with("after", turns.get(PAGE - 1).position()) : null);
		return "conversation";
	}

}
