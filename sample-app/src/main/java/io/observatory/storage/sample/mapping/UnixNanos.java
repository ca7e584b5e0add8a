package io.observatory.storage.sample.mapping;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * OTLP's times: nanoseconds since 1970 in an unsigned 64-bit number, where 0 is unknown.
 */
final class UnixNanos {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private UnixNanos() {
	}

	static Instant required(long nanos, String field) {
		if (nanos == 0) {
			throw new BadRecordException(field, "is missing");
		}
		return instant(nanos);
	}

	static @Nullable Instant orNull(long nanos) {
		return (nanos != 0) ? instant(nanos) : null;
	}

	static Instant instant(long nanos) {
		return Instant.ofEpochSecond(Long.divideUnsigned(nanos, NANOS_PER_SECOND),
				Long.remainderUnsigned(nanos, NANOS_PER_SECOND));
	}

}
