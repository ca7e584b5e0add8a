package io.observatory.storage.actuate;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.deadletter.DeadLetterQueue;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.convert.DurationStyle;

/**
 * What the endpoint shows of the dead letters and does with them. It shows counts and
 * reasons only, never the content of a letter.
 */
final class DeadLetterOperations {

	private static final int DEFAULT_LIMIT = 1000;

	/** The maximum of a request, because a client waits for the answer. */
	private static final int MAX_LIMIT = 10_000;

	private static final Duration MAX_AGE = Duration.ofDays(36_500);

	private final DeadLetterQueue letters;

	private final Clock clock;

	DeadLetterOperations(DeadLetterQueue letters, Clock clock) {
		this.letters = letters;
		this.clock = clock;
	}

	WebEndpointResponse<Object> show() {
		return Responses.of(() -> new Report(this.letters.count(), this.letters.counts()));
	}

	WebEndpointResponse<Object> run(Request request) {
		return Responses.of(() -> switch (String.valueOf(request.action())) {
			case "replay" -> replay(request);
			case "purge" -> new Purge(this.letters.purge(this.clock.instant().minus(age(request))));
			default -> throw new IllegalArgumentException("action must be replay or purge");
		});
	}

	private DeadLetterQueue.Replay replay(Request request) {
		int limit = limit(request);
		if (request.id() == null) {
			return (request.table() != null) ? this.letters.replay(request.table(), limit) : this.letters.replay(limit);
		}
		if (request.table() != null) {
			throw new IllegalArgumentException("give id or table, not both");
		}
		return this.letters.replay(id(request.id()));
	}

	private static int limit(Request request) {
		String limit = request.limit();
		if (limit == null) {
			return DEFAULT_LIMIT;
		}
		int value = limit.matches("[0-9]{1,9}") ? Integer.parseInt(limit) : 0;
		if (value < 1 || value > MAX_LIMIT) {
			throw new IllegalArgumentException("limit must be a whole number between 1 and " + MAX_LIMIT);
		}
		return value;
	}

	private static UUID id(String id) {
		try {
			return UUID.fromString(id);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("id must be a UUID", ex);
		}
	}

	private static Duration age(Request request) {
		Duration age = (request.olderThan() != null) ? duration(request.olderThan()) : null;
		if (age == null || age.isNegative() || age.compareTo(MAX_AGE) > 0) {
			throw new IllegalArgumentException(
					"olderThan must be a duration such as 30d, at most " + MAX_AGE.toDays() + "d");
		}
		return age;
	}

	/**
	 * A unit is required: a number alone would mean milliseconds, and delete too much.
	 */
	private static @Nullable Duration duration(String text) {
		try {
			return text.matches("[-+]?\\d*") ? null : DurationStyle.detectAndParse(text);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			return null;
		}
	}

	/**
	 * The values of a request.
	 *
	 * @param action replay or purge
	 * @param table for replay: the table whose letters are replayed, or null for all
	 * @param id for replay: the id of a single letter, or null
	 * @param limit for replay: the maximum number of letters, or null for the default
	 * @param olderThan for purge: the minimum age of the letters
	 */
	record Request(@Nullable String action, @Nullable String table, @Nullable String id, @Nullable String limit,
			@Nullable String olderThan) {

	}

	/**
	 * The dead letters.
	 *
	 * @param count How many there are.
	 * @param counts How many there are of each kind, the most frequent first.
	 */
	record Report(long count, List<DeadLetterQueue.Count> counts) {

	}

	/**
	 * A purge.
	 *
	 * @param purged How many letters were deleted.
	 */
	record Purge(long purged) {

	}

}
