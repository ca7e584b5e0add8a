package io.observatory.storage.sample.pages.trace;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * The values of a trace as a whole.
 *
 * @param id its key
 * @param traceId its id, as it was sent
 * @param name name of its root span, or of its first span if there is no root
 * @param service the service
 * @param start when it started
 * @param duration microseconds, or null
 * @param status {@code ok}, {@code error} or {@code unset}
 * @param statusMessage the message of the status, or null
 * @param models models that were called in it
 * @param calls how many calls of models it has
 * @param tokens all their tokens, or null
 * @param cost US dollars, or null
 * @param conversations the ids of its conversations
 * @param spans when its spans start
 */
record TraceHead(UUID id, String traceId, @Nullable String name, String service, Instant start, @Nullable Long duration,
		String status, @Nullable String statusMessage, List<String> models, long calls, @Nullable Long tokens,
		@Nullable BigDecimal cost, List<String> conversations, SpanTimes spans) {

	private static final int MOST_CONVERSATIONS = 5;

	private static final Duration MARGIN = Duration.ofHours(1);

	/** The longest time that can be requested. */
	private static final Duration MOST_OF_ITS_LOGS = Duration.ofDays(365);

	/**
	 * The pages of its conversations, by their ids; of the first five.
	 */
	public Map<String, PageLink> conversationLinks() {
		Map<String, PageLink> links = new LinkedHashMap<>();
		this.conversations.stream().limit(MOST_CONVERSATIONS).forEach((id) -> links.put(id, Conversation.link(id)));
		return links;
	}

	/**
	 * Its page.
	 */
	public PageLink link() {
		return PageLink.to("/traces/" + key());
	}

	/**
	 * Its key in links: its id if that has 32 hexadecimal digits, else the derived id.
	 */
	public String key() {
		return this.id.toString().replace("-", "");
	}

	/**
	 * The link to its logs, including a little time before and after.
	 */
	public PageLink logs() {
		Instant end = this.start.plus(Objects.requireNonNullElse(this.duration, 0L), ChronoUnit.MICROS);
		Instant last = this.start.plus(MOST_OF_ITS_LOGS);
		return PageLink.to("/logs")
			.with("trace", this.traceId)
			.with("from", this.start.minus(MARGIN))
			.with("to", end.isBefore(last) ? end.plus(MARGIN) : last);
	}

}
