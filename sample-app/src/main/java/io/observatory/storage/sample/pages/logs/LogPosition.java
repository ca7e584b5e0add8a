package io.observatory.storage.sample.pages.logs;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;

import io.observatory.storage.sample.pages.InvalidParameterException;
import org.jspecify.annotations.Nullable;

/**
 * A place in the order of log records, newest first. Records after it are older, or of
 * the same time with a smaller id.
 *
 * @param timestamp the time of the last record before it
 * @param id the id of this record
 */
record LogPosition(Instant timestamp, UUID id) {

	/** Later than any time of a record. */
	static final Instant END = Instant.parse("9999-12-31T23:59:59Z");

	private static final UUID SMALLEST = new UUID(0, 0);

	/**
	 * The place before all records that are older than a time.
	 */
	static LogPosition at(Instant timestamp) {
		return new LogPosition(timestamp, SMALLEST);
	}

	static @Nullable LogPosition parse(@Nullable String text) {
		if (text == null || text.isBlank()) {
			return null;
		}
		try {
			int separator = text.indexOf('_');
			Instant timestamp = Instant.parse(text.substring(0, separator));
			return new LogPosition(timestamp.isBefore(END) ? timestamp : END,
					UUID.fromString(text.substring(separator + 1)));
		}
		catch (DateTimeParseException | IllegalArgumentException | IndexOutOfBoundsException ex) {
			throw new InvalidParameterException("before must be what a link to older log records has there.");
		}
	}

	/**
	 * Its form in a URL.
	 */
	@Override
	public String toString() {
		return this.timestamp + "_" + this.id;
	}

}
