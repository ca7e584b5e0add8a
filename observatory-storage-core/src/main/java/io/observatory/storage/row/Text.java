package io.observatory.storage.row;

/**
 * Characters that PostgreSQL's text and jsonb cannot hold: NUL, and surrogates without
 * their pair, which are no Unicode scalar values.
 */
final class Text {

	static final char REPLACEMENT = '\uFFFD';

	private Text() {
	}

	static boolean isStorable(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == 0) {
				return false;
			}
			if (Character.isSurrogate(c)) {
				if (!isPair(text, i)) {
					return false;
				}
				i++;
			}
		}
		return true;
	}

	static String storable(String text) {
		StringBuilder storable = new StringBuilder(text);
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == 0 || (Character.isSurrogate(c) && !isPair(text, i))) {
				storable.setCharAt(i, REPLACEMENT);
			}
			else if (Character.isSurrogate(c)) {
				i++;
			}
		}
		return storable.toString();
	}

	/**
	 * Cuts a text to so many characters, its end telling that it was cut.
	 */
	static String cut(String text, int length) {
		String marker = "…[cut from " + text.length() + "]";
		int keep = Math.max(0, length - marker.length());
		if (keep > 0 && Character.isHighSurrogate(text.charAt(keep - 1))) {
			keep--;
		}
		return text.substring(0, keep) + marker;
	}

	private static boolean isPair(String text, int index) {
		return Character.isHighSurrogate(text.charAt(index)) && index + 1 < text.length()
				&& Character.isLowSurrogate(text.charAt(index + 1));
	}

}
