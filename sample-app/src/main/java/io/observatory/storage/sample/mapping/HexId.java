package io.observatory.storage.sample.mapping;

import java.util.HexFormat;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Ids of traces and spans: bytes in OTLP, lower-case hex when stored. All zeros is no id.
 */
final class HexId {

	private static final int TRACE_BYTES = 16;

	private static final int SPAN_BYTES = 8;

	private HexId() {
	}

	static String requiredTrace(ByteString id, String field) {
		return required(traceOrNull(id), field, TRACE_BYTES);
	}

	static String requiredSpan(ByteString id, String field) {
		return required(spanOrNull(id), field, SPAN_BYTES);
	}

	/**
	 * Returns a parent's id, or null if there is none.
	 */
	static @Nullable String parentSpan(ByteString id, String field) {
		return isZero(id) ? null : requiredSpan(id, field);
	}

	/**
	 * Returns the id, or null if it is not valid.
	 */
	static @Nullable String traceOrNull(ByteString id) {
		return orNull(id, TRACE_BYTES);
	}

	/**
	 * Returns the id, or null if it is not valid.
	 */
	static @Nullable String spanOrNull(ByteString id) {
		return orNull(id, SPAN_BYTES);
	}

	/**
	 * Returns the bytes as text, whatever they are.
	 */
	static String text(ByteString id) {
		return HexFormat.of().formatHex(id.toByteArray());
	}

	private static String required(@Nullable String id, String field, int length) {
		if (id == null) {
			throw new BadRecordException(field, "must be " + length + " bytes, not all zero");
		}
		return id;
	}

	private static @Nullable String orNull(ByteString id, int length) {
		return (id.size() == length && !isZero(id)) ? text(id) : null;
	}

	private static boolean isZero(ByteString id) {
		for (int i = 0; i < id.size(); i++) {
			if (id.byteAt(i) != 0) {
				return false;
			}
		}
		return true;
	}

}
