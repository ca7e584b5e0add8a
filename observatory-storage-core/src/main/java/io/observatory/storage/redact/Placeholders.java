package io.observatory.storage.redact;

import java.util.Locale;
import java.util.Set;

/**
 * What stands where a secret would, and is none: a variable, a blank to fill in, a type,
 * a mask, or a word that tells of a secret.
 */
final class Placeholders {

	private static final int MAX_LENGTH = 80;

	private static final Set<String> WORDS = Set.of("null", "none", "nil", "undefined", "true", "false", "yes", "no",
			"on", "off", "string", "str", "text", "number", "int", "integer", "long", "bool", "boolean", "bytes",
			"object", "any", "array", "list", "char", "secretstr", "required", "optional", "missing", "empty", "unset",
			"set", "invalid", "valid", "expired", "revoked", "rotated", "present", "absent", "redacted", "hidden",
			"masked", "removed", "filtered", "unknown", "default", "incorrect", "wrong", "correct", "changed",
			"updated", "reset", "failed", "denied", "granted", "accepted", "rejected", "refreshed", "verified",
			"unauthorized", "authorized", "forbidden", "disabled", "enabled", "self", "this", "env", "todo", "tbd");

	private static final String[][] BRACKETS = { { "<", ">" }, { "${", "}" }, { "{{", "}}" }, { "$(", ")" },
			{ "%(", ")s" }, { "[", "]" }, { "{", "}" }, { "#{", "}" } };

	private static final String FILLING = "*•.…-_=#? ";

	private Placeholders() {
	}

	/** Returns whether the value is one. */
	static boolean contain(String value) {
		if (value.length() > MAX_LENGTH) {
			return false;
		}
		String bare = withoutMarks(value);
		return isBracketed(value.strip()) || isVariable(bare) || isFiller(bare) || isReference(value)
				|| WORDS.contains(bare.toLowerCase(Locale.ROOT));
	}

	/**
	 * Returns the end of the one in brackets that starts at the index, or the index if
	 * none does.
	 */
	static int end(String text, int from) {
		String near = text.substring(from, Math.min(text.length(), from + MAX_LENGTH));
		for (String[] brackets : BRACKETS) {
			int close = near.startsWith(brackets[0]) ? near.indexOf(brackets[1]) : -1;
			int end = close + brackets[1].length();
			if (close > 0 && isBracketed(near.substring(0, end))) {
				return from + end;
			}
		}
		return from;
	}

	/** Without what ends a sentence or a type that may be null. */
	private static String withoutMarks(String value) {
		String bare = value.strip();
		while (!bare.isEmpty() && ".,;:!?".indexOf(bare.charAt(bare.length() - 1)) >= 0) {
			bare = bare.substring(0, bare.length() - 1);
		}
		return bare;
	}

	private static boolean isBracketed(String value) {
		for (String[] brackets : BRACKETS) {
			int inner = value.length() - brackets[1].length();
			if (value.startsWith(brackets[0]) && value.endsWith(brackets[1]) && inner >= brackets[0].length()
					&& isSpoken(value.substring(brackets[0].length(), inner))) {
				return true;
			}
		}
		return false;
	}

	/** What one writes in brackets: words, names, no brackets. */
	private static boolean isSpoken(String text) {
		return !text.isEmpty()
				&& text.codePoints().allMatch((c) -> Character.isLetterOrDigit(c) || " _-.:'\"|()/@".indexOf(c) >= 0);
	}

	/** {@code $NAME}, {@code %NAME%}, {@code %s}, YAML's {@code !vault}. */
	private static boolean isVariable(String value) {
		boolean percent = value.length() > 2 && value.startsWith("%") && value.endsWith("%");
		boolean format = value.length() == 2 && value.charAt(0) == '%' && Masker.isLetter(value.charAt(1));
		String name = percent ? value.substring(1, value.length() - 1) : value.substring(Math.min(1, value.length()));
		boolean upper = !name.isEmpty()
				&& name.chars().allMatch((c) -> c == '_' || (c >= 'A' && c <= 'Z') || Masker.isDigit((char) c));
		boolean tag = value.startsWith("!") && name.chars().allMatch((c) -> Masker.isLetter((char) c));
		return format || tag || (upper && (percent || value.startsWith("$")));
	}

	/** Nothing, marks or one letter again and again, or told to be filled in. */
	private static boolean isFiller(String value) {
		String lower = value.toLowerCase(Locale.ROOT);
		return lower.chars().allMatch((c) -> FILLING.indexOf(c) >= 0) || isRepeated(lower) || lower.endsWith("...")
				|| lower.startsWith("your") && lower.length() > 4 && "-_ ".indexOf(lower.charAt(4)) >= 0;
	}

	private static boolean isRepeated(String value) {
		return value.length() >= 3 && "x*•".indexOf(value.charAt(0)) >= 0
				&& value.chars().allMatch((c) -> c == value.charAt(0) || c == '-');
	}

	/** A secret's address: a URL, a file, an Amazon resource name. */
	private static boolean isReference(String value) {
		boolean path = value.length() > 2 && value.charAt(0) == '/' && value.charAt(1) >= 'a' && value.charAt(1) <= 'z'
				&& value.indexOf('+') < 0 && value.indexOf('=') < 0;
		return path || value.startsWith("arn:") || value.startsWith("~/") || isUrl(value);
	}

	private static boolean isUrl(String value) {
		int scheme = value.indexOf("://");
		if (scheme <= 1) {
			return false;
		}
		return value.chars().limit(scheme).allMatch((c) -> Masker.isAlphanumeric((char) c) || c == '+' || c == '-');
	}

}
