package io.observatory.storage.llm;

import org.jspecify.annotations.Nullable;

/**
 * Where an image or a sound is: at a URL, or right here in base64. Exactly one of the two
 * is set. It is stored as given, so mind the size: a span's attributes are one JSON
 * value. {@code toString()} shows nothing of it.
 *
 * @param url its address, or null
 * @param base64 its bytes in base64, or null
 * @param mimeType its IANA media type, for instance {@code image/png}, or null if unknown
 */
public record MediaSource(@Nullable String url, @Nullable String base64, @Nullable String mimeType) {

	/**
	 * Checks that there is one source.
	 * @throws IllegalArgumentException when both or none of URL and base64 are set
	 */
	public MediaSource {
		if ((url == null) == (base64 == null)) {
			throw new IllegalArgumentException("MediaSource: exactly one of url and base64 is required");
		}
	}

	/** Returns a source at an address. */
	public static MediaSource ofUrl(String url, @Nullable String mimeType) {
		return new MediaSource(url, null, mimeType);
	}

	/** Returns a source of bytes in base64. */
	public static MediaSource ofBase64(String base64, String mimeType) {
		return new MediaSource(null, base64, mimeType);
	}

	@Override
	public String toString() {
		return "MediaSource";
	}

}
