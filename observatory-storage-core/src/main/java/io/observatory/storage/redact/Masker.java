package io.observatory.storage.redact;

/**
 * Masks one kind of secret in a text, in one pass. Thread-safe.
 */
interface Masker {

	/**
	 * Returns which of {@link Suspicions} a text needs, for there to be anything to mask.
	 */
	int suspicion();

	/**
	 * Returns the text masked, or the text itself if there is nothing to mask.
	 */
	String mask(String text);

	/**
	 * Whether a character is a letter or digit of ASCII.
	 */
	static boolean isAlphanumeric(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c);
	}

	static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

}
