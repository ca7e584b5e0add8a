package io.observatory.storage.sample.pages.overview;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A number, and its change against the previous period.
 *
 * @param name what it is
 * @param value the formatted number
 * @param note a note, or null
 * @param change the formatted change; null if unknown
 * @param trend {@code better}, {@code worse}, or null if the change is neither
 */
record Tile(String name, String value, @Nullable String note, @Nullable String change, @Nullable String trend) {

	/**
	 * A number for which more is neither good nor bad.
	 */
	static Tile neutral(String name, String value, @Nullable Number now, @Nullable Number before) {
		return new Tile(name, value, null, change(now, before), null);
	}

	/**
	 * A number for which less is better.
	 */
	static Tile lessIsBetter(String name, String value, @Nullable Number now, @Nullable Number before) {
		String change = change(now, before);
		return new Tile(name, value, null, change, (change != null && now != null && before != null)
				? trend(now.doubleValue(), before.doubleValue()) : null);
	}

	/** A change of less than 5 % counts as none. */
	private static @Nullable String trend(double now, double before) {
		if (Math.abs(now - before) < 0.05 * before) {
			return null;
		}
		return (now < before) ? "better" : "worse";
	}

	Tile noting(String text) {
		return new Tile(this.name, this.value, text, this.change, this.trend);
	}

	private static @Nullable String change(@Nullable Number now, @Nullable Number before) {
		if (now == null || before == null || before.doubleValue() == 0) {
			return null;
		}
		double percent = (now.doubleValue() / before.doubleValue() - 1) * 100;
		if (Math.abs(percent) < 0.5) {
			return "as before";
		}
		return (percent < 1000) ? String.format(Locale.ROOT, "%+.0f %%", percent)
				: String.format(Locale.ROOT, "× %.0f", percent / 100 + 1);
	}

}
