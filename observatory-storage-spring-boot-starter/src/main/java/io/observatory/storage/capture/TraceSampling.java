package io.observatory.storage.capture;

import io.observatory.storage.model.Ids;

/**
 * Which traces are kept. Immutable.
 * <p>
 * The decision depends on nothing but the trace id, so that every service that knows the
 * same ratio keeps the same traces, each as a whole; and what a smaller ratio keeps a
 * greater one keeps, too. It is OpenTelemetry's consistent probability sampling: a trace
 * is kept when the low 56 bits of its id, which W3C Trace Context level 2 wants to be
 * random, are not below the threshold {@code (1 - ratio) * 2^56}.
 */
public final class TraceSampling {

	private static final long RANGE = 1L << 56;

	private final long threshold;

	/**
	 * Keeps a part of all traces.
	 * @param ratio how large a part, from 0 (none) to 1 (all)
	 */
	public TraceSampling(double ratio) {
		if (!(ratio >= 0 && ratio <= 1)) {
			throw new IllegalArgumentException("The ratio of sampled traces must lie between 0 and 1");
		}
		this.threshold = RANGE - Math.round(ratio * RANGE);
	}

	/**
	 * Returns whether a trace is kept.
	 * @param traceId 32 hex digits, or any other text, which then counts by its digest
	 */
	public boolean keeps(String traceId) {
		return this.threshold == 0 || (Ids.trace(traceId).getLeastSignificantBits() & (RANGE - 1)) >= this.threshold;
	}

}
