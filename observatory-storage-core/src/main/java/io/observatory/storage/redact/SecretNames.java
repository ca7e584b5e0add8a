package io.observatory.storage.redact;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names whose value is secret. A name is secret when its last words are one of these,
 * upper and lower case and everything but letters and digits aside: with {@code api-key}
 * also {@code OPENAI_API_KEY}, {@code apiKey2} and {@code http.request.header.x-api-key}.
 * A name of five letters and more is also found at the end of words written as one:
 * {@code PGPASSWORD}.
 */
final class SecretNames {

	/** Shorter ones end other words by chance, as {@code pin} does. */
	private static final int MIN_RUN_TOGETHER = 5;

	/** With these a number is a count, a flag or a price. */
	private static final List<String> OF_TEXT = List.of("token", "tokens", "key", "keys", "authorization", "cookie",
			"cookies", "credential", "credentials", "secrets", "passwords", "sig", "signature", "pass");

	private static final String TOKEN = "token";

	/**
	 * Before {@code token} they tell that it is a piece of text, or a place in a list.
	 */
	private static final Set<String> PIECES = Set.of("first", "last", "next", "prev", "previous", "per", "each",
			"every", "single", "page", "paging", "pagination", "continuation", "continue", "sync", "resume", "cursor",
			"list", "stop", "start", "end", "begin", "eos", "bos", "eot", "eom", "eod", "pad", "padding", "unk", "sep",
			"cls", "mask", "special", "control", "separator", "fim", "input", "output", "prompt", "completion",
			"cached", "reasoning", "thinking", "image", "audio", "video", "text", "max", "min", "total", "sampled",
			"generated", "predicted", "draft", "accepted", "rejected", "decode", "inter", "vocab", "word", "byte",
			"unexpected", "unknown", "illegal", "added", "extra", "missing");

	/** By their last letter. */
	private final Map<Character, List<Ending>> endings;

	private final boolean[] last = new boolean[128];

	SecretNames(Collection<String> names) {
		this.endings = names.stream()
			.map(SecretNames::normalized)
			.distinct()
			.map(Ending::of)
			.collect(Collectors.groupingBy((ending) -> ending.letters().charAt(ending.letters().length() - 1)));
		for (char c = 0; c < this.last.length; c++) {
			this.last[c] = this.endings.containsKey(Character.toLowerCase(c));
		}
	}

	private static String normalized(String name) {
		StringBuilder normalized = new StringBuilder();
		name.toLowerCase(Locale.ROOT)
			.codePoints()
			.filter(Character::isLetterOrDigit)
			.forEach(normalized::appendCodePoint);
		if (normalized.isEmpty()) {
			throw new IllegalArgumentException("A secret name needs a letter or digit");
		}
		return normalized.toString();
	}

	boolean isEmpty() {
		return this.endings.isEmpty();
	}

	/** Returns whether a name may end at the index, by what is before it. */
	boolean mayEnd(String text, int end) {
		int index = end - 1;
		while (index >= 0 && !isLast(text.charAt(index))
				&& (Masker.isDigit(text.charAt(index)) || "_-.".indexOf(text.charAt(index)) >= 0)) {
			index--;
		}
		return index >= 0 && isLast(text.charAt(index));
	}

	private boolean isLast(char c) {
		return c >= this.last.length || this.last[c];
	}

	Secrecy of(String name) {
		return of(name, 0, name.length());
	}

	Secrecy of(String text, int from, int to) {
		int end = end(text, from, to);
		Secrecy found = ofEnding(text, from, end);
		// a number that tells several apart: password2, API_KEY_2
		return (found == Secrecy.NONE && end > from && Masker.isDigit(text.charAt(end - 1)))
				? ofEnding(text, from, beforeDigits(text, from, end)) : found;
	}

	private Secrecy ofEnding(String text, int from, int end) {
		if (end <= from) {
			return Secrecy.NONE;
		}
		List<Ending> endings = this.endings.getOrDefault(Character.toLowerCase(text.charAt(end - 1)), List.of());
		for (Ending ending : endings) {
			int start = start(text, from, end, ending.letters());
			if (start >= 0 && ending.isAt(text, from, start)) {
				return ending.secrecy();
			}
		}
		return Secrecy.NONE;
	}

	/** The end of the last letter or digit, {@code from} if there is none. */
	private static int end(String text, int from, int to) {
		int end = to;
		while (end > from && !Character.isLetterOrDigit(text.charAt(end - 1))) {
			end--;
		}
		return end;
	}

	private static int beforeDigits(String text, int from, int to) {
		int end = to;
		while (end > from && Masker.isDigit(text.charAt(end - 1))) {
			end--;
		}
		return end(text, from, end);
	}

	/** Where the ending starts, or -1 if the text has another. */
	private static int start(String text, int from, int end, String ending) {
		int i = end;
		for (int j = ending.length() - 1; j >= 0; j--) {
			i = end(text, from, i) - 1;
			if (i < from || Character.toLowerCase(text.charAt(i)) != ending.charAt(j)) {
				return -1;
			}
		}
		return i;
	}

	/** Whether a word starts here, by what is before it or by its capital. */
	private static boolean startsWord(String text, int from, int index) {
		if (index == from || !Character.isLetter(text.charAt(index - 1))) {
			return true;
		}
		return Character.isLowerCase(text.charAt(index - 1)) && Character.isUpperCase(text.charAt(index));
	}

	/**
	 * The end of a secret name.
	 *
	 * @param letters its letters and digits in lower case
	 * @param secrecy what it says of its value
	 */
	private record Ending(String letters, Secrecy secrecy) {

		static Ending of(String letters) {
			boolean text = OF_TEXT.stream().anyMatch(letters::endsWith);
			return new Ending(letters, text ? Secrecy.TEXT : Secrecy.ALL);
		}

		boolean isAt(String text, int from, int start) {
			boolean whole = this.letters.length() >= MIN_RUN_TOGETHER || startsWord(text, from, start);
			return whole && !(this.letters.equals(TOKEN) && PIECES.contains(wordBefore(text, from, start)));
		}

		private static String wordBefore(String text, int from, int before) {
			int end = end(text, from, before);
			int start = end;
			while (start > from && Character.isLetter(text.charAt(start - 1))
					&& (start == end || !startsWord(text, from, start))) {
				start--;
			}
			return text.substring(start, end).toLowerCase(Locale.ROOT);
		}

	}

}
