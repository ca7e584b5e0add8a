package io.observatory.storage.row;

import java.time.Duration;

/**
 * What is done at the door about input that PostgreSQL would refuse or alter. Whatever is
 * replaced or cut is counted.
 *
 * @param characters NUL and lone surrogates in text and JSON: {@code REPLACE} puts U+FFFD
 * @param nonFinite NaN and infinities in JSON, and numbers beyond {@code numeric}:
 * {@code REPLACE} makes them strings
 * @param oversized text and JSON beyond their bound: {@code REPLACE} cuts the largest
 * values, with a marker
 * @param maxTextBytes the largest text column in bytes of UTF-8
 * @param maxJsonBytes the largest JSON column in bytes of UTF-8
 * @param maxJsonDepth how deep JSON may be nested
 * @param maxAhead how far in the future a time may lie
 */
public record InputPolicy(Action characters, Action nonFinite, Action oversized, int maxTextBytes, int maxJsonBytes,
		int maxJsonDepth, Duration maxAhead) {

	/** The longest name of a service, metric, span or event, in characters. */
	public static final int MAX_NAME_LENGTH = 255;

	/** The longest id, in characters. */
	public static final int MAX_ID_LENGTH = 128;

	/** Replaces and cuts; 1 MiB; 256 deep; 7 days ahead. */
	public static final InputPolicy DEFAULT = new InputPolicy(Action.REPLACE, Action.REPLACE, Action.REPLACE, 1 << 20,
			1 << 20, 256, Duration.ofDays(7));

	public InputPolicy {
		check(maxTextBytes >= 64, "maxTextBytes", "at least 64");
		check(maxJsonBytes >= 64, "maxJsonBytes", "at least 64");
		check(maxJsonDepth >= 1 && maxJsonDepth <= 400, "maxJsonDepth", "from 1 to 400");
		check(!maxAhead.isNegative() && maxAhead.toDays() <= 13, "maxAhead",
				"from 0 to 13 days, as there are partitions for 14");
	}

	private static void check(boolean valid, String name, String bounds) {
		if (!valid) {
			throw new IllegalArgumentException(name + " must be " + bounds);
		}
	}

	/** What to do with input that cannot be stored as it is. */
	public enum Action {

		/** Refuse the record with an exception. */
		REJECT,

		/** Store a replacement, and count it. */
		REPLACE

	}

}
