package io.observatory.storage.sample.pages.send;

import java.time.Clock;

import io.observatory.storage.sample.pages.FirstSpan;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Shows where to send telemetry, with commands that can be run as they are.
 */
@Controller
class SendController {

	private final Clock clock;

	SendController(Clock clock) {
		this.clock = clock;
	}

	@GetMapping("/send")
	String send(Model model) {
		model.addAttribute("first", FirstSpan.at(this.clock.instant()));
		return "send";
	}

}
