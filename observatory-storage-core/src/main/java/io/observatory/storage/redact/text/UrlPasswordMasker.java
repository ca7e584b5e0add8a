package io.observatory.storage.redact.text;

/**
 * Masks the password in a URL's user information (RFC 3986, section 3.2.1), or the token
 * that stands there alone.
 */
public final class UrlPasswordMasker implements Masker {

	static final String AUTHORITY = "://";

	private static final int MAX_LENGTH = 512;

	private static final int MIN_TOKEN_LENGTH = 20;

	private final String mask;

	public UrlPasswordMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all("@:/");
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		int start = text.indexOf(AUTHORITY);
		while (start >= 0) {
			int from = start + AUTHORITY.length();
			userInformation(text, from, end(text, from), replacements);
			start = text.indexOf(AUTHORITY, from);
		}
		return replacements.result();
	}

	private void userInformation(String text, int start, int end, Replacements replacements) {
		int path = firstOf(text, "/?#", start, end);
		int at = last(text, '@', start, path);
		int colon = firstOf(text, ":", start, (at >= 0) ? at : path);
		if (at < 0 && colon < path && !isPort(text, colon + 1, path)) {
			// a slash in the password that should have been encoded
			at = last(text, '@', path, end);
		}
		if (at < 0) {
			return;
		}
		int secret = (colon < at) ? colon + 1 : start;
		boolean masked = (colon < at) ? !Placeholders.contain(text.substring(secret, at)) : isToken(text, start, at);
		if (masked) {
			replacements.replace(secret, at, this.mask);
		}
	}

	private static int end(String text, int from) {
		int end = from;
		int limit = Math.min(text.length(), from + MAX_LENGTH);
		while (end < limit && !Character.isWhitespace(text.charAt(end)) && "\"'`<>\\,".indexOf(text.charAt(end)) < 0) {
			end++;
		}
		return end;
	}

	private static boolean isPort(String text, int from, int to) {
		for (int i = from; i < to; i++) {
			if (!Masker.isDigit(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isToken(String text, int from, int to) {
		if (to - from < MIN_TOKEN_LENGTH) {
			return false;
		}
		boolean digit = false;
		for (int i = from; i < to; i++) {
			digit |= Masker.isDigit(text.charAt(i));
		}
		return digit;
	}

	/** Returns the end if there is none. */
	private static int firstOf(String text, String characters, int from, int end) {
		int index = from;
		while (index < end && characters.indexOf(text.charAt(index)) < 0) {
			index++;
		}
		return index;
	}

	/** Returns -1 if there is none. */
	private static int last(String text, char c, int from, int end) {
		int index = end - 1;
		while (index >= from && text.charAt(index) != c) {
			index--;
		}
		return (index >= from) ? index : -1;
	}

}
