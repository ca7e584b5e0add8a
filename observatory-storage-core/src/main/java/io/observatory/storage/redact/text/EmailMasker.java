package io.observatory.storage.redact.text;

import java.util.Locale;
import java.util.Set;

/**
 * Masks e-mail addresses. Looks for the {@code @} and goes from there to both sides, so
 * that a long text takes no longer than its length.
 */
public final class EmailMasker implements Masker {

	private static final String ENCODED_AT = "%40";

	/** RFC 5321, section 4.5.3.1.1. */
	private static final int MAX_LOCAL_LENGTH = 64;

	private static final String GIT = "git";

	private static final Set<String> FILES = Set.of("png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "js", "mjs",
			"css", "tgz", "zip", "jar", "whl", "json", "html");

	private final String mask;

	public EmailMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all(".").and(Characters.Needs.any("@%"));
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		int at = text.indexOf('@');
		int encoded = text.indexOf(ENCODED_AT);
		while (at >= 0 || encoded >= 0) {
			if (encoded < 0 || (at >= 0 && at < encoded)) {
				address(text, at, at + 1, replacements);
				at = text.indexOf('@', at + 1);
			}
			else {
				address(text, encoded, encoded + ENCODED_AT.length(), replacements);
				encoded = text.indexOf(ENCODED_AT, encoded + 1);
			}
		}
		return replacements.result();
	}

	private void address(String text, int at, int afterAt, Replacements replacements) {
		int from = at;
		while (from > replacements.end() && at - from < MAX_LOCAL_LENGTH && isLocal(text.charAt(from - 1))) {
			from--;
		}
		while (from < at && text.charAt(from) == '\'') {
			from++;
		}
		int to = afterAt;
		while (to < text.length() && isDomain(text.charAt(to))) {
			to++;
		}
		while (to > afterAt && !Character.isLetterOrDigit(text.charAt(to - 1))) {
			to--;
		}
		if (from < at && hasTopLevel(text, afterAt, to) && !isRepository(text, from, at, to)) {
			replacements.replace(from, to, this.mask);
		}
	}

	/**
	 * A version, {@code react@18.2.0}, has none, and neither has an image's
	 * {@code logo@2x.png}.
	 */
	private static boolean hasTopLevel(String text, int from, int to) {
		int dot = text.lastIndexOf('.', to - 1);
		if (dot <= from || to - dot <= 2 || !Character.isLetter(text.charAt(dot + 1))) {
			return false;
		}
		return !FILES.contains(text.substring(dot + 1, to).toLowerCase(Locale.ROOT));
	}

	/** {@code git@github.com:owner/name.git} */
	private static boolean isRepository(String text, int from, int at, int to) {
		boolean path = to < text.length() && (text.charAt(to) == ':' || text.charAt(to) == '/');
		return path && GIT.contentEquals(text.subSequence(from, at));
	}

	private static boolean isLocal(char c) {
		return Character.isLetterOrDigit(c) || "._%+-'&".indexOf(c) >= 0;
	}

	private static boolean isDomain(char c) {
		return Character.isLetterOrDigit(c) || c == '.' || c == '-';
	}

}
