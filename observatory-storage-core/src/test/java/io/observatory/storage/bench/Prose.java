package io.observatory.storage.bench;

import java.util.Arrays;
import java.util.Random;

/**
 * Text as people write it, as far as a compressor can tell: words of which the n-th most
 * frequent comes about 1/n as often as the first (Zipf's law), in sentences.
 */
final class Prose {

	private static final int WORDS = 8_000;

	private static final int LONGEST_SENTENCE = 24;

	private static final String[] VOCABULARY = vocabulary(new Random(7));

	/** How often one of the first n words comes, for each n. */
	private static final double[] CUMULATED = cumulated();

	private final Random random;

	Prose(long seed) {
		this.random = new Random(seed);
	}

	/** Returns so many characters, all ASCII. */
	String text(int length) {
		StringBuilder text = new StringBuilder(length + 32);
		while (text.length() < length) {
			sentence(text);
		}
		text.setLength(length);
		return text.toString();
	}

	private void sentence(StringBuilder text) {
		int start = text.length();
		int words = 4 + this.random.nextInt(LONGEST_SENTENCE - 4);
		for (int i = 0; i < words; i++) {
			text.append(word()).append((i == words - 1) ? ". " : (this.random.nextInt(12) == 0) ? ", " : " ");
		}
		text.setCharAt(start, Character.toUpperCase(text.charAt(start)));
	}

	private String word() {
		int index = Arrays.binarySearch(CUMULATED, this.random.nextDouble() * CUMULATED[WORDS - 1]);
		return VOCABULARY[(index < 0) ? Math.min(-index - 1, WORDS - 1) : index];
	}

	/** The frequent words are short, as they are in every language. */
	private static String[] vocabulary(Random random) {
		String[] onsets = { "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "w", "st", "tr", "pr",
				"ch", "sh", "th", "" };
		String[] rhymes = { "a", "e", "i", "o", "u", "an", "en", "in", "on", "er", "ar", "at", "est", "ing", "ion",
				"ou", "ea", "al", "ent" };
		String[] words = new String[WORDS];
		for (int i = 0; i < WORDS; i++) {
			StringBuilder word = new StringBuilder();
			int syllables = 1 + (int) Math.round(Math.log10(i + 1.0) * random.nextDouble());
			for (int syllable = 0; syllable < syllables; syllable++) {
				word.append(onsets[random.nextInt(onsets.length)]).append(rhymes[random.nextInt(rhymes.length)]);
			}
			words[i] = word.toString();
		}
		return words;
	}

	private static double[] cumulated() {
		double[] cumulated = new double[WORDS];
		double sum = 0;
		for (int i = 0; i < WORDS; i++) {
			sum += 1.0 / (i + 2.7);
			cumulated[i] = sum;
		}
		return cumulated;
	}

}
