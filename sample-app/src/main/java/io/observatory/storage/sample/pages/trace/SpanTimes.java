package io.observatory.storage.sample.pages.trace;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;

import io.observatory.storage.sample.pages.PagesDatabase;

/**
 * Between which times spans start, both included. Where spans are stored by day, a query
 * with {@code start_time BETWEEN :from AND :to} reads these days alone.
 *
 * @param from the earliest start
 * @param to the latest start
 */
record SpanTimes(OffsetDateTime from, OffsetDateTime to) {

	/** Any time: PostgreSQL's -infinity and infinity. */
	static final SpanTimes ANY = new SpanTimes(OffsetDateTime.MIN, OffsetDateTime.MAX);

	static SpanTimes between(Instant from, Instant to) {
		return new SpanTimes(PagesDatabase.timestamp(from), PagesDatabase.timestamp(to));
	}

	Map<String, Object> parameters() {
		return Map.of("from", this.from, "to", this.to);
	}

}
