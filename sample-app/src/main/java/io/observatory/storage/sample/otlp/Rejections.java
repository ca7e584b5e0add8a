package io.observatory.storage.sample.otlp;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.observatory.storage.sample.intake.RefusalReason;

/**
 * The records of a request that could not be taken: how many, and why. Not thread-safe.
 */
final class Rejections {

	private static final int MAX_MESSAGES = 5;

	private final Set<String> messages = new LinkedHashSet<>();

	private final Map<RefusalReason, Long> records = new EnumMap<>(RefusalReason.class);

	/**
	 * Counts records that could not be taken.
	 * @param records how many
	 * @param reason why
	 * @param message the same for their sender, without any content of theirs
	 */
	void add(long records, RefusalReason reason, String message) {
		this.records.merge(reason, records, Long::sum);
		if (this.messages.size() < MAX_MESSAGES) {
			this.messages.add(message);
		}
	}

	Map<RefusalReason, Long> records() {
		return this.records;
	}

	/** Returns the first few different messages. */
	String message() {
		return String.join("; ", this.messages);
	}

}
