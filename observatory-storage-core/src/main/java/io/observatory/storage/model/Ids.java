package io.observatory.storage.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;

/**
 * How the ids of stored rows come about. Traces, spans and metrics have derived ids: any
 * process computes the same one without asking the database. Logs, data points and trace
 * events have a time-ordered UUIDv7 (RFC 9562, section 5.7).
 */
public final class Ids {

	private static final int TRACE_HEX_LENGTH = 32;

	private static final int SPAN_HEX_LENGTH = 16;

	private static final TimeBasedEpochGenerator TIME_ORDERED = Generators.timeBasedEpochGenerator();

	private Ids() {
	}

	/**
	 * Returns a new time-ordered UUIDv7.
	 */
	public static UUID next() {
		return TIME_ORDERED.generate();
	}

	/**
	 * Returns whether the text is a trace id of OpenTelemetry: 128 bits as 32 hex digits,
	 * in either case.
	 */
	public static boolean isHexTraceId(String traceId) {
		return isHex(traceId, TRACE_HEX_LENGTH);
	}

	/**
	 * Returns a trace id as it is stored: hex ids in lower case, any other text as it is.
	 */
	public static String traceId(String traceId) {
		return isHex(traceId, TRACE_HEX_LENGTH) ? lowerCase(traceId) : traceId;
	}

	/**
	 * Returns a span id as it is stored: hex ids (64 bits) in lower case, any other text
	 * as it is.
	 */
	public static String spanId(String spanId) {
		return isHex(spanId, SPAN_HEX_LENGTH) ? lowerCase(spanId) : spanId;
	}

	/**
	 * Returns the id of a trace's row: the 128 bits of a hex trace id, and of any other
	 * text a name-based UUIDv8 (RFC 9562, section 5.8) of its SHA-256.
	 */
	public static UUID trace(String traceId) {
		if (isHex(traceId, TRACE_HEX_LENGTH)) {
			return new UUID(parseHex(traceId, 0), parseHex(traceId, SPAN_HEX_LENGTH));
		}
		return named(sha256(), traceId);
	}

	/**
	 * Returns the id of a span's row, a UUIDv8 of its trace's row id and its span id.
	 */
	public static UUID span(UUID trace, String spanId) {
		MessageDigest digest = sha256();
		digest.update(ByteBuffer.allocate(16)
			.putLong(trace.getMostSignificantBits())
			.putLong(trace.getLeastSignificantBits())
			.flip());
		return named(digest, spanId(spanId));
	}

	/**
	 * Returns the id of a metric's row, a UUIDv8 of its name and its service.
	 */
	public static UUID metric(String name, String serviceName) {
		MessageDigest digest = sha256();
		digest.update(name.getBytes(StandardCharsets.UTF_8));
		digest.update((byte) 0);
		return named(digest, serviceName);
	}

	private static UUID named(MessageDigest digest, String name) {
		ByteBuffer hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
		long most = (hash.getLong() & ~0xF000L) | 0x8000L;
		long least = (hash.getLong() & ~(0xC0L << 56)) | (0x80L << 56);
		return new UUID(most, least);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	private static boolean isHex(String text, int length) {
		if (text.length() != length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if (hexDigit(text.charAt(i)) < 0) {
				return false;
			}
		}
		return true;
	}

	private static long parseHex(String text, int from) {
		long bits = 0;
		for (int i = from; i < from + 16; i++) {
			bits = (bits << 4) | hexDigit(text.charAt(i));
		}
		return bits;
	}

	private static int hexDigit(char digit) {
		if (digit >= '0' && digit <= '9') {
			return digit - '0';
		}
		int lower = digit | 0x20;
		return (digit < 0x80 && lower >= 'a' && lower <= 'f') ? lower - 'a' + 10 : -1;
	}

	private static String lowerCase(String hex) {
		for (int i = 0; i < hex.length(); i++) {
			if (hex.charAt(i) >= 'A' && hex.charAt(i) <= 'F') {
				return hex.toLowerCase(java.util.Locale.ROOT);
			}
		}
		return hex;
	}

}
