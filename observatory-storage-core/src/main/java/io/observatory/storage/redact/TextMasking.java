package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.observatory.storage.redact.text.ApiKeyMasker;
import io.observatory.storage.redact.text.Characters;
import io.observatory.storage.redact.text.Masker;
import io.observatory.storage.redact.text.NamedValueMasker;
import io.observatory.storage.redact.text.PatternMasker;
import io.observatory.storage.redact.text.SecretNames;
import io.observatory.storage.redact.text.SpokenValueMasker;

/**
 * Masks texts: JSON value by value, any other by one {@link Masker} after the other. What
 * has nothing to mask is returned as it is. Thread-safe.
 */
final class TextMasking {

	private final Masker[] maskers;

	/** What each masker needs: all of these characters, and one of those. */
	private final long[] all;

	private final long[] any;

	private final NamedValueMasker namedValues;

	private final AttributeNames names;

	private final JsonMasker json;

	TextMasking(Set<SecretKind> kinds, SecretNames names) {
		List<Masker> maskers = new ArrayList<>();
		for (SecretKind kind : SecretKind.values()) {
			if (kinds.contains(kind)) {
				maskers.addAll(kind.maskers());
			}
		}
		if (!names.isEmpty()) {
			maskers.addAll(List.of(PatternMasker.commands(), PatternMasker.calls(), PatternMasker.passwords(names),
					new SpokenValueMasker(names)));
		}
		// the last, so that a secret that is known by its look is told by its kind
		this.namedValues = new NamedValueMasker(names);
		maskers.add(this.namedValues);
		this.maskers = maskers.toArray(Masker[]::new);
		this.all = maskers.stream().map(Masker::needs).mapToLong(Characters.Needs::all).toArray();
		this.any = maskers.stream().map(Masker::needs).mapToLong(Characters.Needs::any).toArray();
		this.names = new AttributeNames(names, this::mask);
		this.json = new JsonMasker(this.names, this::mask, kinds.contains(SecretKind.CARD));
	}

	/** Returns the names of attributes and of JSON's properties. */
	AttributeNames names() {
		return this.names;
	}

	/** Returns the text masked, or the text itself if there is nothing to mask. */
	String mask(String text) {
		long seen = Characters.of(text);
		if (Characters.areLetters(seen) && text.length() < ApiKeyMasker.MIN_KEY_LENGTH) {
			return text;
		}
		return JsonMasker.mayBe(text) ? maskJson(text, seen) : mask(text, seen);
	}

	/**
	 * Where nothing is found but names that are no secrets it need not be read as JSON.
	 */
	private String maskJson(String text, long seen) {
		boolean suspected = Characters.hasEscape(seen) || mask(text, seen, this.maskers.length - 1) != text;
		if (!suspected && !NamedPair.mayBeIn(text) && !this.namedValues.mayHaveName(text)) {
			return text;
		}
		String masked = this.json.mask(text);
		return (masked != null) ? masked : mask(text, seen);
	}

	private String mask(String text, long seen) {
		return mask(text, seen, this.maskers.length);
	}

	private String mask(String text, long seen, int count) {
		String masked = text;
		long known = seen;
		for (int i = 0; i < count; i++) {
			if ((known & this.all[i]) == this.all[i] && (known & this.any[i]) != 0) {
				String before = masked;
				masked = this.maskers[i].mask(before, known);
				// a mask has characters of its own
				known = (masked != before) ? known | Characters.of(masked) : known;
			}
		}
		return masked;
	}

}
