package io.observatory.storage.sample.pages.traces;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import io.observatory.storage.sample.pages.PageLink;
import org.jspecify.annotations.Nullable;

/**
 * One page of the list.
 *
 * @param rows the traces
 * @param first leads to the first page; null on it
 * @param previous leads to the page before; null on the first
 * @param next leads to the page after; null on the last
 * @param searchedTo how far back the search got, if it ended before all of its time was
 * searched; else null
 * @param again leads to this page, if continuing the search is useful; else null
 */
record TraceList(List<TraceRow> rows, @Nullable PageLink first, @Nullable PageLink previous, @Nullable PageLink next,
		@Nullable Instant searchedTo, @Nullable PageLink again) {

	/**
	 * Width of a row's bar: its share of the longest duration on the page.
	 */
	public String width(TraceRow row) {
		long longest = this.rows.stream()
			.map(TraceRow::duration)
			.mapToLong((one) -> (one != null) ? one : 0)
			.max()
			.orElse(0);
		Long duration = row.duration();
		return String.format(Locale.ROOT, "%.2f%%",
				(duration == null || longest == 0) ? 0 : Math.max(0.5, 100.0 * duration / longest));
	}

}
