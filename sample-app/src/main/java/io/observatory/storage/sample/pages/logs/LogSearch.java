package io.observatory.storage.sample.pages.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Finds log records, newest first, a page at a time.
 * <p>
 * What has to be looked for record by record is looked for in windows of time, from the
 * newest back, each twice as long as the one before, until the page is full or the
 * patience is over: then the page says how far back it looked, and the next goes on from
 * there.
 */
@Component
class LogSearch {

	static final int PAGE_SIZE = 50;

	private static final int FIRST_WINDOW = 256;

	private final LogQueries queries;

	LogSearch(LogQueries queries) {
		this.queries = queries;
	}

	/**
	 * A page.
	 * @param services the services whose records are meant, if no trace is given
	 * @param after where the page begins; null for the newest
	 * @param patience how long to look for
	 */
	LogPage page(List<String> services, LogFilter filter, TimeRange range, @Nullable LogPosition after,
			Duration patience) {
		if (filter.traceId() != null) {
			return LogPage.of(this.queries.ofTrace(filter, range, after, PAGE_SIZE + 1), PAGE_SIZE);
		}
		if (!filter.isSearch()) {
			return LogPage.of(this.queries.newest(services, filter, range.from(), range.to(), after, PAGE_SIZE + 1),
					PAGE_SIZE);
		}
		return search(services, filter, range, after, patience);
	}

	private LogPage search(List<String> services, LogFilter filter, TimeRange range, @Nullable LogPosition after,
			Duration patience) {
		long begin = System.nanoTime();
		Instant end = end(range, after);
		Duration window = range.length().dividedBy(FIRST_WINDOW);
		List<LogLine> found = new ArrayList<>();
		while (end.isAfter(range.from()) && found.size() <= PAGE_SIZE) {
			if (System.nanoTime() - begin > patience.toNanos()) {
				return LogPage.searchedTo(found, end);
			}
			Instant start = later(end.minus(window), range.from());
			found.addAll(this.queries.newest(services, filter, start, end, after, PAGE_SIZE + 1 - found.size()));
			end = start;
			window = window.multipliedBy(2);
		}
		return LogPage.of(found, PAGE_SIZE);
	}

	/** The first instant after the records that are meant. */
	private static Instant end(TimeRange range, @Nullable LogPosition after) {
		Instant end = (after != null) ? after.timestamp().plusNanos(1000) : range.to();
		return end.isBefore(range.to()) ? end : range.to();
	}

	private static Instant later(Instant a, Instant b) {
		return a.isAfter(b) ? a : b;
	}

}
