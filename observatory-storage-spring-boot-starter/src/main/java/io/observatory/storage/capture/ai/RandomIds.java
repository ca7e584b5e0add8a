package io.observatory.storage.capture.ai;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids as required by W3C Trace Context: random, in hex, not zero.
 */
final class RandomIds {

	private RandomIds() {
	}

	static String traceId() {
		return HexFormat.of().toHexDigits(random()) + HexFormat.of().toHexDigits(random());
	}

	static String spanId() {
		return HexFormat.of().toHexDigits(random());
	}

	private static long random() {
		long random = ThreadLocalRandom.current().nextLong();
		return (random != 0) ? random : 1;
	}

}
