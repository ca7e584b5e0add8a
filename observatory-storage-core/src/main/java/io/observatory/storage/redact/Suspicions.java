package io.observatory.storage.redact;

/**
 * What a text may hold, told in one pass by the characters in it: most texts hold nothing
 * to mask, and no masker needs to look at them. May suspect what is not there, but never
 * misses what a {@link Masker} would find.
 */
final class Suspicions {

	static final int EMAIL = 1;

	static final int CARD = 1 << 1;

	static final int BEARER = 1 << 2;

	static final int API_KEY = 1 << 3;

	static final int NAMED_VALUE = 1 << 4;

	private static final int DIGIT = 1;

	private static final int BETWEEN_DIGITS = 1 << 1;

	/** What keys are made of. */
	private static final int KEY = 1 << 2;

	private static final int AT = 1 << 3;

	private static final int PERCENT = 1 << 4;

	private static final int DOT = 1 << 5;

	private static final int BEFORE_VALUE = 1 << 6;

	/** The letters of "bearer" and "eyJ". */
	private static final int A = 1 << 7;

	private static final int B = 1 << 8;

	private static final int E = 1 << 9;

	private static final int R = 1 << 10;

	private static final int Y = 1 << 11;

	private static final int J = 1 << 12;

	private static final int[] CLASSES = classes();

	private Suspicions() {
	}

	private static int[] classes() {
		int[] classes = new int[128];
		for (char c = 0; c < classes.length; c++) {
			classes[c] = Masker.isAlphanumeric(c) ? KEY : 0;
		}
		add(classes, "0123456789", DIGIT);
		add(classes, " -", BETWEEN_DIGITS);
		add(classes, "_-.", KEY);
		add(classes, "@", AT);
		add(classes, "%", PERCENT);
		add(classes, ".", DOT);
		add(classes, "=:", BEFORE_VALUE);
		add(classes, "aA", A);
		add(classes, "bB", B);
		add(classes, "eE", E);
		add(classes, "rR", R);
		add(classes, "y", Y);
		add(classes, "J", J);
		return classes;
	}

	private static void add(int[] classes, String characters, int characterClass) {
		for (char c : characters.toCharArray()) {
			classes[c] |= characterClass;
		}
	}

	/**
	 * Returns the sum of the kinds that the text may hold, 0 if there is nothing to mask.
	 */
	static int of(String text) {
		int seen = 0;
		int digits = 0;
		int mostDigits = 0;
		int key = 0;
		int longestKey = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			int classes = (c < CLASSES.length) ? CLASSES[c] : 0;
			seen |= classes;
			digits = ((classes & (DIGIT | BETWEEN_DIGITS)) != 0) ? digits + (classes & DIGIT) : 0;
			mostDigits = Math.max(mostDigits, digits);
			key = ((classes & KEY) != 0) ? key + 1 : 0;
			longestKey = Math.max(longestKey, key);
		}
		return of(seen, mostDigits, longestKey);
	}

	private static int of(int seen, int mostDigits, int longestKey) {
		int suspicions = 0;
		if ((seen & (AT | PERCENT)) != 0 && has(seen, DOT)) {
			suspicions |= EMAIL;
		}
		if (mostDigits >= CardMasker.MIN_DIGITS) {
			suspicions |= CARD;
		}
		if (has(seen, B | E | A | R) || has(seen, E | Y | J | DOT)) {
			suspicions |= BEARER;
		}
		if (longestKey >= ApiKeyMasker.MIN_KEY_LENGTH && has(seen, DIGIT)) {
			suspicions |= API_KEY;
		}
		if (has(seen, BEFORE_VALUE)) {
			suspicions |= NAMED_VALUE;
		}
		return suspicions;
	}

	private static boolean has(int seen, int all) {
		return (seen & all) == all;
	}

}
