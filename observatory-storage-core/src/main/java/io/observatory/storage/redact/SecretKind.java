package io.observatory.storage.redact;

import java.util.List;
import java.util.function.Function;

/**
 * What is recognized by its look.
 */
public enum SecretKind {

	/** A private key as PEM (RFC 7468) and OpenPGP write it. */
	PRIVATE_KEY("[redacted:private-key]", PrivateKeyMasker::new),

	/**
	 * The password in a URL, {@code postgres://user:…@host} (RFC 3986, section 3.2.1), or
	 * the token that stands alone in its place.
	 */
	URL_PASSWORD("[redacted:url-password]", UrlPasswordMasker::new),

	/** An e-mail address, also with its {@code @} as {@code %40} in a URL. */
	EMAIL("[redacted:email]", EmailMasker::new),

	/**
	 * The number of a payment card: 13 to 19 digits, alone or in groups parted by single
	 * spaces or dashes, that begin as a card network's numbers do and whose check digit
	 * is right (ISO/IEC 7812-1, Luhn). Also one that is a number and no text.
	 */
	CARD("[redacted:card]", CardMasker::new),

	/**
	 * A bearer token (RFC 6750), and a JSON Web Token anywhere, signed or encrypted (RFC
	 * 7519).
	 */
	BEARER("[redacted:bearer]", List.of(BearerMasker::new, JsonWebTokenMasker::new)),

	/** A name and a password in base64 after the word Basic (RFC 7617). */
	BASIC("[redacted:basic]", BasicMasker::new),

	/**
	 * A key that tells by its first characters whose it is: OpenAI, Anthropic, AWS,
	 * GitHub, GitLab, Google, Slack, Stripe, Hugging Face and others; and those that a
	 * mark within tells: client secrets of Azure, tokens of Telegram's and Discord's
	 * bots.
	 */
	API_KEY("[redacted:api-key]", List.of(ApiKeyMasker::new, MarkedKeyMasker::new));

	private final String mask;

	private final List<Function<String, Masker>> maskers;

	SecretKind(String mask, Function<String, Masker> masker) {
		this(mask, List.of(masker));
	}

	SecretKind(String mask, List<Function<String, Masker>> maskers) {
		this.mask = mask;
		this.maskers = maskers;
	}

	/** Returns what is stored in its place. */
	public String mask() {
		return this.mask;
	}

	List<Masker> maskers() {
		return this.maskers.stream().map((masker) -> masker.apply(this.mask)).toList();
	}

}
