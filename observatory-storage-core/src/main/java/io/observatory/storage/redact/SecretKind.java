package io.observatory.storage.redact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.observatory.storage.redact.text.ApiKeyMasker;
import io.observatory.storage.redact.text.AuthenticationMasker;
import io.observatory.storage.redact.text.CardMasker;
import io.observatory.storage.redact.text.EmailMasker;
import io.observatory.storage.redact.text.JsonWebTokenMasker;
import io.observatory.storage.redact.text.Masker;
import io.observatory.storage.redact.text.PatternMasker;
import io.observatory.storage.redact.text.PrivateKeyMasker;
import io.observatory.storage.redact.text.UrlPasswordMasker;

/**
 * What is recognized by its look.
 */
public enum SecretKind {

	/** A private key as PEM (RFC 7468) and OpenPGP write it. */
	PRIVATE_KEY("[redacted:private-key]", (mask) -> List.of(new PrivateKeyMasker(mask))),

	/**
	 * The password in a URL, {@code postgres://user:…@host} (RFC 3986, section 3.2.1), or
	 * the token that stands alone in its place.
	 */
	URL_PASSWORD("[redacted:url-password]", (mask) -> List.of(new UrlPasswordMasker(mask))),

	/** An e-mail address, also with its {@code @} as {@code %40} in a URL. */
	EMAIL("[redacted:email]", (mask) -> List.of(new EmailMasker(mask))),

	/**
	 * The number of a payment card: 13 to 19 digits, alone or in groups parted by single
	 * spaces or dashes, that begin as a card network's numbers do and whose check digit
	 * is right (ISO/IEC 7812-1, Luhn). Also one that is a number and no text.
	 */
	CARD("[redacted:card]", (mask) -> List.of(new CardMasker(mask))),

	/**
	 * A bearer token (RFC 6750), and a JSON Web Token anywhere, signed or encrypted (RFC
	 * 7519).
	 */
	BEARER("[redacted:bearer]", (mask) -> {
		List<Masker> maskers = new ArrayList<>(AuthenticationMasker.bearer(mask));
		maskers.add(new JsonWebTokenMasker(mask));
		return maskers;
	}),

	/** A name and a password in base64 after the word Basic (RFC 7617). */
	BASIC("[redacted:basic]", AuthenticationMasker::basic),

	/**
	 * A key that tells by its first characters whose it is: OpenAI, Anthropic, AWS,
	 * GitHub, GitLab, Google, Slack, Stripe, Hugging Face and others; and those that a
	 * mark within tells: client secrets of Azure, tokens of Telegram's and Discord's
	 * bots.
	 */
	API_KEY("[redacted:api-key]", (mask) -> List.of(new ApiKeyMasker(mask), PatternMasker.keys(mask)));

	private final String mask;

	private final Function<String, List<Masker>> maskers;

	SecretKind(String mask, Function<String, List<Masker>> maskers) {
		this.mask = mask;
		this.maskers = maskers;
	}

	/** Returns what is stored in its place. */
	public String mask() {
		return this.mask;
	}

	List<Masker> maskers() {
		return this.maskers.apply(this.mask);
	}

}
