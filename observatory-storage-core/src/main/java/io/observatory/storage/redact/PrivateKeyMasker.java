package io.observatory.storage.redact;

/**
 * Masks private keys as PEM (RFC 7468) and OpenPGP (RFC 9580, section 6.2) write them,
 * also when their end is cut off.
 */
final class PrivateKeyMasker implements Masker {

	static final String BEGIN = "-----BEGIN ";

	private static final String END = "-----END ";

	private static final String DASHES = "-----";

	private static final String PRIVATE = "PRIVATE KEY";

	private static final int MAX_LABEL_LENGTH = 40;

	/** What has only shorter ones speaks of a key. */
	private static final int MIN_RUN = 20;

	private final String mask;

	PrivateKeyMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public int suspicion() {
		return SecretPrefilter.PRIVATE_KEY;
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		int begin = text.indexOf(BEGIN);
		while (begin >= 0) {
			int label = begin + BEGIN.length();
			int labelEnd = text.indexOf(DASHES, label);
			int body = isPrivate(text, label, labelEnd) ? labelEnd + DASHES.length() : label;
			int end = (body > label) ? end(text, body) : label;
			if (end > body) {
				replacements.replace(begin, end, this.mask);
			}
			begin = text.indexOf(BEGIN, end);
		}
		return replacements.result();
	}

	private static boolean isPrivate(String text, int from, int to) {
		return to > from && to - from <= MAX_LABEL_LENGTH && text.substring(from, to).contains(PRIVATE);
	}

	/**
	 * Behind the line that ends the key; where that is missing, behind the last long run
	 * of base64. Without such a run there is no key.
	 */
	private static int end(String text, int from) {
		int run = 0;
		int lastRun = from;
		int end = from;
		while (end < text.length() && isBody(text.charAt(end)) && !isLine(text, end)) {
			run = isBase64(text.charAt(end)) ? run + 1 : 0;
			end++;
			lastRun = (run >= MIN_RUN) ? end : lastRun;
		}
		boolean ended = lastRun > from && text.startsWith(END, end);
		int dashes = ended ? text.indexOf(DASHES, end + END.length()) : -1;
		return (dashes >= 0 && dashes - end <= MAX_LABEL_LENGTH + END.length()) ? dashes + DASHES.length() : lastRun;
	}

	private static boolean isLine(String text, int index) {
		return text.charAt(index) == '-' && (text.startsWith(END, index) || text.startsWith(BEGIN, index));
	}

	/** Base64, the headers of an encrypted key, and line ends also as escapes. */
	private static boolean isBody(char c) {
		return isBase64(c) || Character.isWhitespace(c) || "\\:,-.@<>()\"'#|%".indexOf(c) >= 0;
	}

	private static boolean isBase64(char c) {
		return Masker.isAlphanumeric(c) || c == '+' || c == '/' || c == '=';
	}

}
