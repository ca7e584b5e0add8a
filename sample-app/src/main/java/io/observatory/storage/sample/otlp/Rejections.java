package io.observatory.storage.sample.otlp;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.observatory.storage.sample.intake.RefusalReason;

/**
 * The number of rejected records of a request, and the reasons. Not thread-safe.
 */
final class Rejections {

	private static final int MAX_MESSAGES = 5;

	private final Set<String> messages = new LinkedHashSet<>();

	private final Map<RefusalReason, Long> records = new EnumMap<>(RefusalReason.class);

	/**
	 * Counts rejected records.
	 * @param records how many
	 * @param reason why
	 * @param message the reason in words for their sender, without content
	 */
	void add(long records, RefusalReason reason, String message) {
		this.records.merge(reason, records, Long::sum);
		warn(message);
	}

	/** Tells the sender of a problem for which no record was rejected. */
	void warn(String message) {
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
