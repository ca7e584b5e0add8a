package io.observatory.storage.sample.pages.trace;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

import io.observatory.storage.model.Ids;
import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * All values of a span.
 *
 * @param row the span
 * @param kind its kind: server, client, producer, consumer or internal
 * @param status {@code ok}, {@code error} or {@code unset}
 * @param statusMessage the message of the status, or null
 * @param call its values as a call of a model, or null
 * @param attributes its attributes
 * @param resource the attributes of its resource
 * @param conversation its messages, to and from a model or a tool
 * @param scores what was thought of it
 * @param events its events
 * @param links its links to other spans
 * @param logs its log records
 */
record SpanDetail(SpanRow row, String kind, String status, @Nullable String statusMessage, @Nullable Call call,
		List<Attribute> attributes, List<Attribute> resource, List<Message> conversation, List<GivenScore> scores,
		List<Event> events, List<Link> links, List<Log> logs) {

	static final int MAX_EVENTS = 500;

	/**
	 * The number of events that are shown.
	 */
	public String eventCount() {
		return (this.events.size() < MAX_EVENTS) ? Integer.toString(this.events.size()) : "the first " + MAX_EVENTS;
	}

	/**
	 * A call of a model.
	 */
	record Call(String operation, @Nullable String provider, @Nullable String model, @Nullable Long inputTokens,
			@Nullable Long outputTokens, @Nullable Long cachedTokens, @Nullable Long reasoningTokens,
			@Nullable BigDecimal cost, @Nullable String costSource, @Nullable Long timeToFirstChunk,
			List<String> finishReasons, @Nullable String conversationId, @Nullable String userId,
			@Nullable String errorType) {

		/**
		 * The conversation's page.
		 */
		public @Nullable PageLink conversation() {
			return (this.conversationId != null) ? Conversation.link(this.conversationId) : null;
		}

	}

	/**
	 * An attribute.
	 *
	 * @param name its name
	 * @param value its value, or the beginning of a long one
	 * @param length the value's length, in characters
	 */
	record Attribute(String name, @Nullable String value, int length) {

		/**
		 * Whether the value is longer than what is shown.
		 */
		public boolean isCut() {
			return this.value != null && this.value.length() < this.length;
		}

	}

	/**
	 * Something that happened.
	 *
	 * @param name its name
	 * @param time its time, if it is a valid one
	 * @param attributes its attributes, as JSON
	 */
	record Event(@Nullable String name, @Nullable Instant time, @Nullable String attributes) {
	}

	/**
	 * A reference to another span.
	 */
	record Link(@Nullable String traceId, @Nullable String spanId, @Nullable String attributes) {

		/**
		 * The page of the trace, by its key, because its id may be any text.
		 */
		public @Nullable String path() {
			return (this.traceId != null) ? "/traces/" + Ids.trace(this.traceId).toString().replace("-", "") : null;
		}

	}

	/**
	 * A log record: the beginning of its text, or its event name.
	 */
	record Log(Instant time, @Nullable Integer severity, @Nullable String severityText, @Nullable String text) {
	}

}
