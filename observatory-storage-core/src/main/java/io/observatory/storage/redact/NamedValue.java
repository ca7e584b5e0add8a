package io.observatory.storage.redact;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that stands after a name in a text, in quotes or bare.
 *
 * @param text the text
 * @param from where the value starts, behind a quote
 * @param to where it ends, before the quote
 * @param form how it is written
 */
record NamedValue(String text, int from, int to, Form form) {

	private static final String ENDS = ",;&)]}<>\"'`\\|";

	private static final String TRIPLE = "\"\"\"";

	/** YAML's text that starts on the next line. */
	private static final Pattern BLOCK = Pattern.compile("[|>][-+]?\\R\\s*");

	private static final int MAX_BARE_LENGTH = 100;

	private static final int MAX_HEADER_LENGTH = 4096;

	private static final int MAX_PIECE_LENGTH = 12;

	/** A name that says no more than that. */
	private static final Pattern TOKEN = Pattern.compile("(?i)(?:^| )token$");

	private static final Set<String> SCHEMES = Set.of("basic", "bearer", "digest", "token", "negotiate", "apikey",
			"ntlm", "hawk", "key", "hoba", "gnap", "dpop", "sso-key", "genie-key");

	/** What a sentence goes on with. */
	private static final Set<String> SENTENCE = Set.of("a", "an", "the", "this", "that", "is", "are", "was", "must",
			"should", "can", "may", "will", "not", "never", "only", "to", "of", "in", "for", "and", "or", "from",
			"with", "see", "use", "it", "its", "your", "my", "our", "their", "which", "what", "how", "why", "when",
			"where", "who", "flag", "option", "options", "argument", "parameter", "flags", "arguments", "await", "new",
			"async", "yield", "lambda");

	private static final Pattern NUMBER = Pattern
		.compile("[-+~≈]?\\d[\\d.,_]*(?:[eE][-+]?\\d+)?[a-zA-Zµ%$€]{0,3}(?:/[a-zA-Z]+)?");

	private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_$@][\\w$]*(?:\\??\\.[A-Za-z_]\\w*)*");

	private static final Pattern CALL = Pattern.compile(IDENTIFIER + "[(\\[].*", Pattern.DOTALL);

	private static final Pattern DOTTED = Pattern.compile("[A-Za-z_]{2,}(?:\\??\\.[A-Za-z_]{2,})+");

	private static final Pattern PARAMETER = Pattern.compile("&(?:amp;)?(?:$|[\\s\"']|[\\w.\\[\\]-]{1,64}(?:=|%3D|&))");

	private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_.]+=[^=].*", Pattern.DOTALL);

	/** Letters, and after a space letters again that are no name. */
	private static final Pattern SPOKEN = Pattern.compile(
			"(?:[\\p{L}]+(?:['’-]\\p{L}+)*|\\d+%?)[,.;!?]? \\(?\\p{L}+(?:['’-]\\p{L}+)*(?:[\\s,.;!?)].*|)",
			Pattern.DOTALL);

	private static final Pattern PROBABILITY = Pattern.compile("[\\s,\\\\]*\"(?:logprob|bytes|top_logprobs|prob)\\b");

	/**
	 * Returns where a value starts, behind spaces and what opens a list or stresses a
	 * text.
	 */
	static int start(String text, int from) {
		int start = from;
		while (start < text.length() && " \t*".indexOf(text.charAt(start)) >= 0) {
			start++;
		}
		Matcher block = BLOCK.matcher(text).region(start, text.length());
		if (block.lookingAt()) {
			return block.end();
		}
		boolean list = start < text.length() && "[(".indexOf(text.charAt(start)) >= 0;
		if (list && !text.startsWith(NamedValueMasker.MASKED, start)) {
			start++;
		}
		boolean prefixed = start + 1 < text.length() && "bfruBFRU@".indexOf(text.charAt(start)) >= 0
				&& isQuote(text.charAt(start + 1));
		return prefixed ? start + 1 : start;
	}

	static NamedValue at(String text, int from, boolean header) {
		int quoteEnd = afterQuote(text, from);
		if (text.startsWith(TRIPLE, from)) {
			int close = text.indexOf(TRIPLE, from + TRIPLE.length());
			return new NamedValue(text, from + TRIPLE.length(), (close < 0) ? text.length() : close, Form.QUOTED);
		}
		if (quoteEnd > from) {
			return new NamedValue(text, quoteEnd, closing(text, from, quoteEnd), Form.QUOTED);
		}
		int end = Placeholders.end(text, from);
		int limit = header ? Math.min(text.length(), from + MAX_HEADER_LENGTH) : text.length();
		while (end < limit && (!endsBare(text.charAt(end), header) || isAmpersandWithin(text, end))) {
			end++;
		}
		return new NamedValue(text, from, end, header ? Form.HEADER : Form.BARE);
	}

	static boolean isQuote(char c) {
		return c == '"' || c == '\'' || c == '`';
	}

	/**
	 * Returns the end of the quote that starts at the index, with the backslashes before
	 * it, or the index if there is none.
	 */
	static int afterQuote(String text, int from) {
		int quote = from;
		while (quote < text.length() && text.charAt(quote) == '\\') {
			quote++;
		}
		return (quote < text.length() && isQuote(text.charAt(quote))) ? quote + 1 : from;
	}

	/**
	 * The quote that closes has as many backslashes before it as the one that opened.
	 * Each that belongs to the value is written as twice as many and two more.
	 */
	private static int closing(String text, int opening, int from) {
		char quote = text.charAt(from - 1);
		int level = from - 1 - opening;
		int backslashes = 0;
		for (int i = from; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == quote && backslashes % (2 * (level + 1)) == level) {
				return i - level;
			}
			backslashes = (c == '\\') ? backslashes + 1 : 0;
		}
		return lineEnd(text, from);
	}

	private static int lineEnd(String text, int from) {
		int end = text.indexOf('\n', from);
		return (end < 0) ? text.length() : end;
	}

	/** One that no next parameter of a query follows. */
	private static boolean isAmpersandWithin(String text, int index) {
		return text.charAt(index) == '&' && !PARAMETER.matcher(text).region(index, text.length()).lookingAt();
	}

	private static boolean endsBare(char c, boolean wholeLine) {
		if (wholeLine) {
			return c == '\n' || c == '\r' || isQuote(c);
		}
		return Character.isWhitespace(c) || ENDS.indexOf(c) >= 0;
	}

	boolean isQuoted() {
		return this.form == Form.QUOTED;
	}

	/**
	 * Returns whether it is a secret, and not a number, a placeholder, another name or a
	 * part of a sentence.
	 */
	boolean isSecret(String name, Secrecy secrecy, SecretNames names) {
		if (this.to <= this.from || this.text.startsWith(NamedValueMasker.MASKED, this.from)) {
			return false;
		}
		String value = this.text.substring(this.from, this.to);
		if (Placeholders.contain(value) || value.chars().noneMatch(Character::isLetterOrDigit)) {
			return false;
		}
		if (isQuoted()) {
			return !isBesideProbability(this.text, afterQuote(this.text, this.to));
		}
		if (this.form == Form.HEADER) {
			return !isSpokenHeader(value);
		}
		return value.length() > MAX_BARE_LENGTH || !(isNumber(value, secrecy) || isCode(value, name, names)
				|| ASSIGNMENT.matcher(value).matches() || isSpoken(value) || isPieceOfText(value, name));
	}

	/** "The next token: cat" */
	private boolean isPieceOfText(String value, String name) {
		return isAfterSpace() && value.length() <= MAX_PIECE_LENGTH && TOKEN.matcher(name).find()
				&& value.chars().allMatch(Character::isLetter);
	}

	private boolean isAfterSpace() {
		return this.from > 0 && this.text.charAt(this.from - 1) == ' ';
	}

	/**
	 * Returns whether a log probability follows: what it stands beside is a piece of a
	 * model's answer.
	 */
	static boolean isBesideProbability(String text, int index) {
		int from = Math.min(text.length(), index);
		return PROBABILITY.matcher(text).region(from, text.length()).lookingAt();
	}

	private static boolean isNumber(String value, Secrecy secrecy) {
		return secrecy == Secrecy.TEXT && NUMBER.matcher(value).matches();
	}

	/** A call, a field, or a variable that is called as the value is. */
	private boolean isCode(String value, String name, SecretNames names) {
		if (!IDENTIFIER.matcher(value).matches()) {
			return CALL.matcher(value).matches();
		}
		char next = (this.to < this.text.length()) ? this.text.charAt(this.to) : '\n';
		boolean argument = "),;".indexOf(next) >= 0 && names.of(value) != Secrecy.NONE && isOfWords(value);
		return argument || value.equalsIgnoreCase(name.substring(name.lastIndexOf('.') + 1))
				|| DOTTED.matcher(value).matches();
	}

	private static boolean isOfWords(String value) {
		return value.indexOf('_') > 0 || !value.equals(value.toLowerCase(Locale.ROOT));
	}

	private boolean isSpoken(String value) {
		if (SENTENCE.contains(value.toLowerCase(Locale.ROOT)) || isCompared()) {
			return true;
		}
		int end = Math.min(this.text.length(), this.from + MAX_BARE_LENGTH);
		return isAfterSpace() && SPOKEN.matcher(this.text).region(this.from, end).matches();
	}

	private boolean isCompared() {
		int before = this.from;
		while (before > 0 && this.text.charAt(before - 1) == ' ') {
			before--;
		}
		return this.text.startsWith("==", before - 2);
	}

	/** A scheme is no word of a sentence. */
	private boolean isSpokenHeader(String value) {
		String[] words = value.split("\\s+", 2);
		String rest = (words.length > 1) ? words[1] : "";
		if (SCHEMES.contains(words[0].toLowerCase(Locale.ROOT))) {
			return rest.startsWith(NamedValueMasker.MASKED) || Placeholders.contain(rest);
		}
		return Placeholders.contain(words[0]) || isSpoken(words[0]);
	}

	/**
	 * Returns where the value starts of a variable whose type this is,
	 * {@code password: String = …}, or -1.
	 */
	int assignedBehind() {
		int index = this.to;
		while (index < this.text.length() && this.text.charAt(index) == ' ') {
			index++;
		}
		boolean assigned = this.form == Form.BARE && index > this.to && this.text.startsWith("= ", index)
				&& this.from > 0 && this.text.charAt(this.from - 1) == ' ';
		return assigned ? index + 1 : -1;
	}

	/** How a value is written. */
	enum Form {

		QUOTED, BARE, HEADER

	}

}
