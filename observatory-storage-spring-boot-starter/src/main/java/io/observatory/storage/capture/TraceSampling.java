package io.observatory.storage.capture;

import io.observatory.storage.model.Ids;

/**
 * Decides which traces are kept. Immutable.
 * <p>
 * The decision depends only on the trace id. So services with the same ratio keep the
 * same traces, each as a whole, and a larger ratio keeps everything that a smaller one
 * keeps. It is OpenTelemetry's consistent probability sampling: a trace is kept when the
 * low 56 bits of its id, which are random by W3C Trace Context level 2, are not below the
 * threshold {@code (1 - ratio) * 2^56}.
 */
public final class TraceSampling {

	private static final long RANGE = 1L << 56;

	private final long threshold;

	/**
	 * Keeps a share of all traces.
	 * @param ratio the share, from 0 (none) to 1 (all)
	 */
	public TraceSampling(double ratio) {
		if (!(ratio >= 0 && ratio <= 1)) {
			throw new IllegalArgumentException("The ratio of sampled traces must lie between 0 and 1");
		}
		this.threshold = RANGE - Math.round(ratio * RANGE);
	}

	/**
	 * Returns whether a trace is kept.
	 * @param traceId 32 hex digits, or any other text, whose digest is used
	 */
	public boolean keeps(String traceId) {
		return this.threshold == 0 || (Ids.trace(traceId).getLeastSignificantBits() & (RANGE - 1)) >= this.threshold;
	}

}
