package io.observatory.storage.row;

/**
 * Characters that PostgreSQL's text and jsonb cannot hold: NUL, and surrogates without
 * their pair, which are no Unicode scalar values.
 */
final class Text {

	static final char REPLACEMENT = '\uFFFD';

	private Text() {
	}

	/** Returns whether all characters are ASCII and none is NUL. */
	static boolean isAscii(String text) {
		int seen = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			// of NUL alone all bits are set then
			seen |= c | (c - 1);
		}
		return (seen & ~0x7F) == 0;
	}

	/** Returns whether a JSON string of this text is the text itself, in ASCII. */
	static boolean isPlainJson(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
				return false;
			}
		}
		return true;
	}

	static boolean isStorable(String text) {
		return isAscii(text) || hasScalarsOnly(text);
	}

	private static boolean hasScalarsOnly(String text) {
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

	/** Returns how many bytes a storable text has in UTF-8. */
	static long utf8Length(String text) {
		long length = text.length();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			// a pair of surrogates has 4 bytes
			length += (c < 0x80) ? 0 : (c < 0x800 || Character.isSurrogate(c)) ? 1 : 2;
		}
		return length;
	}

	/** Cuts a text to so many characters, its end telling that it was cut. */
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
