package io.observatory.storage.redact.text;

/**
 * Masks numbers of payment cards. A number is a run of digits, or of groups of digits; so
 * that another number before or after does not hide it, each part of a run that starts
 * and ends with a group is looked at.
 */
public final class CardMasker implements Masker {

	static final int MIN_DIGITS = 13;

	private static final int MAX_DIGITS = 19;

	/**
	 * Groups are of four digits, or of four, six and four or five; only the last may be
	 * shorter.
	 */
	private static final int MIN_GROUP = 4;

	private static final int MAX_GROUP = 6;

	private final String mask;

	public CardMasker(String mask) {
		this.mask = mask;
	}

	/** Returns whether a number that is no text is a card's. */
	public static boolean isCard(String digits) {
		return digits.length() <= MAX_DIGITS && cardEnd(digits, 0) == digits.length();
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all("0");
	}

	@Override
	public String mask(String text) {
		if (text.length() < MIN_DIGITS) {
			return text;
		}
		Replacements replacements = new Replacements(text);
		int i = 0;
		while (i + MIN_DIGITS <= text.length()) {
			int gap = i + MIN_DIGITS - 1;
			while (gap >= i && isNumber(text.charAt(gap))) {
				gap--;
			}
			if (gap >= i) {
				// no number that starts here or up to there is long enough
				i = gap + 1;
				continue;
			}
			if (!Masker.isDigit(text.charAt(i))) {
				i++;
				continue;
			}
			int end = startsNumber(text, i) ? cardEnd(text, i) : -1;
			if (end > 0) {
				replacements.replace(i, end, this.mask);
				i = end;
			}
			else {
				i = groupEnd(text, i);
			}
		}
		return replacements.result();
	}

	private static boolean isNumber(char c) {
		return Masker.isDigit(c) || c == ' ' || c == '-';
	}

	/**
	 * What follows a letter is part of an identifier, what follows "0." of a fraction,
	 * what follows a plus a telephone number.
	 */
	private static boolean startsNumber(String text, int index) {
		if (index == 0) {
			return true;
		}
		char before = text.charAt(index - 1);
		boolean fraction = before == '.' && index >= 2 && Masker.isDigit(text.charAt(index - 2));
		return !Masker.isAlphanumeric(before) && before != '_' && before != '+' && !fraction;
	}

	/** Returns the end of the longest card number that starts here, or -1. */
	private static int cardEnd(String text, int start) {
		StringBuilder digits = new StringBuilder(MAX_DIGITS);
		int found = -1;
		int i = start;
		while (i < text.length() && Masker.isDigit(text.charAt(i))) {
			int end = groupEnd(text, i);
			if (digits.length() + end - i > MAX_DIGITS || (i > start && end - i > MAX_GROUP)) {
				break;
			}
			digits.append(text, i, end);
			if (endsNumber(text, end) && isCard(digits)) {
				found = end;
			}
			boolean separated = end - i >= MIN_GROUP && end < text.length()
					&& (text.charAt(end) == ' ' || text.charAt(end) == '-');
			i = separated ? end + 1 : text.length();
		}
		return found;
	}

	private static int groupEnd(String text, int start) {
		int end = start;
		while (end < text.length() && Masker.isDigit(text.charAt(end))) {
			end++;
		}
		return end;
	}

	private static boolean endsNumber(String text, int end) {
		return end == text.length() || (!Masker.isAlphanumeric(text.charAt(end)) && text.charAt(end) != '_');
	}

	private static boolean isCard(StringBuilder digits) {
		int length = digits.length();
		return length >= MIN_DIGITS && length <= MAX_DIGITS && isOfNetwork(first(digits, 4), length) && luhn(digits);
	}

	private static int first(StringBuilder digits, int count) {
		return Integer.parseInt(digits, 0, count, 10);
	}

	/** The ranges of the networks, by the first four digits. */
	private static boolean isOfNetwork(int first, int length) {
		int two = first / 100;
		int three = first / 10;
		if (first / 1000 == 4) { // Visa
			return length == 13 || length == 16 || length == 19;
		}
		if (two >= 51 && two <= 55 || first >= 2221 && first <= 2720) { // Mastercard
			return length == 16;
		}
		if (two == 34 || two == 37) { // American Express
			return length == 15;
		}
		if (three >= 300 && three <= 305 || two == 36 || two == 38 || two == 39) { // Diners
			return length >= 14;
		}
		if (first >= 3528 && first <= 3589) { // JCB
			return length >= 16;
		}
		// Discover, UnionPay, Maestro
		return first == 6011 || two == 65 || three >= 644 && three <= 649 || two == 62 ? length >= 16
				: two == 50 || two >= 56 && two <= 58 || two == 63 || two == 67;
	}

	private static boolean luhn(StringBuilder digits) {
		int sum = 0;
		boolean twice = false;
		for (int i = digits.length() - 1; i >= 0; i--) {
			int digit = digits.charAt(i) - '0';
			if (twice) {
				digit = (digit > 4) ? digit * 2 - 9 : digit * 2;
			}
			sum += digit;
			twice = !twice;
		}
		return sum % 10 == 0;
	}

}
