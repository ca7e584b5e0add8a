package io.observatory.storage.redact.text;

import java.util.Arrays;

/**
 * The characters that a text is made of, as a set of bits: letters one by one, digits,
 * some marks, and all others. Most texts lack a character of every secret, and no
 * {@link Masker} needs to look at them.
 */
public final class Characters {

	private static final char DIGIT = '0';

	private static final String MARKS = "@%.:=-\"'>/\\(<{~*&_";

	/** Capitals that no mark of a secret needs to be told from another. */
	private static final String ALIKE = "FHLMOUWXZ";

	/** What every other character counts as. */
	private static final long OTHER = 1L << 63;

	private static final long[] BITS = bits();

	private static final long LETTERS = of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

	private Characters() {
	}

	/** One for nearly each letter and mark, one for digits, and one for all else. */
	private static long[] bits() {
		long[] bits = new long[128];
		int next = 0;
		Arrays.fill(bits, OTHER);
		for (char c = 'A'; c <= 'z'; c++) {
			bits[c] = (Masker.isLetter(c) && ALIKE.indexOf(c) < 0) ? 1L << next++ : OTHER;
		}
		for (char c : MARKS.toCharArray()) {
			// two kinds of quotes are one
			bits[c] = 1L << ((c == '\'') ? next - 1 : next++);
		}
		for (char c = DIGIT; c <= '9'; c++) {
			bits[c] = 1L << next;
		}
		next++;
		for (char c : ALIKE.toCharArray()) {
			bits[c] = 1L << next;
		}
		return bits;
	}

	/** Returns the set of the characters in a text. */
	public static long of(String text) {
		long seen = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			seen |= (c < BITS.length) ? BITS[c] : OTHER;
		}
		return seen;
	}

	/**
	 * Returns whether a set holds nothing but letters.
	 */
	public static boolean areLetters(long seen) {
		return (seen & ~LETTERS) == 0;
	}

	/**
	 * Returns whether a backslash is in a set.
	 */
	public static boolean hasEscape(long seen) {
		return (seen & BITS['\\']) != 0;
	}

	/**
	 * What a text needs to have for a masker to find anything.
	 *
	 * @param all the characters of which none may be missing
	 * @param any those of which one must be there
	 */
	public record Needs(long all, long any) {

		private static final long ANY = -1;

		public static Needs all(String characters) {
			return new Needs(of(characters), ANY);
		}

		static Needs any(String characters) {
			return new Needs(0, of(characters));
		}

		Needs and(Needs other) {
			return new Needs(this.all | other.all, this.any & other.any);
		}

		public boolean areIn(long seen) {
			return (seen & this.all) == this.all && (seen & this.any) != 0;
		}

	}

}
