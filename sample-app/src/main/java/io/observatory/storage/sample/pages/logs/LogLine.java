package io.observatory.storage.sample.pages.logs;

import java.time.Instant;
import java.util.UUID;

import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * A log record as a line of a list.
 *
 * @param id its id
 * @param timestamp when it happened
 * @param severity its severity, if its number is known
 * @param severityText the severity in the words of its sender
 * @param text the beginning of its text; of an event without one, its name
 * @param service its service
 */
record LogLine(UUID id, Instant timestamp, @Nullable Severity severity, @Nullable String severityText,
		@Nullable String text, String service) {

	/**
	 * The text that is shown for its severity.
	 */
	public String level() {
		if (this.severity != null) {
			return this.severity.name();
		}
		return (this.severityText != null) ? this.severityText : "–";
	}

	/**
	 * The CSS class of its severity.
	 */
	public String tone() {
		return (this.severity != null) ? this.severity.key() : "";
	}

	LogPosition position() {
		return new LogPosition(this.timestamp, this.id);
	}

	/**
	 * The link to all that it says.
	 */
	public PageLink link() {
		return PageLink.to("/logs/record").with("service", this.service).with("at", this.timestamp).with("id", this.id);
	}

}
