package io.observatory.storage.redact;

import java.util.regex.Pattern;

/**
 * Masks a value that a sentence names, {@code my password is …}, if it looks like none of
 * a sentence's words: letters and digits in one.
 */
final class SpokenValueMasker implements Masker {

	static final String IS = " is ";

	private static final int MAX_NAME_LENGTH = 24;

	private static final int MIN_LENGTH = 6;

	/** What secrets are made with, and said to be. */
	private static final Pattern METHOD = Pattern
		.compile("(?i)(?:base|sha|md|utf|oauth|argon|aes|rsa|x5|ed2|hs|rs|es|tls|http|v)\\W?\\d.*");

	private final SecretNames names;

	SpokenValueMasker(SecretNames names) {
		this.names = names;
	}

	@Override
	public int suspicion() {
		return SecretPrefilter.SPOKEN_VALUE;
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		for (int is = text.indexOf(IS); is >= 0; is = text.indexOf(IS, is + 1)) {
			int nameStart = Math.max(replacements.end(), is - MAX_NAME_LENGTH);
			if (this.names.mayEnd(text, is) && this.names.of(text, nameStart, is) != Secrecy.NONE) {
				NamedValue value = NamedValue.at(text, is + IS.length(), false);
				if (isSecret(text.substring(value.from(), value.to()))) {
					replacements.replace(value.from(), value.to(), NamedValueMasker.MASK);
				}
			}
		}
		return replacements.result();
	}

	private static boolean isSecret(String value) {
		boolean mixed = value.chars().anyMatch((c) -> Masker.isDigit((char) c))
				&& value.chars().anyMatch((c) -> Masker.isLetter((char) c))
				&& value.chars().noneMatch(Character::isWhitespace);
		return mixed && value.length() >= MIN_LENGTH && !METHOD.matcher(value).matches()
				&& !value.startsWith(NamedValueMasker.MASKED) && !Placeholders.contain(value);
	}

}
