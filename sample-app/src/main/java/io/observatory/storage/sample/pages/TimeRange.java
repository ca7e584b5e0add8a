package io.observatory.storage.sample.pages;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The time that a page shows, and how it is cut into the buckets of its charts.
 *
 * @param from first instant
 * @param to first instant after it
 * @param name its name in the list of choices, such as {@code 1h}; null if its ends were
 * given
 */
public record TimeRange(Instant from, Instant to, @Nullable String name) {

	/**
	 * The choices: the last quarter of an hour, and so on.
	 */
	public static final Map<String, Duration> CHOICES = choices();

	static final String DEFAULT = "1h";

	/** The origin of buckets: a Monday, so that weeks begin on a Monday. */
	private static final Instant ORIGIN = Instant.parse("2001-01-01T00:00:00Z");

	private static final Duration LONGEST = Duration.ofDays(366);

	/** Times further away are mistakes, and not every type can represent them. */
	private static final Instant EARLIEST = Instant.EPOCH;

	private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

	private static final int MAX_BUCKETS = 90;

	private static final List<Duration> STEPS = List.of(Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(30),
			Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofMinutes(10),
			Duration.ofMinutes(15), Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofHours(2),
			Duration.ofHours(3), Duration.ofHours(6), Duration.ofHours(12), Duration.ofDays(1), Duration.ofDays(7));

	public TimeRange {
		if (!from.isBefore(to)) {
			throw new InvalidParameterException("from must be before to.");
		}
		if (Duration.between(from, to).compareTo(LONGEST) > 0) {
			throw new InvalidParameterException("From from to to may be 366 days at most.");
		}
	}

	private static Map<String, Duration> choices() {
		Map<String, Duration> choices = new LinkedHashMap<>();
		choices.put("15m", Duration.ofMinutes(15));
		choices.put("1h", Duration.ofHours(1));
		choices.put("6h", Duration.ofHours(6));
		choices.put("24h", Duration.ofHours(24));
		choices.put("7d", Duration.ofDays(7));
		choices.put("30d", Duration.ofDays(30));
		return Collections.unmodifiableMap(choices);
	}

	/**
	 * Reads the parameters of a page.
	 * @throws InvalidParameterException saying what is wrong
	 */
	static TimeRange of(@Nullable String range, @Nullable String from, @Nullable String to, Instant now) {
		if (from != null && !from.isBlank()) {
			Instant end = (to != null && !to.isBlank()) ? instant("to", to) : now;
			return new TimeRange(instant("from", from), end, null);
		}
		return last((range != null && !range.isBlank()) ? range : DEFAULT, now);
	}

	/**
	 * The time until now. It starts with a whole bucket, so it may be up to one bucket
	 * longer than its name says.
	 */
	private static TimeRange last(String name, Instant now) {
		Duration length = CHOICES.get(name);
		if (length == null) {
			throw new InvalidParameterException("range must be one of " + String.join(", ", CHOICES.keySet()) + ".");
		}
		return new TimeRange(bucketOf(now.minus(length), step(length)), now, name);
	}

	private static Instant instant(String name, String text) {
		try {
			Instant time = (text.endsWith("Z") || text.lastIndexOf('+') > 0) ? OffsetDateTime.parse(text).toInstant()
					: LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
			if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
				throw new InvalidParameterException(name + " must be a time after 1970 and before 9999.");
			}
			// as precise as the database
			return time.truncatedTo(ChronoUnit.MICROS);
		}
		catch (DateTimeParseException ex) {
			throw new InvalidParameterException(name + " must be a time such as 2026-11-27T09:30:00Z.");
		}
	}

	public Duration length() {
		return Duration.between(this.from, this.to);
	}

	/**
	 * The period of the same length just before.
	 */
	public TimeRange previous() {
		return new TimeRange(this.from.minus(length()), this.from, null);
	}

	/**
	 * The width of a bucket: a round one, such that there are at most about
	 * {@value #MAX_BUCKETS}.
	 */
	public Duration step() {
		return step(length());
	}

	private static Duration step(Duration length) {
		// The start is moved to that of a bucket, so the number is approximate.
		Duration atLeast = length.dividedBy(MAX_BUCKETS + 1);
		return STEPS.stream().filter((step) -> step.compareTo(atLeast) >= 0).findFirst().orElse(Duration.ofDays(7));
	}

	/**
	 * The starts of the buckets that cover it, as {@code date_bin(step, time, origin)}
	 * has them.
	 */
	public List<Instant> buckets() {
		Duration step = step();
		return Stream
			.iterate(bucketOf(this.from, step), (start) -> start.isBefore(this.to), (start) -> start.plus(step))
			.toList();
	}

	/**
	 * What {@code date_bin} counts from.
	 */
	public static Instant origin() {
		return ORIGIN;
	}

	/**
	 * The start of the bucket of a width that a time is in.
	 */
	public static Instant bucketOf(Instant time, Duration step) {
		long seconds = time.getEpochSecond() - ORIGIN.getEpochSecond();
		return ORIGIN.plusSeconds(Math.floorDiv(seconds, step.toSeconds()) * step.toSeconds());
	}

	/**
	 * A link to a page with this range.
	 */
	public PageLink link(String path) {
		PageLink link = PageLink.to(path);
		if (this.name == null) {
			return link.with("from", this.from).with("to", this.to);
		}
		return this.name.equals(DEFAULT) ? link : link.with("range", this.name);
	}

}
