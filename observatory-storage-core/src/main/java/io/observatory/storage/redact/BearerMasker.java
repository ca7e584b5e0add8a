package io.observatory.storage.redact;

import java.util.Locale;
import java.util.Set;

/**
 * Masks what follows the word Bearer.
 */
final class BearerMasker implements Masker {

	static final AuthenticationScheme SCHEME = new AuthenticationScheme("bearer");

	private static final int MIN_LENGTH = 8;

	/** What prose has after the word. */
	private static final Set<String> WORDS = Set.of("authentication", "authorization", "certificate", "certificates",
			"challenge", "credential", "credentials", "expired", "header", "headers", "instrument", "instruments",
			"invalid", "missing", "required", "scheme", "schemes", "securities", "security", "strategy", "tokens");

	private final String mask;

	BearerMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public int suspicion() {
		return SecretPrefilter.BEARER;
	}

	@Override
	public String mask(String text) {
		return SCHEME.mask(text, this.mask, BearerMasker::isSecret);
	}

	private static boolean isSecret(String text, int scheme, int from, int to) {
		return to - from >= MIN_LENGTH && !(isWord(text, from, to) && isProse(text, scheme, from, to));
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

}
