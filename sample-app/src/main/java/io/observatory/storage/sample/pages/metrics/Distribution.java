package io.observatory.storage.sample.pages.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The distribution of values: counts of segments, which may overlap if they come from
 * histograms with different boundaries. Within a segment, values are assumed to be spread
 * evenly.
 */
final class Distribution {

	private final Map<Segment, Double> counts = new HashMap<>();

	private double total;

	/**
	 * Adds values.
	 * @param values the values
	 * @param share the share of them to add, from 0 to 1
	 */
	void add(Map<Segment, Double> values, double share) {
		values.forEach((segment, count) -> {
			this.counts.merge(segment, count * share, Double::sum);
			this.total += count * share;
		});
	}

	/**
	 * Returns a quantile; null if there are no values.
	 * @param quantile the quantile, from 0 to 1
	 */
	@Nullable Double quantile(double quantile) {
		if (!(this.total > 0)) {
			return null;
		}
		double target = quantile * this.total;
		List<Double> edges = edges();
		double lower = edges.get(0);
		double below = below(lower, false);
		for (double edge : edges) {
			double reached = below(edge, false);
			if (reached >= target && edge > lower) {
				return lower + (edge - lower) * part(target - below, reached - below);
			}
			below = below(edge, true);
			lower = edge;
			if (below >= target) {
				return edge;
			}
		}
		return lower;
	}

	private static double part(double wanted, double there) {
		return (there > 0) ? Math.max(0, wanted / there) : 0;
	}

	private List<Double> edges() {
		TreeSet<Double> edges = new TreeSet<>();
		this.counts.keySet().forEach((segment) -> {
			edges.add(segment.lower());
			edges.add(segment.upper());
		});
		return new ArrayList<>(edges);
	}

	/**
	 * Returns how many values are below a limit, with or without those that are equal to
	 * it.
	 */
	private double below(double edge, boolean inclusive) {
		double below = 0;
		for (Map.Entry<Segment, Double> entry : this.counts.entrySet()) {
			below += entry.getValue() * entry.getKey().below(edge, inclusive);
		}
		return below;
	}

	/**
	 * A range of sizes.
	 *
	 * @param lower the smallest
	 * @param upper the largest; the same as the smallest where all values are of one size
	 */
	record Segment(double lower, double upper) {

		private double below(double edge, boolean inclusive) {
			if (this.lower == this.upper) {
				return (this.upper < edge || (inclusive && this.upper == edge)) ? 1 : 0;
			}
			return Math.min(1, Math.max(0, (edge - this.lower) / (this.upper - this.lower)));
		}

	}

}
