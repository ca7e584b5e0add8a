package io.observatory.storage.redact.text;

/**
 * Masks one kind of secret in a text, in time that grows with its length. Thread-safe.
 */
public interface Masker {

	/** What keys and tokens are made of beside letters and digits. */
	String MARKS = "_-.~+/=";

	/** Which characters of ASCII a token may have. */
	boolean[] TOKEN = tokens();

	private static boolean[] tokens() {
		boolean[] tokens = new boolean[128];
		for (char c = 0; c < tokens.length; c++) {
			tokens[c] = isAlphanumeric(c) || MARKS.indexOf(c) >= 0;
		}
		return tokens;
	}

	/**
	 * Returns the characters without which there is nothing to mask.
	 */
	Characters.Needs needs();

	/**
	 * Returns the text masked, or the text itself if there is nothing to mask.
	 */
	String mask(String text);

	/**
	 * Returns the text masked, of which the characters are known.
	 * @param seen what {@link Characters#of} says of the text
	 */
	default String mask(String text, long seen) {
		return mask(text);
	}

	/**
	 * Whether a character is a letter or digit of ASCII.
	 */
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

	/**
	 * Whether a key or token may have the character: token68 of RFC 9110, section 11.2.
	 */
	static boolean isToken(char c) {
		return c < TOKEN.length && TOKEN[c];
	}

	/**
	 * Returns the end of the token that starts at the index.
	 */
	static int tokenEnd(String text, int from) {
		int end = from;
		while (end < text.length() && isToken(text.charAt(end))) {
			end++;
		}
		return end;
	}

}
