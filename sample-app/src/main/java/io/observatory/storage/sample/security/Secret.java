package io.observatory.storage.sample.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import org.springframework.util.Assert;

/**
 * A password or token of the configuration. It keeps only a digest, and never shows it.
 */
public final class Secret {

	private final byte[] digest;

	private Secret(byte[] digest) {
		this.digest = digest;
	}

	/**
	 * Returns the secret that a property gives. Spring Boot converts texts by this
	 * method.
	 */
	public static Secret of(String text) {
		Assert.hasText(text, "A password or token must not be blank: remove the property, or set it");
		return new Secret(digest(text));
	}

	/**
	 * Returns whether a text is the secret. How long this takes says nothing about the
	 * secret.
	 */
	public boolean matches(String text) {
		return MessageDigest.isEqual(this.digest, digest(text));
	}

	private static byte[] digest(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return "(secret)";
	}

}
