package io.observatory.storage.redact;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks keys that have no first characters of their own, and a mark within: client
 * secrets of Azure, tokens of Telegram's bots, of Discord's and of Terraform's cloud.
 */
final class MarkedKeyMasker implements Masker {

	private static final List<Shape> SHAPES = List.of(
			// three characters, a digit, the mark
			new Shape("Q~", 4, Pattern.compile("[\\w~.-]{3}\\dQ~[\\w~.-]{31,34}")),
			// the bot's number before
			new Shape(":AA", 10, Pattern.compile("\\d{8,10}:AA[\\w-]{30,}")),
			new Shape(".atlasv1.", 14, Pattern.compile("\\w{14}\\.atlasv1\\.[\\w=-]{60,70}")),
			// the bot's number in base64, a time, a signature
			new Shape(".G", 28, Pattern.compile("[MNO][\\w-]{23,27}\\.G[\\w-]{5}\\.[\\w-]{27,}")));

	private final String mask;

	MarkedKeyMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public int suspicion() {
		return SecretPrefilter.API_KEY;
	}

	@Override
	public String mask(String text) {
		String masked = text;
		for (Shape shape : SHAPES) {
			masked = shape.mask(masked, this.mask);
		}
		return masked;
	}

	/**
	 * A key with a mark.
	 *
	 * @param mark what to look for
	 * @param before how far before it the key may start
	 * @param key the whole key
	 */
	private record Shape(String mark, int before, Pattern key) {

		String mask(String text, String mask) {
			Replacements replacements = new Replacements(text);
			int found = text.indexOf(this.mark);
			while (found >= 0) {
				int from = Math.max(replacements.end(), found - this.before);
				int next = found + this.mark.length();
				int line = lineEnd(text, next);
				Matcher matcher = this.key.matcher(text).region(from, line);
				if (matcher.find() && matcher.start() < found) {
					replacements.replace(matcher.start(), matcher.end(), mask);
					next = matcher.end();
				}
				found = text.indexOf(this.mark, next);
			}
			return replacements.result();
		}

		/** No key is longer. */
		private static int lineEnd(String text, int from) {
			return Math.min(text.length(), from + 128);
		}

	}

}
