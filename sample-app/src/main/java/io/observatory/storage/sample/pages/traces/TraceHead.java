package io.observatory.storage.sample.pages.traces;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * A trace as a whole.
 *
 * @param id its key
 * @param traceId its id, as it was sent
 * @param name name of its root span, as far as known
 * @param service the service
 * @param start when it started
 * @param duration microseconds, or null
 * @param status {@code ok}, {@code error} or {@code unset}
 * @param statusMessage what the status says, or null
 * @param models models that were called in it
 * @param calls how many calls of models it has
 * @param tokens all their tokens, or null
 * @param cost US dollars, or null
 */
record TraceHead(UUID id, String traceId, @Nullable String name, String service, Instant start, @Nullable Long duration,
		String status, @Nullable String statusMessage, List<String> models, long calls, @Nullable Long tokens,
		@Nullable BigDecimal cost) {

	/**
	 * Its page.
	 */
	public PageLink link() {
		return PageLink.to("/traces/" + key());
	}

	/**
	 * Its key in links: its id, where that is 32 hexadecimal digits; else what is derived
	 * from it.
	 */
	public String key() {
		return this.id.toString().replace("-", "");
	}

}
