package io.observatory.storage.sample.pages.traces;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.observatory.storage.sample.pages.Pace;
import io.observatory.storage.sample.pages.PageLink;
import io.observatory.storage.sample.pages.Patience;
import io.observatory.storage.sample.pages.TimeRange;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Finds traces, a page at a time. A page is found by the place of the row before it, not
 * by its number: the hundredth costs as much as the first, and no row is skipped or shown
 * twice while others arrive.
 * <p>
 * They are looked for in windows of some thousand traces, from the newest back, until the
 * page is full or the patience is over: then the page says how far back it looked. To
 * know the slowest, all windows have to be looked through.
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
	TraceList pageAfter(TimeRange range, TraceFilter filter, @Nullable PageKey after, Patience patience) {
		Pace pace = new Pace(patience.budget());
		List<PageKey> found = List.of();
		Instant end = end(range, filter, after);
		Instant searchedTo = null;
		while (end.isAfter(range.from()) && (filter.slowestFirst() || found.size() <= PAGE_SIZE)) {
			int traces = pace.next();
			if (traces == 0) {
				searchedTo = end;
				break;
			}
			Instant start = this.queries.windowStart(filter, range.from(), end, traces);
			found = first(found, this.queries.keysAfter(filter, start, end, after, PAGE_SIZE + 1));
			end = start;
		}
		return pageAfter(range, filter, after, found, searchedTo, patience);
	}

	/** The newest are not among what is newer than the key. */
	private static Instant end(TimeRange range, TraceFilter filter, @Nullable PageKey after) {
		if (after == null || filter.slowestFirst()) {
			return range.to();
		}
		Instant end = after.startTime().plusNanos(1000);
		return end.isBefore(range.to()) ? end : range.to();
	}

	private static List<PageKey> first(List<PageKey> found, List<PageKey> more) {
		return Stream.concat(found.stream(), more.stream()).sorted().limit(PAGE_SIZE + 1).toList();
	}

	private TraceList pageAfter(TimeRange range, TraceFilter filter, @Nullable PageKey after, List<PageKey> found,
			@Nullable Instant searchedTo, Patience patience) {
		List<PageKey> page = found.subList(0, Math.min(found.size(), PAGE_SIZE));
		PageLink link = filter.link(range);
		PageKey next = (found.size() > PAGE_SIZE) ? page.get(PAGE_SIZE - 1)
				: (searchedTo != null && !filter.slowestFirst()) ? PageKey.olderThan(searchedTo) : null;
		boolean first = after == null;
		boolean again = searchedTo != null && patience == Patience.AT_ONCE;
		return new TraceList(this.queries.rows(page), first ? null : link,
				(first || page.isEmpty()) ? null : link.with("before", page.get(0)),
				(next != null) ? link.with("after", next) : null, searchedTo, again ? link.with("after", after) : null);
	}

	/**
	 * The page before a key. Its rows are near: whoever asks for it has come from there.
	 */
	TraceList pageBefore(TimeRange range, TraceFilter filter, PageKey before) {
		List<PageKey> found = this.queries.keysBefore(filter, range.from(), range.to(), before, PAGE_SIZE + 1);
		List<PageKey> page = new ArrayList<>(found.subList(0, Math.min(found.size(), PAGE_SIZE)));
		Collections.reverse(page);
		PageLink link = filter.link(range);
		boolean first = found.size() <= PAGE_SIZE;
		return new TraceList(this.queries.rows(page), first ? null : link,
				first ? null : link.with("before", page.get(0)),
				page.isEmpty() ? null : link.with("after", page.get(page.size() - 1)), null, null);
	}

}
