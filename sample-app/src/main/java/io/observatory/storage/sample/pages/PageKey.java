package io.observatory.storage.sample.pages;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a page of the list begins or ends: the place of a row in the order, which does
 * not change when traces arrive.
 *
 * @param value what it is sorted by: microseconds of the start or of the duration
 * @param id the trace, if several have the same value
 */
public record PageKey(long value, UUID id) implements Comparable<PageKey> {

	/** As PostgreSQL orders UUIDs: by their bytes. */
	private static final Comparator<UUID> BY_BYTES = Comparator
		.comparing(UUID::getMostSignificantBits, Long::compareUnsigned)
		.thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

	/** The list begins with the newest, or with the slowest. */
	private static final Comparator<PageKey> IN_THE_LIST = Comparator.comparingLong(PageKey::value)
		.thenComparing(PageKey::id, BY_BYTES)
		.reversed();

	private static final UUID SMALLEST = new UUID(0, 0);

	private static final Pattern FORMAT = Pattern
		.compile("(-?\\d{1,18})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

	public static @Nullable PageKey parse(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			return null;
		}
		Matcher matcher = FORMAT.matcher(text);
		if (!matcher.matches()) {
			throw new InvalidParameterException("The key of the page is not one. Start from the first page.");
		}
		return new PageKey(Long.parseLong(matcher.group(1)), UUID.fromString(matcher.group(2)));
	}

	/**
	 * The key before all traces that started before a time, when the newest are first.
	 */
	public static PageKey olderThan(Instant time) {
		return new PageKey(ChronoUnit.MICROS.between(Instant.EPOCH, time), SMALLEST);
	}

	/**
	 * Whether it is such a time, and not the key of a trace.
	 */
	public boolean isTime() {
		return this.id.equals(SMALLEST);
	}

	/**
	 * When the trace started, if the newest are first.
	 */
	public Instant startTime() {
		return Instant.EPOCH.plus(this.value, ChronoUnit.MICROS);
	}

	@Override
	public int compareTo(PageKey other) {
		return IN_THE_LIST.compare(this, other);
	}

	/**
	 * The trace as 32 hexadecimal digits: its id if it has that form, else the derived
	 * id.
	 */
	public String hex() {
		return this.id.toString().replace("-", "");
	}

	@Override
	public String toString() {
		return this.value + "_" + this.id;
	}

}
