package io.observatory.storage.redact.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Masks private keys as PEM (RFC 7468), OpenPGP (RFC 9580, section 6.2) and SSH (RFC
 * 4716) write them, also when their beginning or their end is cut off.
 */
public final class PrivateKeyMasker implements Masker {

	private static final Pattern LABEL = Pattern
		.compile("-{4,5} ?(BEGIN|END) (?:[A-Z\\d]+ ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}");

	private static final String END = "END";

	private static final int LABEL_DASHES = 4;

	/** Of base64, with what parts it from the label. */
	private static final int MAX_LAST_LINE = 100;

	/** What has only shorter ones speaks of a key. */
	private static final int MIN_RUN = 20;

	private final String mask;

	public PrivateKeyMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public Characters.Needs needs() {
		return Characters.Needs.all("-ENPRIVATEKEY");
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		Matcher label = LABEL.matcher(text);
		int from = 0;
		while (label.find(from)) {
			from = label.end();
			if (label.group(1).equals(END)) {
				int start = bodyStart(text, replacements.end(), label.start());
				if (start < label.start()) {
					replacements.replace(start, from, this.mask);
				}
				continue;
			}
			int end = bodyEnd(text, from);
			if (end > from) {
				int begin = label.start();
				from = endOfLabel(text, end);
				replacements.replace(begin, from, this.mask);
			}
		}
		return replacements.result();
	}

	/** Behind the last long run of base64. Without such a run there is no key. */
	private static int bodyEnd(String text, int from) {
		int run = 0;
		int lastRun = from;
		int dashes = 0;
		for (int i = from; i < text.length() && isBody(text.charAt(i)) && dashes < LABEL_DASHES; i++) {
			dashes = (text.charAt(i) == '-') ? dashes + 1 : 0;
			run = isBase64(text.charAt(i)) ? run + 1 : 0;
			lastRun = (run >= MIN_RUN) ? i + 1 : lastRun;
		}
		return lastRun;
	}

	/**
	 * Behind the label that ends the key, and what is before it; where it is missing, the
	 * index itself.
	 */
	private static int endOfLabel(String text, int from) {
		int label = from;
		while (label < text.length() && text.charAt(label) != '-' && isBody(text.charAt(label))
				&& label - from < MAX_LAST_LINE) {
			label++;
		}
		Matcher end = LABEL.matcher(text).region(label, text.length());
		return (end.lookingAt() && end.group(1).equals(END)) ? end.end() : from;
	}

	/** Back over lines of base64, of which all but the last are long. */
	private static int bodyStart(String text, int from, int label) {
		int start = label;
		int line = lineStart(text, from, start);
		boolean last = true;
		while (line < start && (last || start - line >= MIN_RUN)) {
			start = line;
			last = false;
			line = lineStart(text, from, start);
		}
		return (label - start >= MIN_RUN) ? start : label;
	}

	/**
	 * Where the run of base64 starts that ends at the index, with nothing but line ends
	 * between.
	 */
	private static int lineStart(String text, int from, int end) {
		int start = end;
		while (start > from && (Character.isWhitespace(text.charAt(start - 1)) || Escapes.endsBefore(text, start)
				|| text.charAt(start - 1) == '\\')) {
			start--;
		}
		int line = start;
		while (line > from && isBase64(text.charAt(line - 1)) && !Escapes.endsBefore(text, line)) {
			line--;
		}
		return (line < start) ? line : end;
	}

	/** Base64, the headers of an encrypted key, and line ends also as escapes. */
	private static boolean isBody(char c) {
		return isBase64(c) || Character.isWhitespace(c) || "\\:,-.@<>()\"'#|%".indexOf(c) >= 0;
	}

	private static boolean isBase64(char c) {
		return Masker.isAlphanumeric(c) || c == '+' || c == '/' || c == '=';
	}

}
