package io.observatory.storage.redact;

/**
 * Masks one kind of secret in a text, in one pass. Thread-safe.
 */
interface Masker {

	/**
	 * Returns which kind {@link SecretPrefilter} must suspect in a text, for there to be
	 * anything to mask.
	 */
	int suspicion();

	/** Returns the text masked, or the text itself if there is nothing to mask. */
	String mask(String text);

	/** Whether a character is a letter or digit of ASCII. */
	static boolean isAlphanumeric(char c) {
		return isLetter(c) || isDigit(c);
	}

	static boolean isLetter(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	}

	static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	static boolean isHex(char c) {
		return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
	}

}
