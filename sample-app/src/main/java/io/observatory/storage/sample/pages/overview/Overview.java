package io.observatory.storage.sample.pages.overview;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import io.observatory.storage.sample.pages.Chart;
import org.jspecify.annotations.Nullable;

/**
 * The content of the overview: calls of models if there are any, else requests.
 *
 * @param ofCalls whether it is about calls
 * @param tiles the numbers
 * @param charts the same over time
 * @param groups figures of each model (each service), most calls first
 * @param slowest the slowest ones
 * @param failures the latest that failed
 * @param since from when on the calls are in the figures; null if all are
 * @param more whether there is more to read, for this time or the one before it
 */
record Overview(boolean ofCalls, List<Tile> tiles, List<Chart> charts, List<Figures> groups, List<Example> slowest,
		List<Example> failures, @Nullable Instant since, boolean more) {

	/**
	 * The maximum number of models or services that are shown; senders may use any number
	 * of names.
	 */
	static final int MAX_GROUPS = 100;

	static final Comparator<Figures> MOST_CALLS_FIRST = Comparator.comparingLong(Figures::calls).reversed();

	Overview(boolean ofCalls, List<Tile> tiles, List<Chart> charts, List<Figures> groups, List<Example> slowest,
			List<Example> failures) {
		this(ofCalls, tiles, charts, groups, slowest, failures, null, false);
	}

	Overview {
		groups = groups.stream().limit(MAX_GROUPS).toList();
	}

	Overview of(@Nullable Instant since, boolean more) {
		return new Overview(this.ofCalls, this.tiles, this.charts, this.groups, this.slowest, this.failures, since,
				more);
	}

	/**
	 * Whether there may be more groups than are shown.
	 */
	public boolean isCut() {
		return this.groups.size() == MAX_GROUPS;
	}

}
