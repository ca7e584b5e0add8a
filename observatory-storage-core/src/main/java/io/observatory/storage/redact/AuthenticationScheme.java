package io.observatory.storage.redact;

import java.util.Locale;

/**
 * A scheme of HTTP authentication (RFC 9110, section 11.1): a word, and a token after it.
 * The word is looked for in lower case, in capitals, and with a capital first.
 */
final class AuthenticationScheme {

	private final String lower;

	private final String upper;

	AuthenticationScheme(String name) {
		// the first letter is the one that both spellings of a word may have
		this.lower = name.substring(1);
		this.upper = name.substring(1).toUpperCase(Locale.ROOT);
	}

	/** Returns whether the word may stand in the text. */
	boolean isIn(String text) {
		return text.contains(this.lower) || text.contains(this.upper);
	}

	/** Returns the text with the scheme's tokens masked. */
	String mask(String text, String mask, Token token) {
		return mask(mask(text, mask, token, this.lower), mask, token, this.upper);
	}

	private static String mask(String text, String mask, Token token, String word) {
		Replacements replacements = new Replacements(text);
		int found = text.indexOf(word, 1);
		while (found >= 0) {
			int separator = found + word.length();
			int from = skipSeparators(text, separator);
			// a plus is a space in a query, and elsewhere a token may begin with one
			boolean separated = from > separator || text.startsWith("+", from);
			if (separated && Escapes.startsWord(text, found - 1)) {
				int end = tokenEnd(text, from);
				if (token.isSecret(text, found - 1, from, end)) {
					replacements.replace(from, end, mask);
					separator = end;
				}
			}
			found = text.indexOf(word, separator);
		}
		return replacements.result();
	}

	private static int skipSeparators(String text, int from) {
		int end = from;
		while (end < text.length() && (Character.isWhitespace(text.charAt(end)) || text.charAt(end) == ':')) {
			end++;
		}
		return text.startsWith("%20", end) ? end + "%20".length() : end;
	}

	/** Returns the end of what a token is made of: token68 of RFC 9110, section 11.2. */
	static int tokenEnd(String text, int from) {
		int end = from;
		while (end < text.length()
				&& (Masker.isAlphanumeric(text.charAt(end)) || "-._~+/=".indexOf(text.charAt(end)) >= 0)) {
			end++;
		}
		return end;
	}

	/** Tells a token from a word. */
	@FunctionalInterface
	interface Token {

		/**
		 * Returns whether the part of the text is secret, whose scheme starts at the
		 * index.
		 */
		boolean isSecret(String text, int scheme, int from, int to);

	}

}
