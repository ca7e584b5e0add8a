package io.observatory.storage.redact;

import java.util.List;

/**
 * Masks the value after a secret name: {@code password=…}, {@code token: …},
 * {@code "apiKey": "…"} also within a string, {@code --password …}, {@code <password>…}.
 * Of a header the whole line.
 */
final class NamedValueMasker implements Masker {

	static final String MASK = "[redacted]";

	/** Every mask starts so: what is masked is not masked again. */
	static final String MASKED = "[redacted";

	private static final int MAX_NAME_LENGTH = 64;

	private static final boolean[] SEPARATORS = new boolean['>' + 1];
	static {
		for (char c : "=:>%-".toCharArray()) {
			SEPARATORS[c] = true;
		}
	}

	private static final String ENCODED_EQUALS = "%3D";

	static final String OPTION = "--";

	/** Their value has spaces in it. */
	private static final SecretNames HEADERS = new SecretNames(List.of("authorization", "cookie"));

	private final SecretNames names;

	NamedValueMasker(SecretNames names) {
		this.names = names;
	}

	@Override
	public int suspicion() {
		return SecretPrefilter.NAMED_VALUE;
	}

	@Override
	public String mask(String text) {
		if (this.names.isEmpty()) {
			return text;
		}
		Replacements replacements = new Replacements(text);
		for (int i = 1; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c <= '>' && SEPARATORS[c] && i >= replacements.end()) {
				look(text, i, c, replacements);
			}
		}
		return replacements.result();
	}

	/** Returns whether a secret name may stand in the text: quicker than to mask it. */
	boolean mayHaveName(String text) {
		for (int i = 1; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == ':' || c == '=') {
				int end = nameEnd(text, i);
				if (this.names.mayEnd(text, end) && this.names.of(text, nameStart(text, end), end) != Secrecy.NONE) {
					return true;
				}
			}
			else if (c == '>' || c == '%' || (c == '-' && text.startsWith(OPTION, i - 1))) {
				return true;
			}
		}
		return false;
	}

	private void look(String text, int index, char c, Replacements replacements) {
		if (c == ':' || c == '=') {
			assignment(text, index, replacements);
		}
		else if (c == '>') {
			element(text, index, replacements);
		}
		else if (c == '%' && text.startsWith(ENCODED_EQUALS, index)) {
			int from = index + ENCODED_EQUALS.length();
			value(text, nameStart(text, index), index, from, replacements);
		}
		else if (c == '-' && text.startsWith(OPTION, index - 1) && !text.startsWith("-", index - 2)) {
			option(text, index + 1, replacements);
		}
	}

	private void assignment(String text, int separator, Replacements replacements) {
		int nameEnd = nameEnd(text, separator);
		int nameStart = this.names.mayEnd(text, nameEnd) ? nameStart(text, nameEnd) : nameEnd;
		if (nameStart < nameEnd && !isPath(text, nameStart, separator)) {
			int from = separator + 1;
			while (from < text.length() && "=>".indexOf(text.charAt(from)) >= 0) {
				from++;
			}
			value(text, nameStart, nameEnd, from, replacements);
		}
	}

	/** {@code Token::Type}, {@code secret://}, {@code cache:token:42}. */
	private static boolean isPath(String text, int nameStart, int separator) {
		if (text.charAt(separator) == '=') {
			return text.charAt(separator - 1) == ':';
		}
		boolean part = nameStart > 0 && text.charAt(nameStart - 1) == ':' && separator + 1 < text.length()
				&& Masker.isAlphanumeric(text.charAt(separator + 1));
		return part || text.charAt(separator - 1) == ':' || text.startsWith("::", separator)
				|| text.startsWith("://", separator);
	}

	/** XML's. */
	private void element(String text, int close, Replacements replacements) {
		int nameStart = nameStart(text, close);
		boolean element = nameStart > 0 && text.charAt(nameStart - 1) == '<';
		if (!element || this.names.of(text, nameStart, close) == Secrecy.NONE) {
			return;
		}
		int end = text.indexOf('<', close);
		if (end > close + 1 && text.startsWith("</", end)) {
			String value = text.substring(close + 1, end);
			if (!value.startsWith(MASKED) && !Placeholders.contain(value)) {
				replacements.replace(close + 1, end, MASK);
			}
		}
	}

	/** A command's. */
	private void option(String text, int nameStart, Replacements replacements) {
		int nameEnd = nameStart;
		while (nameEnd < text.length() && nameEnd - nameStart < MAX_NAME_LENGTH && isName(text.charAt(nameEnd))) {
			nameEnd++;
		}
		if (text.startsWith(" ", nameEnd) && !text.startsWith("-", nameEnd + 1)) {
			value(text, nameStart, nameEnd, nameEnd + 1, replacements);
		}
	}

	private void value(String text, int nameStart, int nameEnd, int valueFrom, Replacements replacements) {
		Secrecy secrecy = this.names.of(text, nameStart, nameEnd);
		if (secrecy == Secrecy.NONE) {
			return;
		}
		boolean header = HEADERS.of(text, nameStart, nameEnd) != Secrecy.NONE;
		NamedValue value = NamedValue.at(text, NamedValue.start(text, valueFrom), header);
		int assigned = value.assignedBehind();
		if (assigned > 0) {
			value = NamedValue.at(text, NamedValue.start(text, assigned), false);
		}
		if (value.isSecret(text.substring(nameStart, nameEnd), secrecy, this.names)) {
			// what is JSON without being all of the text stays it
			String quote = value.isQuoted() ? "" : text.substring(nameEnd, NamedValue.afterQuote(text, nameEnd));
			replacements.replace(value.from(), value.to(), quote + MASK + quote);
		}
	}

	/** Before spaces, and the quote that closes the name. */
	private static int nameEnd(String text, int separator) {
		int end = separator;
		while (end > 0 && text.charAt(end - 1) == ' ') {
			end--;
		}
		if (end > 1 && text.charAt(end - 1) == ']' && NamedValue.isQuote(text.charAt(end - 2))) {
			end--;
		}
		if (end > 0 && NamedValue.isQuote(text.charAt(end - 1))) {
			end--;
			while (end > 0 && text.charAt(end - 1) == '\\') {
				end--;
			}
		}
		return end;
	}

	/** A name may have words with a space between. */
	private static int nameStart(String text, int end) {
		int start = end;
		while (start > 0 && end - start < MAX_NAME_LENGTH && isName(text, start - 1, end)) {
			start--;
		}
		boolean escape = start < end && start > 0 && Escapes.endsBefore(text, start + 1);
		return escape ? start + 1 : start;
	}

	private static boolean isName(String text, int index, int end) {
		char c = text.charAt(index);
		return isName(c) || (c == ' ' && index + 1 < end && index > 0 && Masker.isAlphanumeric(text.charAt(index - 1))
				&& Masker.isAlphanumeric(text.charAt(index + 1)));
	}

	private static boolean isName(char c) {
		return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
	}

}
