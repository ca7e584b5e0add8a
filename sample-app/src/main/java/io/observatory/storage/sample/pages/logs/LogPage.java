package io.observatory.storage.sample.pages.logs;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Log records, newest first.
 *
 * @param lines the records
 * @param next where the next page begins; null if there is nothing older
 * @param searchedTo how far back the search got, if it ended before the page was full and
 * all of its time was searched; else null
 */
record LogPage(List<LogLine> lines, @Nullable LogPosition next, @Nullable Instant searchedTo) {

	static LogPage of(List<LogLine> lines, int size) {
		if (lines.size() <= size) {
			return new LogPage(List.copyOf(lines), null, null);
		}
		List<LogLine> shown = List.copyOf(lines.subList(0, size));
		return new LogPage(shown, shown.get(size - 1).position(), null);
	}

	static LogPage searchedTo(List<LogLine> lines, Instant time) {
		return new LogPage(List.copyOf(lines), LogPosition.at(time), time);
	}

}
