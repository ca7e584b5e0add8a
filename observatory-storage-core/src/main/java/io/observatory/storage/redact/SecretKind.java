package io.observatory.storage.redact;

import java.util.function.Function;

/**
 * What is recognized by its look.
 */
public enum SecretKind {

	/**
	 * An e-mail address, also with its {@code @} as {@code %40} in a URL.
	 */
	EMAIL("[redacted:email]", EmailMasker::new),

	/**
	 * The number of a payment card: 13 to 19 digits, alone or in groups parted by single
	 * spaces or dashes, that begin as a card network's numbers do and whose check digit
	 * is right (ISO/IEC 7812-1, Luhn). Also one that is a number and no text.
	 */
	CARD("[redacted:card]", CardMasker::new),

	/**
	 * A bearer token (RFC 6750), and a JSON Web Token anywhere (RFC 7519).
	 */
	BEARER("[redacted:bearer]", BearerMasker::new),

	/**
	 * A key that tells by its first characters whose it is: OpenAI, Anthropic, AWS,
	 * GitHub, GitLab, Google, Slack, Stripe, Hugging Face and others.
	 */
	API_KEY("[redacted:api-key]", ApiKeyMasker::new);

	private final String mask;

	private final Function<String, Masker> masker;

	SecretKind(String mask, Function<String, Masker> masker) {
		this.mask = mask;
		this.masker = masker;
	}

	/**
	 * Returns what is stored in its place.
	 */
	public String mask() {
		return this.mask;
	}

	Masker masker() {
		return this.masker.apply(this.mask);
	}

}
