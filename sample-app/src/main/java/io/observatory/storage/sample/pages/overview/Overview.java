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

	static final Comparator<Figures> MOST_CALLS_FIRST = Comparator.comparingLong(Figures::calls).reversed();

}
