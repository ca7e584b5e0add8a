package io.observatory.storage.sample.mapping;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The records of a request that cannot be stored: how many, and why. Not thread-safe.
 */
public final class Rejections {

	private static final int MAX_REASONS = 5;

	private final Set<String> reasons = new LinkedHashSet<>();

	private long count;

	/**
	 * Counts records that cannot be stored.
	 * @param records how many; 0 for a remark on what could be stored nevertheless
	 * @param reason why, without any content of theirs
	 */
	public void add(long records, String reason) {
		this.count += records;
		if (this.reasons.size() < MAX_REASONS) {
			this.reasons.add(reason);
		}
	}

	/**
	 * Adds a record to the collection, or counts it if it is a bad one.
	 */
	<T> void addUnlessBad(Collection<T> records, Supplier<T> mapping) {
		try {
			records.add(mapping.get());
		}
		catch (BadRecordException ex) {
			add(1, ex.getMessage());
		}
	}

	/**
	 * Returns how many records cannot be stored.
	 */
	public long count() {
		return this.count;
	}

	/**
	 * Returns whether there is nothing to say.
	 */
	public boolean isEmpty() {
		return this.reasons.isEmpty();
	}

	/**
	 * Returns the first few different reasons.
	 */
	public String message() {
		return String.join("; ", this.reasons);
	}

}
