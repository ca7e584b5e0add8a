package io.observatory.storage.sample.pages.traces;

import java.util.Set;

import io.observatory.storage.sample.pages.InvalidParameterException;
import io.observatory.storage.sample.pages.PageLink;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

/**
 * The conditions and the order of the list of traces; null means no condition.
 *
 * @param service the service of the trace
 * @param status {@code ok}, {@code error} or {@code unset}
 * @param model a model that was called in it
 * @param min least duration, in milliseconds
 * @param score a condition on a score of it, as {@link ScoreCondition} reads it
 * @param text part of the name of one of its spans, or its id
 * @param sort {@code newest} (also if null) or {@code slowest} first
 */
record TraceFilter(@Nullable String service, @Nullable String status, @Nullable String model, @Nullable Long min,
		@Nullable String score, @Nullable String text, @Nullable String sort) {

	/** 31 years, which is still a valid number of the database in microseconds. */
	private static final long MAX_MIN = 1_000_000_000_000L;

	private static final Set<String> STATUSES = Set.of("ok", "error", "unset");

	TraceFilter {
		service = blankToNull(service);
		status = blankToNull(status);
		model = blankToNull(model);
		score = blankToNull(score);
		text = blankToNull(text);
		sort = blankToNull(sort);
		check(status == null || STATUSES.contains(status), "status must be ok, error or unset.");
		check(min == null || (min >= 0 && min <= MAX_MIN), "min must be a number of milliseconds.");
		scoreCondition(score);
		check(sort == null || sort.equals("newest") || sort.equals("slowest"), "sort must be newest or slowest.");
	}

	private static @Nullable String blankToNull(@Nullable String text) {
		return (text == null || text.isBlank()) ? null : text.strip();
	}

	private static void check(boolean valid, String message) {
		if (!valid) {
			throw new InvalidParameterException(message);
		}
	}

	@Nullable ScoreCondition scoreCondition() {
		return scoreCondition(this.score);
	}

	private static @Nullable ScoreCondition scoreCondition(@Nullable String score) {
		return (score != null) ? ScoreCondition.parse(score) : null;
	}

	public boolean slowestFirst() {
		return "slowest".equals(this.sort);
	}

	/**
	 * Whether there is any condition.
	 */
	public boolean isSet() {
		return this.service != null || this.status != null || this.model != null || this.min != null
				|| this.score != null || this.text != null;
	}

	PageLink link(TimeRange range) {
		return range.link("/traces")
			.with("service", this.service)
			.with("status", this.status)
			.with("model", this.model)
			.with("min", this.min)
			.with("score", this.score)
			.with("q", this.text)
			.with("sort", slowestFirst() ? this.sort : null);
	}

}
