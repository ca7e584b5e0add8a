package io.observatory.storage.redact.text;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.observatory.storage.redact.text.SecretNames.Secrecy;

/**
 * Masks the value after a secret name: {@code password=…}, {@code token: …},
 * {@code "apiKey": "…"} also within a string, {@code --password …}, {@code <password>…}.
 * Of a header the whole line.
 */
public final class NamedValueMasker implements Masker {

	public static final String MASK = "[redacted]";

	/** Every mask starts so: what is masked is not masked again. */
	static final String MASKED = "[redacted";

	private static final int MAX_NAME_LENGTH = 64;

	private static final boolean[] SEPARATORS = new boolean[128];
	static {
		for (char c : "=:>%-\"'".toCharArray()) {
			SEPARATORS[c] = true;
		}
	}

	/** A start tag, with or without attributes. */
	private static final Pattern TAG = Pattern.compile("<(?:\\w+:)?([\\w.-]+)(?:\\s[^<>]*[^<>/])?>");

	private static final String CDATA = "<![CDATA[";

	private static final int MAX_ELEMENT_LENGTH = 128;

	private static final String ENCODED_EQUALS = "%3D";

	static final String OPTION = "--";

	/** Their value has spaces in it. */
	private static final SecretNames HEADERS = new SecretNames(List.of("authorization", "cookie"));

	private final SecretNames names;

	public NamedValueMasker(SecretNames names) {
		this.names = names;
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.any("=:>%-\"");
	}

	@Override
	public String mask(String text) {
		int found = nextSeparator(text, 1);
		if (found == text.length()) {
			return text;
		}
		Replacements replacements = new Replacements(text);
		while (found < text.length()) {
			look(text, found, text.charAt(found), replacements);
			found = nextSeparator(text, Math.max(found + 1, replacements.end()));
		}
		return replacements.result();
	}

	private static int nextSeparator(String text, int from) {
		for (int i = from; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c < SEPARATORS.length && SEPARATORS[c]) {
				return i;
			}
		}
		return text.length();
	}

	/** Returns whether a secret name may stand in the text: quicker than to mask it. */
	public boolean mayHaveName(String text) {
		for (int i = 1; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == ':' || c == '=') {
				int end = nameEnd(text, i);
				if (this.names.mayEnd(text, end) && this.names.of(text, nameStart(text, end), end) != Secrecy.NONE) {
					return true;
				}
			}
			else if (c == ',' || c == '\'' || c == '"') {
				if (mayEndHere(text, i)) {
					return true;
				}
			}
			else if (c == '>' || c == '%' || (c == '-' && text.startsWith(OPTION, i - 1))) {
				return true;
			}
		}
		return false;
	}

	private boolean mayEndHere(String text, int index) {
		char before = text.charAt(index - 1);
		boolean parted = before == ' ' || before == '(' || text.charAt(index) == ',';
		int end = (parted && before != '"') ? index - 1 : nameEnd(text, index);
		return parted && this.names.mayEnd(text, end) && this.names.of(text, nameStart(text, end), end) != Secrecy.NONE;
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
		else if (c == '-' && text.charAt(index - 1) == ' ' && !text.startsWith("-", index + 1)) {
			option(text, index + 1, replacements);
		}
		else if (c == '"' || c == '\'') {
			quoted(text, index, replacements);
		}
	}

	/**
	 * A value in quotes behind a name without a sign between: {@code PASSWORD 'x'},
	 * {@code setPassword("x")}, {@code put("password", "x")}.
	 */
	private void quoted(String text, int quote, Replacements replacements) {
		int before = quote;
		while (before > 0 && (text.charAt(before - 1) == ' ' || text.charAt(before - 1) == '\\')) {
			before--;
		}
		char sign = (before > 0) ? text.charAt(before - 1) : ' ';
		boolean listed = sign == ',' && before > 1 && NamedValue.isQuote(text.charAt(before - 2));
		boolean spaced = before < quote && Character.isLetter(sign);
		if (sign == '(' || listed || spaced) {
			int nameEnd = nameEnd(text, spaced ? before : before - 1);
			int nameStart = this.names.mayEnd(text, nameEnd) ? nameStart(text, nameEnd) : nameEnd;
			Secrecy secrecy = this.names.of(text, nameStart, nameEnd);
			if (secrecy == Secrecy.NONE) {
				return;
			}
			int from = NamedValue.start(text, before);
			NamedValue value = NamedValue.at(text, from, false);
			boolean words = listed ? value.isWords() : spaced && value.isSentence(secrecy);
			if (!words) {
				value(text, nameStart, nameEnd, from, replacements);
			}
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

	/** XML's: the text behind a start tag, the end of which may be cut off. */
	private void element(String text, int close, Replacements replacements) {
		int start = tagStart(text, close);
		if (start < 0) {
			return;
		}
		Matcher tag = TAG.matcher(text).region(start, close + 1);
		if (!tag.matches() || this.names.of(tag.group(1)) == Secrecy.NONE) {
			return;
		}
		int from = skipSpaces(text, close + 1);
		from = text.startsWith(CDATA, from) ? from + CDATA.length() : from;
		int end = valueEnd(text, from);
		int to = end;
		while (to > from && text.charAt(to - 1) <= ' ') {
			to--;
		}
		boolean closed = text.startsWith("</", end) || text.startsWith("]]></", end);
		boolean cutOff = end == text.length() && to == end && to > from && Character.isLetterOrDigit(text.charAt(from));
		if (to > from && (closed || cutOff) && !text.startsWith(MASKED, from)
				&& !Placeholders.contain(text.substring(from, to))) {
			replacements.replace(from, to, MASK);
		}
	}

	private static int skipSpaces(String text, int from) {
		int start = from;
		while (start < text.length() && text.charAt(start) <= ' ') {
			start++;
		}
		return start;
	}

	private static int valueEnd(String text, int from) {
		int end = from;
		while (end < text.length() && text.charAt(end) != '<' && text.charAt(end) != ']') {
			end++;
		}
		return end;
	}

	/** Returns -1 if there is no tag. */
	private static int tagStart(String text, int close) {
		int start = close - 1;
		int limit = Math.max(0, close - MAX_ELEMENT_LENGTH);
		while (start >= limit && text.charAt(start) != '<' && text.charAt(start) != '>') {
			start--;
		}
		return (start >= limit && text.charAt(start) == '<') ? start : -1;
	}

	/** A command's. */
	private void option(String text, int nameStart, Replacements replacements) {
		int nameEnd = nameStart;
		while (nameEnd < text.length() && nameEnd - nameStart < MAX_NAME_LENGTH && isName(text.charAt(nameEnd))) {
			nameEnd++;
		}
		boolean negated = text.startsWith("no-", nameStart);
		if (!negated && text.startsWith(" ", nameEnd) && !text.startsWith("-", nameEnd + 1)) {
			value(text, nameStart, nameEnd, nameEnd + 1, replacements);
		}
	}

	private void value(String text, int nameStart, int nameEnd, int valueFrom, Replacements replacements) {
		Secrecy secrecy = this.names.of(text, nameStart, nameEnd);
		if (secrecy == Secrecy.NONE) {
			return;
		}
		boolean header = HEADERS.of(text, nameStart, nameEnd) != Secrecy.NONE;
		int start = NamedValue.start(text, valueFrom);
		if (text.startsWith(MASKED, start) || (header && NamedValue.isSpokenHeader(text, start))) {
			return;
		}
		NamedValue value = NamedValue.at(text, start, header);
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
