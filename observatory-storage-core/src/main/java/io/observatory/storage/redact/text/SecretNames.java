package io.observatory.storage.redact.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Names whose value is secret. A name is secret when its last words are one of these,
 * upper and lower case and everything but letters and digits aside: with {@code api-key}
 * also {@code OPENAI_API_KEY}, {@code apiKey2} and {@code http.request.header.x-api-key}.
 * A name of five letters and more is also found at the end of words written as one:
 * {@code PGPASSWORD}.
 */
public final class SecretNames {

	/** Shorter ones end other words by chance, as {@code pin} does. */
	private static final int MIN_RUN_TOGETHER = 5;

	/** With these a number is a count, a flag or a price. */
	private static final List<String> OF_TEXT = List.of("token", "tokens", "key", "keys", "authorization", "cookie",
			"cookies", "credential", "credentials", "secrets", "passwords", "sig", "signature", "pass");

	/**
	 * Words that tell before another that it is no secret: a token that is a piece of
	 * text or a place in a list, the name of a secret that is elsewhere.
	 */
	private static final Map<String, Set<String>> HARMLESS = Map.of("secret", Set.of("existing"), "secrets",
			Set.of("pull"), "token",
			Set.of("first", "last", "next", "prev", "previous", "per", "each", "every", "single", "page", "paging",
					"pagination", "continuation", "continue", "sync", "resume", "cursor", "list", "stop", "start",
					"end", "begin", "eos", "bos", "eot", "eom", "eod", "pad", "padding", "unk", "sep", "cls", "mask",
					"special", "control", "separator", "fim", "input", "output", "prompt", "completion", "cached",
					"reasoning", "thinking", "image", "audio", "video", "text", "max", "min", "total", "sampled",
					"generated", "predicted", "draft", "accepted", "rejected", "decode", "inter", "vocab", "word",
					"byte", "unexpected", "unknown", "illegal", "added", "extra", "missing"));

	/** What tells a letter of ASCII, upper and lower case alike. */
	private static final int LETTER_BITS = 5;

	private static final List<Ending> NO_ENDINGS = List.of();

	private final List<Ending> endings;

	/** Whether a name's last character is the one of ASCII. */
	private final boolean[] last = new boolean[128];

	/** By their last two letters: next to no other word ends like these. */
	private final List<List<Ending>> byLastTwo = new ArrayList<>(
			Collections.nCopies(1 << (2 * LETTER_BITS), NO_ENDINGS));

	public SecretNames(Collection<String> names) {
		this.endings = names.stream().map(SecretNames::normalized).distinct().map(Ending::of).toList();
		this.endings.forEach(this::add);
	}

	private void add(Ending ending) {
		String name = ending.letters();
		char c = name.charAt(name.length() - 1);
		if (c < this.last.length) {
			this.last[c] = true;
			this.last[Character.toUpperCase(c)] = true;
		}
		for (char before = 'a'; before <= 'z'; before++) {
			if (name.length() == 1 || name.charAt(name.length() - 2) == before) {
				List<Ending> alike = new ArrayList<>(this.byLastTwo.get(pair(before, c)));
				alike.add(ending);
				this.byLastTwo.set(pair(before, c), alike);
			}
		}
	}

	private static int pair(char one, char other) {
		int mask = (1 << LETTER_BITS) - 1;
		return (one & mask) << LETTER_BITS | (other & mask);
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

	public boolean isEmpty() {
		return this.endings.isEmpty();
	}

	/** Returns whether a name may end at the index, by what is before it. */
	boolean mayEnd(String text, int end) {
		int index = end - 1;
		while (index >= 0 && !isLast(text.charAt(index))
				&& (Masker.isDigit(text.charAt(index)) || "_-.".indexOf(text.charAt(index)) >= 0)) {
			index--;
		}
		return index >= 0 && !endings(text, index).isEmpty();
	}

	private boolean isLast(char c) {
		return c >= this.last.length || this.last[c];
	}

	/** Those that may end with the character at the index. */
	private List<Ending> endings(String text, int index) {
		char c = text.charAt(index);
		char before = (index > 0) ? text.charAt(index - 1) : ' ';
		if (Masker.isLetter(c) && Masker.isLetter(before)) {
			return this.byLastTwo.get(pair(before, c));
		}
		return isLast(c) ? this.endings : NO_ENDINGS;
	}

	public Secrecy of(String name) {
		return of(name, 0, name.length());
	}

	public Secrecy of(String text, int from, int to) {
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
		for (Ending ending : endings(text, end - 1)) {
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
			return whole && !HARMLESS.getOrDefault(this.letters, Set.of()).contains(wordBefore(text, from, start));
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

	/**
	 * What a name says of its value.
	 */
	public enum Secrecy {

		/** It is no secret. */
		NONE,

		/** It is one if it is text: {@code token}, which is also what models count. */
		TEXT,

		/** It is one, a number as well: {@code password}. A flag never is. */
		ALL

	}

}
