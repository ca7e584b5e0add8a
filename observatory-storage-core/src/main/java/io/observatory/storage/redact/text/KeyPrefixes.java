package io.observatory.storage.redact.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * How keys begin, as the table {@code key-prefixes.txt} has it.
 */
public final class KeyPrefixes {

	/** So many letters and digits that make no words are no accident. */
	static final int RANDOM = 12;

	private static final List<KeyPrefix> PREFIXES = read();

	/** By their first character, the longer ones first. */
	private static final KeyPrefix[][] BY_START = byStart();

	private KeyPrefixes() {
	}

	private static List<KeyPrefix> read() {
		try (InputStream in = KeyPrefixes.class.getResourceAsStream("key-prefixes.txt")) {
			return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII).lines()
				.filter((line) -> !line.startsWith("#"))
				.flatMap(KeyPrefixes::prefixes)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<KeyPrefix> prefixes(String line) {
		String[] words = line.split(" ");
		String kind = words[0];
		boolean hex = kind.equals("hex");
		String marks = kind.equals("base64") ? "_-.+/=" : "_-.";
		int minRandom = Integer.parseInt(words[1]);
		return Arrays.stream(words, 2, words.length)
			.map((prefix) -> new KeyPrefix(prefix, minRandom, hex || kind.equals("run"), hex, marks));
	}

	private static KeyPrefix[][] byStart() {
		KeyPrefix[][] byStart = new KeyPrefix[128][];
		for (char c = 0; c < byStart.length; c++) {
			char start = c;
			KeyPrefix[] prefixes = PREFIXES.stream()
				.filter((prefix) -> prefix.text().charAt(0) == start)
				.sorted((one, other) -> other.text().length() - one.text().length())
				.toArray(KeyPrefix[]::new);
			byStart[c] = (prefixes.length > 0) ? prefixes : null;
		}
		return byStart;
	}

	/**
	 * Returns whether a key may begin with the character.
	 */
	static boolean start(char c) {
		return c < BY_START.length && BY_START[c] != null;
	}

	/**
	 * Returns the prefix that stands at the index, which {@linkplain #start starts} one.
	 */
	static @Nullable KeyPrefix at(String text, int index) {
		for (KeyPrefix prefix : BY_START[text.charAt(index)]) {
			if (text.startsWith(prefix.text(), index)) {
				return prefix;
			}
		}
		return null;
	}

	/**
	 * How a vendor's keys begin, and what they go on with.
	 *
	 * @param text the first characters
	 * @param minRandom how many letters and digits in it make no words, at least
	 * @param oneRun whether these follow one another
	 * @param hex whether they are hex digits
	 * @param marks what else a key is made of
	 */
	record KeyPrefix(String text, int minRandom, boolean oneRun, boolean hex, String marks) {

		boolean continues(char c) {
			return Masker.isAlphanumeric(c) || this.marks.indexOf(c) >= 0;
		}

	}

}
