package io.observatory.storage.redact;

/**
 * Masks the value after a secret name: {@code password=…}, {@code token: …},
 * {@code "apiKey": "…"}, the last also within a JSON string. Of a header the whole line.
 */
final class NamedValueMasker implements Masker {

	static final String MASK = "[redacted]";

	/** Every mask starts so: what is masked is not masked again. */
	private static final String MASKED = "[redacted";

	private static final int MAX_NAME_LENGTH = 64;

	private static final String VALUE_ENDS = ",;&)]}<>\"'\\";

	/** Their value has spaces in it. */
	private static final SecretNames HEADERS = new SecretNames(java.util.List.of("authorization", "cookie"));

	private final SecretNames names;

	NamedValueMasker(SecretNames names) {
		this.names = names;
	}

	@Override
	public int suspicion() {
		return Suspicions.NAMED_VALUE;
	}

	@Override
	public String mask(String text) {
		if (this.names.isEmpty()) {
			return text;
		}
		Replacements replacements = new Replacements(text);
		for (int i = 1; i < text.length(); i++) {
			char c = text.charAt(i);
			if ((c == '=' || c == ':') && i >= replacements.end()) {
				value(text, i, replacements);
			}
		}
		return replacements.result();
	}

	private void value(String text, int separator, Replacements replacements) {
		int nameEnd = skipBack(text, separator);
		int nameStart = nameStart(text, nameEnd);
		if (nameStart == nameEnd || !this.names.contains(text, nameStart, nameEnd)) {
			return;
		}
		int from = skipSpaces(text, separator + 1);
		boolean escaped = text.startsWith("\\\"", from);
		char quote = (from < text.length() && !escaped) ? text.charAt(from) : ' ';
		int to;
		if (escaped) {
			from += 2;
			to = indexOrEnd(text, "\\\"", from);
		}
		else if (quote == '"' || quote == '\'') {
			from++;
			to = closing(text, quote, from);
		}
		else {
			to = unquotedEnd(text, from, HEADERS.contains(text, nameStart, nameEnd));
		}
		if (to > from && !text.startsWith(MASKED, from)) {
			replacements.replace(from, to, MASK);
		}
	}

	/** Over spaces and the quote that closes the name. */
	private static int skipBack(String text, int separator) {
		int end = separator;
		while (end > 0 && text.charAt(end - 1) == ' ') {
			end--;
		}
		if (end > 0 && (text.charAt(end - 1) == '"' || text.charAt(end - 1) == '\'')) {
			end--;
			if (end > 0 && text.charAt(end - 1) == '\\') {
				end--;
			}
		}
		return end;
	}

	private static int nameStart(String text, int end) {
		int start = end;
		while (start > 0 && end - start < MAX_NAME_LENGTH && isName(text.charAt(start - 1))) {
			start--;
		}
		return start;
	}

	private static boolean isName(char c) {
		return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
	}

	private static int skipSpaces(String text, int from) {
		int start = from;
		while (start < text.length() && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
			start++;
		}
		return start;
	}

	private static int closing(String text, char quote, int from) {
		for (int i = from; i < text.length(); i++) {
			if (text.charAt(i) == '\\') {
				i++;
			}
			else if (text.charAt(i) == quote) {
				return i;
			}
		}
		return text.length();
	}

	private static int indexOrEnd(String text, String what, int from) {
		int index = text.indexOf(what, from);
		return (index < 0) ? text.length() : index;
	}

	private static int unquotedEnd(String text, int from, boolean wholeLine) {
		int end = from;
		while (end < text.length() && !endsValue(text.charAt(end), wholeLine)) {
			end++;
		}
		return end;
	}

	private static boolean endsValue(char c, boolean wholeLine) {
		if (wholeLine) {
			return c == '\n' || c == '\r' || c == '"' || c == '\'';
		}
		return Character.isWhitespace(c) || VALUE_ENDS.indexOf(c) >= 0;
	}

}
