package io.observatory.storage.redact;

/**
 * What a text may hold, told in one pass by the characters in it: most texts hold nothing
 * to mask, and no masker needs to look at them. May suspect what is not there, but never
 * misses what a {@link Masker} would find.
 */
final class SecretPrefilter {

	static final int EMAIL = 1;

	static final int CARD = 1 << 1;

	static final int BEARER = 1 << 2;

	static final int API_KEY = 1 << 3;

	static final int NAMED_VALUE = 1 << 4;

	static final int BASIC = 1 << 5;

	static final int JWT = 1 << 6;

	static final int URL_PASSWORD = 1 << 7;

	static final int PRIVATE_KEY = 1 << 8;

	static final int SPOKEN_VALUE = 1 << 10;

	/** In JSON an escape may stand for any character. */
	static final int ESCAPE = 1 << 9;

	private static final int DIGIT = 1;

	private static final int BETWEEN_DIGITS = 1 << 1;

	/** What keys are made of. */
	private static final int KEY = 1 << 2;

	private static final int AT = 1 << 3;

	private static final int PERCENT = 1 << 4;

	private static final int DOT = 1 << 5;

	private static final int COLON = 1 << 6;

	private static final int OTHER_BEFORE_VALUE = 1 << 7;

	private static final int DASH = 1 << 8;

	private static final int SLASH = 1 << 9;

	private static final int BACKSLASH = 1 << 10;

	private static final int CAPITAL = 1 << 11;

	/** The letters of "bearer", "basic" and "eyJ". */
	private static final int A = 1 << 12;

	private static final int B = 1 << 13;

	private static final int C = 1 << 14;

	private static final int E = 1 << 15;

	private static final int I = 1 << 16;

	private static final int J = 1 << 17;

	private static final int R = 1 << 18;

	private static final int S = 1 << 19;

	private static final int[] CLASSES = classes();

	private SecretPrefilter() {
	}

	private static int[] classes() {
		int[] classes = new int[128];
		for (char c = 0; c < classes.length; c++) {
			classes[c] = Masker.isAlphanumeric(c) ? KEY : 0;
		}
		add(classes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", CAPITAL);
		add(classes, "0123456789", DIGIT);
		add(classes, " -", BETWEEN_DIGITS);
		add(classes, ApiKeyMasker.MARKS, KEY);
		add(classes, "@", AT);
		add(classes, "%", PERCENT);
		add(classes, ".", DOT);
		add(classes, ":", COLON);
		add(classes, "=>", OTHER_BEFORE_VALUE);
		add(classes, "-", DASH);
		add(classes, "/", SLASH);
		add(classes, "\\", BACKSLASH);
		add(classes, "aA", A);
		add(classes, "bB", B);
		add(classes, "cC", C);
		add(classes, "eE", E);
		add(classes, "iI", I);
		add(classes, "J", J);
		add(classes, "rR", R);
		add(classes, "sS", S);
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
		return of(seen, mostDigits, longestKey) | words(text, seen);
	}

	private static int of(int seen, int mostDigits, int longestKey) {
		int suspicions = 0;
		if ((seen & (AT | PERCENT)) != 0 && has(seen, DOT)) {
			suspicions |= EMAIL;
		}
		if (mostDigits >= CardMasker.MIN_DIGITS) {
			suspicions |= CARD;
		}
		if (longestKey >= ApiKeyMasker.MIN_KEY_LENGTH && (seen & (DIGIT | CAPITAL)) != 0) {
			suspicions |= API_KEY;
		}
		if ((seen & (COLON | OTHER_BEFORE_VALUE | PERCENT)) != 0) {
			suspicions |= NAMED_VALUE;
		}
		if (has(seen, AT | COLON | SLASH)) {
			suspicions |= URL_PASSWORD;
		}
		return has(seen, BACKSLASH) ? suspicions | ESCAPE : suspicions;
	}

	private static int words(String text, int seen) {
		int suspicions = 0;
		if (has(seen, DOT | J) && text.contains(JsonWebTokenMasker.START)) {
			suspicions |= JWT;
		}
		if (has(seen, DASH | B | E | I) && text.contains(PrivateKeyMasker.BEGIN)) {
			suspicions |= PRIVATE_KEY;
		}
		if (has(seen, DASH) && text.contains(NamedValueMasker.OPTION)) {
			suspicions |= NAMED_VALUE;
		}
		if (has(seen, DIGIT | I | S) && text.contains(SpokenValueMasker.IS)) {
			suspicions |= SPOKEN_VALUE;
		}
		if (has(seen, B | E | A | R) && BearerMasker.SCHEME.isIn(text)) {
			suspicions |= BEARER;
		}
		if (has(seen, B | A | S | I | C) && BasicMasker.SCHEME.isIn(text)) {
			suspicions |= BASIC;
		}
		return suspicions;
	}

	private static boolean has(int seen, int all) {
		return (seen & all) == all;
	}

}
