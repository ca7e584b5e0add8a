package io.observatory.storage.sample.pages.trace;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.observatory.storage.sample.pages.PageKey;
import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * A conversation across traces, as far as known from its calls.
 *
 * @param id its id
 * @param calls how many calls of models there are
 * @param traces number of traces
 * @param first when the first one started
 * @param last when the last one started
 * @param tokens of all calls, or null if unknown
 * @param cost US dollars, or null if unknown
 * @param models the models
 * @param users the users
 */
record Conversation(String id, long calls, long traces, Instant first, Instant last, @Nullable Long tokens,
		@Nullable BigDecimal cost, List<String> models, List<String> users) {

	/**
	 * Its page. An id may be any text; if it is not safe in a path, it becomes a
	 * parameter.
	 */
	static PageLink link(String id) {
		return id.matches("[A-Za-z0-9_~-][A-Za-z0-9._~-]*") ? PageLink.to("/conversations/" + id)
				: PageLink.to("/conversations").with("id", id);
	}

	/**
	 * All of its calls.
	 */
	public PageLink callsLink() {
		return PageLink.to("/calls").with("conversation", this.id);
	}

	/**
	 * A call of it, what was said since the previous call, and what was thought of it.
	 */
	record Turn(String key, String spanId, PageKey position, Instant start, @Nullable Long duration,
			@Nullable String model, @Nullable Long tokens, @Nullable BigDecimal cost, boolean failed,
			List<Message> messages, List<GivenScore> scores) {

		/**
		 * The call's place in its trace.
		 */
		public PageLink link() {
			return PageLink.to("/traces/" + this.key).with("span", this.spanId);
		}

	}

}
