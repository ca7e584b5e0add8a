package io.observatory.storage.sample.pages.logs;

import java.time.Instant;

import io.observatory.storage.model.Ids;
import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * All values of a log record.
 *
 * @param line its line, with the beginning of its text
 * @param body its whole text
 * @param observed when its collector observed it
 * @param traceId the trace it belongs to
 * @param spanId the span it belongs to
 * @param scopeName who logged, such as the logger's name
 * @param scopeVersion the version of this
 * @param attributes its attributes
 * @param scopeAttributes the attributes of the scope
 * @param resource what it comes from
 */
record LogDetails(LogLine line, @Nullable String body, @Nullable Instant observed, @Nullable String traceId,
		@Nullable String spanId, @Nullable String scopeName, @Nullable String scopeVersion, Attributes attributes,
		Attributes scopeAttributes, Attributes resource) {

	private static final String STACK_TRACE = "exception.stacktrace";

	public @Nullable String stackTrace() {
		return this.attributes.get(STACK_TRACE);
	}

	/**
	 * The attributes without the stack trace, which has a place of its own.
	 */
	public Attributes otherAttributes() {
		return this.attributes.without(STACK_TRACE);
	}

	public PageLink trace() {
		return PageLink.to("/traces/" + Ids.trace(String.valueOf(this.traceId)).toString().replace("-", ""));
	}

}
