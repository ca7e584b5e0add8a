package io.observatory.storage.redact;

/**
 * Masks what follows the word Bearer, and JSON Web Tokens.
 */
final class BearerMasker implements Masker {

	private static final String BEARER = "bearer";

	/** The start of a JSON object in base64url. */
	private static final String JWT = "eyJ";

	private static final int MIN_LENGTH = 8;

	private final String mask;

	BearerMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public int suspicion() {
		return Suspicions.BEARER;
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		int i = 0;
		while (i < text.length()) {
			char c = text.charAt(i);
			int next = i + 1;
			if (c == 'b' || c == 'B') {
				next = bearer(text, i, replacements);
			}
			else if (c == 'e') {
				next = jwt(text, i, replacements);
			}
			i = next;
		}
		return replacements.result();
	}

	private int bearer(String text, int start, Replacements replacements) {
		int from = start + BEARER.length();
		if (!text.regionMatches(true, start, BEARER, 0, BEARER.length())) {
			return start + 1;
		}
		int separator = from;
		while (from < text.length() && isSeparator(text.charAt(from))) {
			from++;
		}
		int end = tokenEnd(text, from);
		// a plus is a space in a query, and elsewhere a token may begin with one
		boolean separated = from > separator || text.startsWith("+", from);
		if (separated && end - from >= MIN_LENGTH) {
			replacements.replace(from, end, this.mask);
			return end;
		}
		return separator;
	}

	private int jwt(String text, int start, Replacements replacements) {
		if (!text.startsWith(JWT, start) || (start > 0 && Masker.isAlphanumeric(text.charAt(start - 1)))) {
			return start + 1;
		}
		int end = tokenEnd(text, start);
		int firstDot = text.indexOf('.', start);
		if (firstDot > 0 && firstDot < end && text.startsWith(JWT, firstDot + 1)) {
			replacements.replace(start, end, this.mask);
		}
		return end;
	}

	private static boolean isSeparator(char c) {
		return Character.isWhitespace(c) || c == ':';
	}

	private static int tokenEnd(String text, int from) {
		int end = from;
		while (end < text.length()
				&& (Masker.isAlphanumeric(text.charAt(end)) || "-._~+/=".indexOf(text.charAt(end)) >= 0)) {
			end++;
		}
		return end;
	}

}
