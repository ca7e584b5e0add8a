package io.observatory.storage.sample.intake;

import java.util.Map;

/**
 * The answer to a request that was accepted.
 *
 * @param taken number of accepted records
 * @param rejected number of rejected records, by reason
 * @param message the first few different problems, or an empty text
 */
public record Answer(long taken, Map<RefusalReason, Long> rejected, String message) {

	/** Returns the number of rejected records. */
	public long rejectedRecords() {
		return this.rejected.values().stream().mapToLong(Long::longValue).sum();
	}

}
