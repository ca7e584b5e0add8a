package io.observatory.storage.redact;

import java.util.Base64;

/**
 * Masks what follows the word Basic, if it is a name and a password in base64.
 */
final class BasicMasker implements Masker {

	static final AuthenticationScheme SCHEME = new AuthenticationScheme("basic");

	private final String mask;

	BasicMasker(String mask) {
		this.mask = mask;
	}

	@Override
	public int suspicion() {
		return SecretPrefilter.BASIC;
	}

	@Override
	public String mask(String text) {
		return SCHEME.mask(text, this.mask, BasicMasker::isSecret);
	}

	private static boolean isSecret(String text, int scheme, int from, int to) {
		int end = to;
		while (end > from && text.charAt(end - 1) == '.') {
			end--;
		}
		try {
			return isNameAndPassword(Base64.getDecoder().decode(text.substring(from, end)));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static boolean isNameAndPassword(byte[] decoded) {
		boolean colon = false;
		for (byte b : decoded) {
			if (b >= 0 && b < ' ') {
				return false;
			}
			colon |= b == ':';
		}
		return colon;
	}

}
