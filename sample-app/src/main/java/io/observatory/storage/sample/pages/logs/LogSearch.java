package io.observatory.storage.sample.pages.logs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.observatory.storage.sample.pages.QueryBudget;
import io.observatory.storage.sample.pages.StepSize;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Finds log records, newest first, a page at a time.
 * <p>
 * A search that must read record by record reads windows of some thousand records, from
 * the newest back, until the page is full or its time is over. The page then says how far
 * back it got, and the next one continues from there.
 */
@Component
class LogSearch {

	static final int PAGE_SIZE = 50;

	private final LogQueries queries;

	LogSearch(LogQueries queries) {
		this.queries = queries;
	}

	/**
	 * A page.
	 * @param services the services to search, if no trace is given
	 * @param after where the page begins; null for the newest
	 */
	LogPage page(List<String> services, LogFilter filter, TimeRange range, @Nullable LogPosition after,
			QueryBudget patience) {
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
			QueryBudget patience) {
		StepSize pace = new StepSize(patience.budget());
		Instant end = end(range, after);
		List<LogLine> found = new ArrayList<>();
		while (end.isAfter(range.from()) && found.size() <= PAGE_SIZE) {
			int rows = pace.next();
			if (rows == 0) {
				return LogPage.searchedTo(found, end);
			}
			Instant start = this.queries.windowStart(services, range.from(), end, rows);
			found.addAll(this.queries.newest(services, filter, start, end, after, PAGE_SIZE + 1 - found.size()));
			end = start;
		}
		return LogPage.of(found, PAGE_SIZE);
	}

	/** The first instant after the records to search. */
	private static Instant end(TimeRange range, @Nullable LogPosition after) {
		Instant end = (after != null) ? after.timestamp().plusNanos(1000) : range.to();
		return end.isBefore(range.to()) ? end : range.to();
	}

}
