package io.observatory.storage.sample.pages.logs;

import io.observatory.storage.model.Ids;
import io.observatory.storage.sample.pages.InvalidParameterException;
import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * A filter of log records.
 *
 * @param text a part of their text, in upper or lower case; null for any
 * @param severity the least severity; null for any, and for records without one
 * @param service their service; null for all
 * @param traceId the trace they belong to; null for any or none
 */
record LogFilter(@Nullable String text, @Nullable Severity severity, @Nullable String service,
		@Nullable String traceId) {

	static final int MAX_TEXT = 500;

	/**
	 * Reads the parameters of a page.
	 * @throws InvalidParameterException saying what is wrong
	 */
	static LogFilter of(@Nullable String text, @Nullable String severity, @Nullable String service,
			@Nullable String traceId) {
		String trace = given(traceId);
		return new LogFilter(given(text), Severity.parse(severity), given(service),
				(trace != null) ? Ids.traceId(trace) : null);
	}

	private static @Nullable String given(@Nullable String parameter) {
		if (parameter == null || parameter.isBlank()) {
			return null;
		}
		if (parameter.length() > MAX_TEXT) {
			throw new InvalidParameterException("What is searched for may be " + MAX_TEXT + " characters at most.");
		}
		return parameter.strip();
	}

	public boolean isEmpty() {
		return this.text == null && this.severity == null && this.service == null && this.traceId == null;
	}

	/**
	 * Whether many records may have to be read to find one, because no index has the text
	 * or the severity.
	 */
	boolean isSearch() {
		return this.traceId == null && (this.text != null || this.severity != null);
	}

	/**
	 * The text as a pattern of LIKE, escaped so that it matches only itself.
	 */
	@Nullable String pattern() {
		return (this.text != null) ? "%" + this.text.replaceAll("[\\\\%_]", "\\\\$0") + "%" : null;
	}

	PageLink addTo(PageLink link) {
		return link.with("q", this.text)
			.with("severity", (this.severity != null) ? this.severity.key() : null)
			.with("service", this.service)
			.with("trace", this.traceId);
	}

}
