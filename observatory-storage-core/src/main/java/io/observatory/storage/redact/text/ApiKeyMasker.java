package io.observatory.storage.redact.text;

import io.observatory.storage.redact.text.KeyPrefixes.KeyPrefix;
import org.jspecify.annotations.Nullable;

/**
 * Masks keys by their first characters. What follows must look made by chance: a long run
 * of letters and digits, so that words joined by dashes are no key.
 */
public final class ApiKeyMasker implements Masker {

	private static final int MIN_LENGTH = 16;

	/** Of a prefix and what follows. */
	public static final int MIN_KEY_LENGTH = 2 + MIN_LENGTH;

	private final String mask;

	public ApiKeyMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.any("0ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	}

	@Override
	public String mask(String text) {
		if (text.length() < MIN_KEY_LENGTH) {
			return text;
		}
		Replacements replacements = new Replacements(text);
		int i = 0;
		// until here an escape may end within a word
		int escaped = 0;
		while (i + MIN_KEY_LENGTH <= text.length()) {
			int gap = i + MIN_KEY_LENGTH - 1;
			while (gap >= i && Masker.isToken(text.charAt(gap))) {
				gap--;
			}
			if (gap >= i) {
				// no key that starts here or up to there is long enough
				i = gap + 1;
				continue;
			}
			KeyPrefix prefix = prefixAt(text, i);
			if (prefix == null) {
				escaped = Escapes.startsBefore(text, i) ? i + Escapes.MAX_LENGTH : escaped;
				i = (i < escaped) ? i + 1 : wordEnd(text, i);
				continue;
			}
			int from = i + prefix.text().length();
			int end = keyEnd(text, from, prefix);
			if (end - from >= MIN_LENGTH && isRandom(text, from, end, prefix)) {
				replacements.replace(i, end, this.mask);
			}
			// a part of what is too short or made of words is no key either
			i = end;
		}
		return replacements.result();
	}

	private static int wordEnd(String text, int start) {
		int end = start;
		while (end < text.length() && Masker.isAlphanumeric(text.charAt(end))) {
			end++;
		}
		return Math.max(end, start + 1);
	}

	private static @Nullable KeyPrefix prefixAt(String text, int index) {
		boolean mayStart = KeyPrefixes.start(text.charAt(index)) && Escapes.startsWord(text, index);
		return mayStart ? KeyPrefixes.at(text, index) : null;
	}

	private static int keyEnd(String text, int from, KeyPrefix prefix) {
		int end = from;
		while (end < text.length() && prefix.continues(text.charAt(end))) {
			end++;
		}
		while (end > from && text.charAt(end - 1) == '.') {
			end--;
		}
		return end;
	}

	/**
	 * Whether enough of it is in runs of letters and digits that no word is: for most
	 * vendors of all runs together, for some of one.
	 */
	private static boolean isRandom(String text, int from, int end, KeyPrefix prefix) {
		int random = 0;
		int start = from;
		for (int i = from; i <= end; i++) {
			if (i == end || !Masker.isAlphanumeric(text.charAt(i))) {
				boolean counts = prefix.oneRun() ? i - start >= prefix.minRandom() : true;
				random += (counts && isRandom(text, start, i) && (!prefix.hex() || isHex(text, start, i))) ? i - start
						: 0;
				start = i + 1;
			}
		}
		return random >= prefix.minRandom();
	}

	/** Digits among letters, capitals behind small letters, or a long number. */
	private static boolean isRandom(String text, int from, int end) {
		int digits = 0;
		boolean lower = false;
		boolean mixed = false;
		for (int i = from; i < end; i++) {
			char c = text.charAt(i);
			digits += Masker.isDigit(c) ? 1 : 0;
			mixed |= lower && Character.isUpperCase(c);
			lower |= Character.isLowerCase(c);
		}
		return mixed || (digits > 0 && (digits < end - from || digits >= KeyPrefixes.RANDOM));
	}

	private static boolean isHex(String text, int from, int end) {
		for (int i = from; i < end; i++) {
			if (!Masker.isHex(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

}
