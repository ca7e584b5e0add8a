package io.observatory.storage.sample.pages.send;

import java.time.Clock;

import io.observatory.storage.sample.pages.FirstSpan;
import io.observatory.storage.sample.security.IntakeToken;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Shows where to send telemetry, with commands that can be run as they are.
 */
@Controller
class SendController {

	private final Clock clock;

	private final IntakeToken token;

	SendController(Clock clock, IntakeToken token) {
		this.clock = clock;
		this.token = token;
	}

	@GetMapping("/send")
	String send(Model model) {
		model.addAttribute("first", FirstSpan.at(this.clock.instant(), this.token.secret() != null));
		return "send";
	}

}
