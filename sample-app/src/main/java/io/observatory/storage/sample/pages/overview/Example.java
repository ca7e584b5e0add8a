package io.observatory.storage.sample.pages.overview;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A call (or request) that the overview links to.
 *
 * @param traceId its trace, as 32 hexadecimal digits
 * @param spanId its span; null for a whole trace
 * @param name its name
 * @param service the service that made it
 * @param model the model; null for a request
 * @param start when it started
 * @param duration microseconds, or null
 * @param error the kind of its failure, as far as known
 */
record Example(String traceId, @Nullable String spanId, @Nullable String name, String service, @Nullable String model,
		Instant start, @Nullable Long duration, @Nullable String error) {
}
