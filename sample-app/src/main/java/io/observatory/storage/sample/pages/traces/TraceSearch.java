package io.observatory.storage.sample.pages.traces;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.observatory.storage.sample.pages.PageKey;
import io.observatory.storage.sample.pages.PageLink;
import io.observatory.storage.sample.pages.PagesDatabase;
import io.observatory.storage.sample.pages.QueryBudget;
import io.observatory.storage.sample.pages.StepSize;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Finds traces, a page at a time. A page is found by the key of the row before it, not by
 * its number. So the hundredth page costs as much as the first, and no row is skipped or
 * shown twice while others arrive.
 * <p>
 * The search reads windows of some thousand traces, from the newest back, until the page
 * is full or its time is over. The page then says how far back it got. To find the
 * slowest traces, all windows have to be read.
 */
@Component
class TraceSearch {

	static final int PAGE_SIZE = 50;

	private final TraceListQueries queries;

	TraceSearch(TraceListQueries queries) {
		this.queries = queries;
	}

	/**
	 * The page after a key, or the first.
	 */
	TraceList pageAfter(TimeRange range, TraceFilter filter, @Nullable PageKey after, QueryBudget patience) {
		Found found = find(range, filter, after, new StepSize(patience.budget()));
		List<PageKey> page = found.keys().subList(0, Math.min(found.keys().size(), PAGE_SIZE));
		PageLink link = filter.link(range);
		PageKey next = next(filter, found);
		boolean again = found.searchedTo() != null && patience == QueryBudget.AT_ONCE;
		return new TraceList(this.queries.rows(page), (after != null) ? link : null,
				(after == null || after.isTime() || page.isEmpty()) ? null : link.with("before", page.get(0)),
				(next != null) ? link.with("after", next) : null, found.searchedTo(),
				again ? link.with("after", after) : null);
	}

	private Found find(TimeRange range, TraceFilter filter, @Nullable PageKey after, StepSize pace) {
		List<PageKey> keys = List.of();
		Instant end = end(range, filter, after);
		while (end.isAfter(range.from()) && (filter.slowestFirst() || keys.size() <= PAGE_SIZE)) {
			int traces = pace.next();
			if (traces == 0) {
				return new Found(keys, end);
			}
			Instant start = this.queries.windowStart(filter, range.from(), end, traces);
			keys = first(keys, this.queries.keysAfter(filter, start, end, after, PAGE_SIZE + 1));
			end = start;
		}
		return new Found(keys, null);
	}

	/** The newest are not among what is newer than the key. */
	private static Instant end(TimeRange range, TraceFilter filter, @Nullable PageKey after) {
		if (after == null || filter.slowestFirst()) {
			return range.to();
		}
		Instant end = after.startTime().plusNanos(1000);
		return end.isBefore(range.to()) ? end : range.to();
	}

	/**
	 * A trace whose place has changed meanwhile, because its root arrived, may be found
	 * twice.
	 */
	private static List<PageKey> first(List<PageKey> found, List<PageKey> more) {
		Map<UUID, PageKey> latest = new HashMap<>();
		found.forEach((key) -> latest.put(key.id(), key));
		more.forEach((key) -> latest.put(key.id(), key));
		return latest.values().stream().sorted().limit(PAGE_SIZE + 1).toList();
	}

	/**
	 * If only a part of the time was searched, the slowest are a single page; the next
	 * one would be of another part.
	 */
	private static @Nullable PageKey next(TraceFilter filter, Found found) {
		if (found.searchedTo() != null) {
			return filter.slowestFirst() ? null : PageKey.olderThan(found.searchedTo());
		}
		return (found.keys().size() > PAGE_SIZE) ? found.keys().get(PAGE_SIZE - 1) : null;
	}

	/**
	 * The page before a key. Its rows are near, because the reader comes from there. If
	 * they do not fill a page, it is the first page.
	 */
	TraceList pageBefore(TimeRange range, TraceFilter filter, PageKey before) {
		List<PageKey> found = filter.slowestFirst()
				? this.queries.keysBefore(filter, range.from(), range.to(), before, PAGE_SIZE + 1)
				: newer(range, filter, before);
		if (found.size() <= PAGE_SIZE) {
			return pageAfter(range, filter, null, QueryBudget.AT_ONCE);
		}
		List<PageKey> page = new ArrayList<>(found.subList(0, PAGE_SIZE));
		Collections.reverse(page);
		PageLink link = filter.link(range);
		return new TraceList(this.queries.rows(page), link, link.with("before", page.get(0)),
				link.with("after", page.get(PAGE_SIZE - 1)), null, null);
	}

	/** Like {@link #find}, but from the key on, to the newest. */
	private List<PageKey> newer(TimeRange range, TraceFilter filter, PageKey before) {
		List<PageKey> keys = new ArrayList<>();
		StepSize pace = new StepSize(PagesDatabase.STATEMENT_TIMEOUT);
		Instant start = before.startTime();
		int traces = pace.next();
		while (start.isBefore(range.to()) && keys.size() <= PAGE_SIZE && traces > 0) {
			Instant end = this.queries.windowEnd(filter, start, range.to(), traces);
			keys.addAll(this.queries.keysBefore(filter, start, end, before, PAGE_SIZE + 1 - keys.size()));
			start = end;
			traces = pace.next();
		}
		return keys;
	}

	/**
	 * What was found.
	 *
	 * @param keys the keys of a page and one more, in the order of the list
	 * @param searchedTo how far back the search got; null if far enough
	 */
	private record Found(List<PageKey> keys, @Nullable Instant searchedTo) {
	}

}
