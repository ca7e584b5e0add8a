package io.observatory.storage.row;

import java.time.Instant;
import java.time.LocalDate;

/**
 * Writes times as {@link Instant#toString()} does, into an array that is reused.
 */
final class IsoTime {

	private static final long MAX_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

	private static final int SECONDS_PER_DAY = 86_400;

	private final char[] text = new char["2000-01-01T00:00:00.123456789Z".length()];

	private int length;

	static String text(Instant time) {
		if (!takes(time)) {
			return time.toString();
		}
		IsoTime iso = new IsoTime();
		return new String(iso.write(time), 0, iso.length());
	}

	/** Adds a time that is not before 1970 to a text. */
	void append(long epochSecond, int nano, StringBuilder to) {
		to.append(write(epochSecond, nano), 0, this.length);
	}

	/** Returns whether the time has a year of four digits; others it does not write. */
	static boolean takes(Instant time) {
		return time.getEpochSecond() >= 0 && time.getEpochSecond() <= MAX_SECOND;
	}

	char[] write(Instant time) {
		return write(time.getEpochSecond(), time.getNano());
	}

	private char[] write(long epochSecond, int nano) {
		this.length = 0;
		LocalDate date = LocalDate.ofEpochDay(epochSecond / SECONDS_PER_DAY);
		int second = (int) (epochSecond % SECONDS_PER_DAY);
		digits(date.getYear(), 4, '-');
		digits(date.getMonthValue(), 2, '-');
		digits(date.getDayOfMonth(), 2, 'T');
		digits(second / 3600, 2, ':');
		digits(second / 60 % 60, 2, ':');
		digits(second % 60, 2, (nano == 0) ? 'Z' : '.');
		if (nano % 1_000_000 == 0 && nano != 0) {
			digits(nano / 1_000_000, 3, 'Z');
		}
		else if (nano % 1000 == 0 && nano != 0) {
			digits(nano / 1000, 6, 'Z');
		}
		else if (nano != 0) {
			digits(nano, 9, 'Z');
		}
		return this.text;
	}

	/** Returns how long the text that was written is. */
	int length() {
		return this.length;
	}

	private void digits(int number, int count, char after) {
		for (int i = this.length + count - 1; i >= this.length; i--) {
			this.text[i] = (char) ('0' + number % 10);
			number /= 10;
		}
		this.length += count;
		this.text[this.length++] = after;
	}

}
