package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Masks texts: JSON value by value, any other by one {@link Masker} after the other. What
 * has nothing to mask is returned as it is. Thread-safe.
 */
final class TextMasking {

	private final List<Masker> maskers = new ArrayList<>();

	private final NamedValueMasker namedValues;

	private final AttributeNames names;

	private final JsonMasker json;

	TextMasking(Set<SecretKind> kinds, SecretNames names) {
		for (SecretKind kind : SecretKind.values()) {
			if (kinds.contains(kind)) {
				this.maskers.addAll(kind.maskers());
			}
		}
		// the last, so that a secret that is known by its look is told by its kind
		this.namedValues = new NamedValueMasker(names);
		this.maskers.add(this.namedValues);
		this.maskers.add(new SpokenValueMasker(names));
		this.names = new AttributeNames(names, this::mask);
		this.json = new JsonMasker(this.names, this::mask, kinds.contains(SecretKind.CARD));
	}

	/** Returns the names of attributes and of JSON's properties. */
	AttributeNames names() {
		return this.names;
	}

	/** Returns the text masked, or the text itself if there is nothing to mask. */
	String mask(String text) {
		int suspicions = SecretPrefilter.of(text);
		if (suspicions == 0) {
			return text;
		}
		if (!JsonMasker.mayBe(text)) {
			return mask(text, suspicions);
		}
		// JSON has names of its own, most of them no secrets: then it need not be read
		if (suspicions == SecretPrefilter.NAMED_VALUE && !NamedPair.mayBeIn(text)
				&& !this.namedValues.mayHaveName(text)) {
			return text;
		}
		String masked = this.json.mask(text);
		return (masked != null) ? masked : mask(text, suspicions);
	}

	private String mask(String text, int suspicions) {
		String masked = text;
		for (Masker masker : this.maskers) {
			// a mask may have made a neighbour look like a secret
			if (masked != text || (suspicions & masker.suspicion()) != 0) {
				masked = masker.mask(masked);
			}
		}
		return masked;
	}

}
