package io.observatory.storage.redact;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Masks keys by their first characters.
 */
final class ApiKeyMasker implements Masker {

	private static final List<String> PREFIXES = List.of("sk-", "sk_live_", "sk_test_", "rk_live_", "rk_test_",
			"whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxa-", "xoxb-", "xoxp-",
			"xoxr-", "xoxs-", "xapp-", "AKIA", "ASIA", "AIza", "ya29.", "hf_", "npm_", "pypi-", "dckr_pat_", "gsk_",
			"xai-", "nvapi-", "pplx-", "r8_", "SG.", "dop_v1_", "lsv2_", "pk-lf-", "sk-lf-");

	/** The letters they begin with. */
	private static final String PREFIX_STARTS = PREFIXES.stream()
		.map((prefix) -> prefix.substring(0, 1))
		.distinct()
		.collect(Collectors.joining());

	private static final int MIN_LENGTH = 16;

	/** Of a prefix and what follows. */
	static final int MIN_KEY_LENGTH = PREFIXES.stream().mapToInt(String::length).min().orElseThrow() + MIN_LENGTH;

	private final String mask;

	ApiKeyMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public int suspicion() {
		return Suspicions.API_KEY;
	}

	@Override
	public String mask(String text) {
		Replacements replacements = new Replacements(text);
		int i = 0;
		while (i < text.length()) {
			if (!Masker.isAlphanumeric(text.charAt(i))) {
				i++;
				continue;
			}
			int prefixEnd = prefixEnd(text, i);
			int end = (prefixEnd > 0) ? keyEnd(text, prefixEnd) : -1;
			if (end - prefixEnd >= MIN_LENGTH && hasDigit(text, prefixEnd, end)) {
				replacements.replace(i, end, this.mask);
			}
			// a part of what is too short or has no digit is no key either
			i = Math.max(end, wordEnd(text, i));
		}
		return replacements.result();
	}

	private static int prefixEnd(String text, int start) {
		if (PREFIX_STARTS.indexOf(text.charAt(start)) < 0) {
			return -1;
		}
		for (String prefix : PREFIXES) {
			if (text.startsWith(prefix, start)) {
				return start + prefix.length();
			}
		}
		return -1;
	}

	private static int keyEnd(String text, int from) {
		int end = from;
		while (end < text.length()
				&& (Masker.isAlphanumeric(text.charAt(end)) || "_-.".indexOf(text.charAt(end)) >= 0)) {
			end++;
		}
		while (end > from && text.charAt(end - 1) == '.') {
			end--;
		}
		return end;
	}

	/** Words joined by dashes are no key. */
	private static boolean hasDigit(String text, int from, int end) {
		for (int i = from; i < end; i++) {
			if (Masker.isDigit(text.charAt(i))) {
				return true;
			}
		}
		return false;
	}

	private static int wordEnd(String text, int start) {
		int end = start;
		while (end < text.length() && Masker.isAlphanumeric(text.charAt(end))) {
			end++;
		}
		return end;
	}

}
