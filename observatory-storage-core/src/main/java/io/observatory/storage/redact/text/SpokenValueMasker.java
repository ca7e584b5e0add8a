package io.observatory.storage.redact.text;

import java.util.regex.Pattern;

import io.observatory.storage.redact.text.SecretNames.Secrecy;

/**
 * Masks a value that a sentence names, {@code my password is …}, if it looks like none of
 * a sentence's words: letters and digits in one.
 */
public final class SpokenValueMasker implements Masker {

	private static final String IS = " is ";

	private static final String FOR = " for ";

	private static final int MAX_OWNER_LENGTH = 48;

	private static final int MAX_NAME_LENGTH = 24;

	private static final int MIN_LENGTH = 6;

	/** What secrets are made with, and said to be. */
	private static final Pattern METHOD = Pattern
		.compile("(?i)(?:base|sha|md|utf|oauth|argon|aes|rsa|x5|ed2|hs|rs|es|tls|http|v)\\W?\\d.*");

	private final SecretNames names;

	public SpokenValueMasker(SecretNames names) {
		this.names = names;
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all("is0");
	}

	@Override
	public String mask(String text) {
		int is = text.indexOf(IS);
		while (is >= 0 && !hasDigit(text, is + IS.length())) {
			is = text.indexOf(IS, is + 1);
		}
		return (is >= 0) ? mask(text, is) : text;
	}

	private String mask(String text, int first) {
		Replacements replacements = new Replacements(text);
		for (int is = first; is >= 0; is = text.indexOf(IS, is + 1)) {
			if (hasDigit(text, is + IS.length()) && isNamed(text, replacements.end(), is)) {
				NamedValue value = NamedValue.at(text, is + IS.length(), false);
				if (isSecret(text.substring(value.from(), value.to()))) {
					replacements.replace(value.from(), value.to(), NamedValueMasker.MASK);
				}
			}
		}
		return replacements.result();
	}

	/** Whether the word has one that starts at the index. */
	private static boolean hasDigit(String text, int from) {
		int i = from;
		while (i < text.length() && text.charAt(i) > ' ' && !Masker.isDigit(text.charAt(i))) {
			i++;
		}
		return i < text.length() && Masker.isDigit(text.charAt(i));
	}

	/** Also {@code the password for the account is …}. */
	private boolean isNamed(String text, int from, int is) {
		if (isName(text, from, is)) {
			return true;
		}
		String near = text.substring(Math.max(from, is - MAX_OWNER_LENGTH), is);
		int owner = near.lastIndexOf(FOR);
		return owner >= 0 && isName(text, from, is - near.length() + owner);
	}

	private boolean isName(String text, int from, int end) {
		int start = Math.max(from, end - MAX_NAME_LENGTH);
		return end > start && this.names.of(text, start, end) != Secrecy.NONE;
	}

	private static boolean isSecret(String value) {
		boolean mixed = value.chars().anyMatch((c) -> Masker.isDigit((char) c))
				&& value.chars().anyMatch((c) -> Masker.isLetter((char) c))
				&& value.chars().noneMatch(Character::isWhitespace);
		return mixed && value.length() >= MIN_LENGTH && !METHOD.matcher(value).matches()
				&& !value.startsWith(NamedValueMasker.MASKED) && !Placeholders.contain(value);
	}

}
