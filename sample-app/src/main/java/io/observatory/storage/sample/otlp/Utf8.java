package io.observatory.storage.sample.otlp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.observatory.storage.sample.intake.RequestException;

/**
 * Handles bytes that are not UTF-8.
 */
final class Utf8 {

	private static final int MAX_INVALID = 10_000;

	private Utf8() {
	}

	/** Returns where the text begins. */
	static int afterByteOrderMark(byte[] bytes, int size) {
		return (size >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF) ? 3 : 0;
	}

	/**
	 * Replaces each byte that is not valid by a question mark, in place.
	 * @return where they were, in order
	 * @throws RequestException when they are more than a few
	 */
	static int[] replaceInvalid(byte[] bytes, int start, int end) {
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT);
		ByteBuffer in = ByteBuffer.wrap(bytes, start, end - start);
		CharBuffer out = CharBuffer.allocate(8192);
		int[] invalid = new int[16];
		int count = 0;
		while (true) {
			CoderResult result = decoder.decode(in, out, true);
			out.clear();
			if (result.isUnderflow()) {
				return Arrays.copyOf(invalid, count);
			}
			for (int i = 0; result.isError() && i < result.length(); i++) {
				if (count == MAX_INVALID) {
					throw RequestException.malformed("The body is not UTF-8");
				}
				invalid = (count == invalid.length) ? Arrays.copyOf(invalid, 2 * count) : invalid;
				invalid[count++] = in.position();
				bytes[in.position()] = '?';
				in.position(in.position() + 1);
			}
		}
	}

}
