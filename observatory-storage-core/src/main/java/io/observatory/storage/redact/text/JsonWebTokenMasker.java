package io.observatory.storage.redact.text;

/**
 * Masks JSON Web Tokens: signed (RFC 7515), encrypted (RFC 7516), and unsecured ones.
 */
public final class JsonWebTokenMasker implements Masker {

	/** The start of a JSON object in base64url. */
	static final String START = "eyJ";

	/** Header, key, initialization vector, text and tag. */
	private static final int ENCRYPTED_DOTS = 4;

	private static final int MIN_ENCRYPTED_LENGTH = 40;

	private final String mask;

	public JsonWebTokenMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all(START + ".");
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		int start = text.indexOf(START);
		while (start >= 0) {
			int end = start + START.length();
			if (Escapes.startsWord(text, start)) {
				end = Masker.tokenEnd(text, start);
				if (isToken(text, start, end)) {
					replacements.replace(start, end, this.mask);
				}
			}
			start = text.indexOf(START, end);
		}
		return replacements.result();
	}

	private static boolean isToken(String text, int start, int end) {
		int firstDot = start;
		while (firstDot < end && text.charAt(firstDot) != '.') {
			firstDot++;
		}
		if (firstDot == end) {
			return false;
		}
		return text.startsWith(START, firstDot + 1)
				|| (end - start >= MIN_ENCRYPTED_LENGTH && dots(text, firstDot, end) >= ENCRYPTED_DOTS);
	}

	private static int dots(String text, int from, int end) {
		int dots = 0;
		for (int i = from; i < end; i++) {
			dots += (text.charAt(i) == '.') ? 1 : 0;
		}
		return dots;
	}

}
