package io.observatory.storage.sample.intake;

import java.util.Map;

/**
 * What became of a request that was taken.
 *
 * @param taken how many records were taken
 * @param rejected how many could not be, by reason
 * @param message the first few different problems, or an empty text
 */
public record Answer(long taken, Map<RefusalReason, Long> rejected, String message) {

	/** Returns how many records could not be taken. */
	public long rejectedRecords() {
		return this.rejected.values().stream().mapToLong(Long::longValue).sum();
	}

}
