package io.observatory.storage.capture.opentelemetry;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts the SDK's values to plain Java values: strings, longs, doubles, booleans,
 * lists, maps; bytes in base64; null for the empty value.
 */
final class SdkValues {

	/** OTLP's flag that says that the next flag is valid. */
	private static final int HAS_IS_REMOTE = 0x100;

	private static final int IS_REMOTE = 0x200;

	/** For values without a column of their own. */
	private static final int MORE = 5;

	private static final JsonMapper JSON = JsonMapper.shared();

	private SdkValues() {
	}

	/**
	 * Returns the attributes as a new map, with room for some more.
	 */
	static Map<String, @Nullable Object> map(Attributes attributes) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>(attributes.size() * 3 / 2 + MORE);
		attributes.forEach((key, value) -> map.put(key.getKey(), (value instanceof Value<?> any) ? plain(any) : value));
		return map;
	}

	/**
	 * Returns a value as text: a string as it is, anything else as JSON, the empty value
	 * as null.
	 */
	static @Nullable String text(@Nullable Value<?> value) {
		Object plain = (value != null) ? plain(value) : null;
		return (plain == null || plain instanceof String) ? (String) plain : JSON.writeValueAsString(plain);
	}

	private static @Nullable Object plain(Value<?> value) {
		return switch (value.getType()) {
			case STRING, BOOLEAN, LONG, DOUBLE -> value.getValue();
			case ARRAY -> ((List<?>) value.getValue()).stream().map((element) -> plain((Value<?>) element)).toList();
			case KEY_VALUE_LIST -> {
				Map<String, @Nullable Object> map = new LinkedHashMap<>();
				((List<?>) value.getValue()).forEach((member) -> {
					KeyValue keyValue = (KeyValue) member;
					map.put(keyValue.getKey(), plain(keyValue.getValue()));
				});
				yield map;
			}
			case BYTES -> base64((ByteBuffer) value.getValue());
			case EMPTY -> null;
		};
	}

	private static String base64(ByteBuffer bytes) {
		byte[] copy = new byte[bytes.remaining()];
		bytes.duplicate().get(copy);
		return Base64.getEncoder().encodeToString(copy);
	}

	static Instant time(long epochNanos) {
		return Instant.ofEpochSecond(0, epochNanos);
	}

	/**
	 * Returns the time, or null for 0, which means unknown.
	 */
	static @Nullable Instant timeOrNull(long epochNanos) {
		return (epochNanos != 0) ? time(epochNanos) : null;
	}

	static @Nullable String nullIfEmpty(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : text;
	}

	/**
	 * Returns the flags as OTLP has them: the trace flags, and whether a context came
	 * from another process.
	 */
	static int flags(SpanContext context, boolean isRemote) {
		return (context.getTraceFlags().asByte() & 0xFF) | HAS_IS_REMOTE | (isRemote ? IS_REMOTE : 0);
	}

	/**
	 * Returns a trace state in W3C's notation.
	 */
	static String text(TraceState state) {
		if (state.isEmpty()) {
			return "";
		}
		StringBuilder text = new StringBuilder();
		state.forEach((key, value) -> text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value));
		return text.toString();
	}

}
