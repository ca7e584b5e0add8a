package io.observatory.storage.redact;

/**
 * The escapes of JSON, of programs and of URLs. Their letters belong to no word: in
 * {@code \napi_key} the name starts after the {@code n}.
 */
final class Escapes {

	/** Of an escape, without the mark before it. */
	static final int MAX_LENGTH = 5;

	private static final String LETTERS = "nrtbf";

	private static final int UNICODE_DIGITS = 4;

	private static final int URL_DIGITS = 2;

	private Escapes() {
	}

	/** Returns whether a word may start at the index. */
	static boolean startsWord(String text, int index) {
		return index == 0 || !Masker.isAlphanumeric(text.charAt(index - 1)) || endsBefore(text, index);
	}

	/**
	 * Returns whether an escape ends right before the index: {@code \n}, {@code \u000a}
	 * or {@code %3D}.
	 */
	static boolean endsBefore(String text, int index) {
		boolean letter = is(text, index - 2, '\\') && LETTERS.indexOf(text.charAt(index - 1)) >= 0;
		return letter || endsHex(text, index, URL_DIGITS, '%')
				|| endsHex(text, index, UNICODE_DIGITS, 'u') && is(text, index - UNICODE_DIGITS - 2, '\\');
	}

	/** Returns whether the mark of an escape is right before the index. */
	static boolean startsBefore(String text, int index) {
		return is(text, index - 1, '\\') || is(text, index - 1, '%');
	}

	private static boolean endsHex(String text, int index, int digits, char before) {
		if (!is(text, index - digits - 1, before)) {
			return false;
		}
		for (int i = index - digits; i < index; i++) {
			if (!Masker.isHex(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean is(String text, int index, char c) {
		return index >= 0 && text.charAt(index) == c;
	}

}
