package io.observatory.storage.llm.price;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;

/**
 * A price of a list, and when it holds.
 *
 * @param from the first day (UTC) it holds, or null for always
 * @param since the time of day (UTC) from which it holds, or null for all day
 * @param until the time of day (UTC) from which it does not hold any more, which may be
 * on the next day; null with {@code since}
 * @param above holds for inputs of more tokens than this; -1 for any
 * @param price the price, or null if the list has none for tokens
 */
record PublishedPrice(@Nullable LocalDate from, @Nullable LocalTime since, @Nullable LocalTime until, long above,
		@Nullable ModelPrice price) {

	boolean holds(Instant start, long inputTokens) {
		if (inputTokens <= this.above) {
			return false;
		}
		if (this.from == null && this.since == null) {
			return true;
		}
		OffsetDateTime time = start.atOffset(ZoneOffset.UTC);
		return (this.from == null || !time.toLocalDate().isBefore(this.from)) && isWithinHours(time.toLocalTime());
	}

	private boolean isWithinHours(LocalTime time) {
		if (this.since == null || this.until == null) {
			return true;
		}
		boolean begun = !time.isBefore(this.since);
		boolean over = !time.isBefore(this.until);
		return this.until.isBefore(this.since) ? begun || !over : begun && !over;
	}

}
