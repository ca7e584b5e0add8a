package io.observatory.storage.sample.pages.overview;

import java.util.Comparator;
import java.util.List;

import io.observatory.storage.sample.pages.Chart;

/**
 * What the overview shows: calls of models where there are any, else requests.
 *
 * @param ofCalls whether it is about calls
 * @param tiles the numbers
 * @param charts the same over time
 * @param groups figures of each model (each service), most calls first
 * @param slowest the slowest ones
 * @param failures the latest that failed
 */
record Overview(boolean ofCalls, List<Tile> tiles, List<Chart> charts, List<Figures> groups, List<Example> slowest,
		List<Example> failures) {

	/**
	 * More models or services than somebody reads; a name may be anything that was sent.
	 */
	static final int MAX_GROUPS = 100;

	static final Comparator<Figures> MOST_CALLS_FIRST = Comparator.comparingLong(Figures::calls).reversed();

	Overview {
		groups = groups.stream().limit(MAX_GROUPS).toList();
	}

	/**
	 * Whether there may be more groups than are shown.
	 */
	public boolean isCut() {
		return this.groups.size() == MAX_GROUPS;
	}

}
