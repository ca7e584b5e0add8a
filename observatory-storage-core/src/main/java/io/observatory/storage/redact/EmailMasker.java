package io.observatory.storage.redact;

/**
 * Masks e-mail addresses. Looks for the {@code @} and goes from there to both sides, so
 * that a long text takes no longer than its length.
 */
final class EmailMasker implements Masker {

	private static final String ENCODED_AT = "%40";

	private final String mask;

	EmailMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public int suspicion() {
		return Suspicions.EMAIL;
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		for (int at = 0; at < text.length(); at++) {
			int after = afterAt(text, at);
			if (after > 0) {
				address(text, at, after, replacements);
			}
		}
		return replacements.result();
	}

	private static int afterAt(String text, int index) {
		if (text.charAt(index) == '@') {
			return index + 1;
		}
		return text.startsWith(ENCODED_AT, index) ? index + ENCODED_AT.length() : -1;
	}

	private void address(String text, int at, int afterAt, Replacements replacements) {
		int from = at;
		while (from > replacements.end() && isLocal(text.charAt(from - 1))) {
			from--;
		}
		int to = afterAt;
		int lastDot = -1;
		while (to < text.length() && isDomain(text.charAt(to))) {
			if (text.charAt(to) == '.' && to > afterAt && to + 1 < text.length()
					&& Character.isLetterOrDigit(text.charAt(to + 1))) {
				lastDot = to;
			}
			to++;
		}
		while (to > afterAt && !Character.isLetterOrDigit(text.charAt(to - 1))) {
			to--;
		}
		if (from < at && lastDot > 0) {
			replacements.replace(from, to, this.mask);
		}
	}

	private static boolean isLocal(char c) {
		return Character.isLetterOrDigit(c) || "._%+-'!#$&*/=?^`{|}~".indexOf(c) >= 0;
	}

	private static boolean isDomain(char c) {
		return Character.isLetterOrDigit(c) || c == '.' || c == '-';
	}

}
