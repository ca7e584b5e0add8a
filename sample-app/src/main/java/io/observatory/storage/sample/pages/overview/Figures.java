package io.observatory.storage.sample.pages.overview;

import java.math.BigDecimal;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The figures of some calls: all of a time, of a bucket, of a model, of a model in a
 * bucket.
 *
 * @param bucket start of the bucket, or null
 * @param group name of the model (of the service, for requests); null for all of them, as
 * for those that have none
 * @param calls how many
 * @param failed how many of them failed
 * @param p50 median of the duration in microseconds; null if none has ended
 * @param p95 95th percentile, in microseconds
 * @param p99 99th percentile, in microseconds
 * @param tokens all their tokens, as far as known
 * @param cost US dollars, as far as known
 */
record Figures(@Nullable Instant bucket, @Nullable String group, long calls, long failed, @Nullable Long p50,
		@Nullable Long p95, @Nullable Long p99, @Nullable Long tokens, @Nullable BigDecimal cost) {

	static final Figures NONE = new Figures(null, null, 0, 0, null, null, null, null, null);

	/**
	 * The share that failed, from 0 to 1; null if there are no calls.
	 */
	public @Nullable Double errorRate() {
		return (this.calls == 0) ? null : (double) this.failed / this.calls;
	}

}
