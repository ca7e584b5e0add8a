package io.observatory.storage.redact.text;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Masks the token after the name of a scheme of HTTP authentication (RFC 9110, section
 * 11.1): Bearer, or Basic with a name and a password in base64. The name is looked for in
 * lower case, in capitals, and with a capital first.
 */
public final class AuthenticationMasker implements Masker {

	private static final String BEARER = "bearer";

	private static final String BASIC = "basic";

	private static final int MIN_BEARER_LENGTH = 8;

	/** What prose has after the word bearer. */
	private static final Set<String> WORDS = Set.of("authentication", "authorization", "certificate", "certificates",
			"challenge", "credential", "credentials", "expired", "header", "headers", "instrument", "instruments",
			"invalid", "missing", "required", "scheme", "schemes", "securities", "security", "strategy", "tokens");

	/** The name without its first letter, which both spellings of a word may have. */
	private final String word;

	private final Token token;

	private final String mask;

	private AuthenticationMasker(String word, Token token, String mask) {
		this.word = word;
		this.token = token;
		this.mask = mask;
	}

	public static List<Masker> bearer(String mask) {
		return bothSpellings(BEARER, AuthenticationMasker::isBearer, mask);
	}

	public static List<Masker> basic(String mask) {
		return bothSpellings(BASIC, (text, scheme, from, to) -> isBasic(text, from, to), mask);
	}

	private static List<Masker> bothSpellings(String scheme, Token token, String mask) {
		String word = scheme.substring(1);
		return Stream.of(word, word.toUpperCase(Locale.ROOT))
			.<Masker>map((spelling) -> new AuthenticationMasker(spelling, token, mask))
			.toList();
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all(this.word);
	}

	@Override
	public String mask(String text) {
		int found = text.indexOf(this.word, 1);
		if (found < 0) {
			return text;
		}
		Replacements replacements = new Replacements(text);
		while (found >= 0) {
			int separator = found + this.word.length();
			int from = skipSeparators(text, separator);
			// a plus is a space in a query, and elsewhere a token may begin with one
			boolean separated = from > separator || text.startsWith("+", from);
			if (separated && Escapes.startsWord(text, found - 1)) {
				int end = Masker.tokenEnd(text, from);
				if (this.token.isSecret(text, found - 1, from, end)) {
					replacements.replace(from, end, this.mask);
					separator = end;
				}
			}
			found = text.indexOf(this.word, separator);
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

	private static boolean isBearer(String text, int scheme, int from, int to) {
		return to - from >= MIN_BEARER_LENGTH && !(isWord(text, from, to) && isProse(text, scheme, from, to));
	}

	private static boolean isWord(String text, int from, int to) {
		for (int i = from; i < to; i++) {
			if (!Masker.isLetter(text.charAt(i)) && text.charAt(i) != '.') {
				return false;
			}
		}
		return Masker.isLetter(text.charAt(from));
	}

	/** "The bearer somewhere", "Bearer authentication." */
	private static boolean isProse(String text, int scheme, int from, int to) {
		boolean spoken = text.charAt(scheme) == 'b' && text.substring(scheme, from).endsWith("r ");
		return spoken || WORDS.contains(text.substring(from, to).replace(".", "").toLowerCase(Locale.ROOT));
	}

	private static boolean isBasic(String text, int from, int to) {
		int end = to;
		while (end > from && text.charAt(end - 1) == '.') {
			end--;
		}
		try {
			return isNameAndPassword(Base64.getDecoder().decode(text.substring(from, end)));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static boolean isNameAndPassword(byte[] decoded) {
		boolean colon = false;
		for (byte b : decoded) {
			if (b >= 0 && b < ' ') {
				return false;
			}
			colon |= b == ':';
		}
		return colon;
	}

	/**
	 * Tells a token from a word.
	 */
	@FunctionalInterface
	private interface Token {

		/**
		 * Returns whether the part of the text is secret, whose scheme starts at the
		 * index.
		 */
		boolean isSecret(String text, int scheme, int from, int to);

	}

}
