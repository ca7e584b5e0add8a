package io.observatory.storage.redact;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Names whose value is secret. A name is secret when it ends as one of these does, upper
 * and lower case and everything but letters and digits aside: with {@code api-key} also
 * {@code OPENAI_API_KEY} and {@code http.request.header.x-api-key}.
 */
final class SecretNames {

	private final List<String> endings;

	private final String lastCharacters;

	SecretNames(Collection<String> names) {
		this.endings = names.stream().map(SecretNames::normalized).distinct().toList();
		this.lastCharacters = this.endings.stream()
			.map((ending) -> ending.substring(ending.length() - 1))
			.distinct()
			.collect(Collectors.joining());
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

	boolean contains(String name) {
		return contains(name, 0, name.length());
	}

	boolean contains(String text, int from, int to) {
		int last = last(text, from, to);
		if (last < from || this.lastCharacters.indexOf(Character.toLowerCase(text.charAt(last))) < 0) {
			return false;
		}
		for (String ending : this.endings) {
			if (endsWith(text, from, last + 1, ending)) {
				return true;
			}
		}
		return false;
	}

	/** The index of the last letter or digit, less than {@code from} if there is none. */
	private static int last(String text, int from, int to) {
		int last = to - 1;
		while (last >= from && !Character.isLetterOrDigit(text.charAt(last))) {
			last--;
		}
		return last;
	}

	private static boolean endsWith(String text, int from, int to, String ending) {
		int i = to - 1;
		for (int j = ending.length() - 1; j >= 0; j--) {
			i = last(text, from, i + 1);
			if (i < from || Character.toLowerCase(text.charAt(i)) != ending.charAt(j)) {
				return false;
			}
			i--;
		}
		return true;
	}

}
