package io.observatory.storage.bench;

import java.util.Arrays;

/**
 * A figure over all rounds.
 *
 * @param median the median
 * @param min the least
 * @param max the most
 */
record Spread(double median, double min, double max) {

	static Spread of(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

}
