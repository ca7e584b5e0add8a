package io.observatory.storage.sample.pages.overview;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The values of a model's call that the overview adds up.
 *
 * @param id of its span
 * @param start when it started
 * @param duration microseconds, or null if it has not ended
 * @param model its name, "unknown" if it has none
 * @param failed whether it failed
 * @param tokens all its tokens, or null
 * @param cost US dollars, or null
 */
record Call(UUID id, Instant start, @Nullable Long duration, String model, boolean failed, @Nullable Long tokens,
		@Nullable BigDecimal cost) {
}
