package io.observatory.storage.sample.pages.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Puts things into few groups.
 */
final class Groups {

	/** The label of things that do not have the attribute. */
	static final String NONE = "(none)";

	/** The beginning of the name of the group of all others. */
	static final String OTHERS = "Others: ";

	/** The number of colors that can be distinguished. */
	private static final int MAX_GROUPS = 8;

	private Groups() {
	}

	/**
	 * The groups by label, the largest first. If there are too many, the smallest are
	 * combined in the last group.
	 */
	static <T> Map<String, List<T>> of(Collection<T> things, Function<T, String> label, ToDoubleFunction<T> weight) {
		Map<String, Group<T>> all = new HashMap<>();
		things.forEach((thing) -> all.computeIfAbsent(label.apply(thing), (name) -> new Group<>(name))
			.add(thing, weight.applyAsDouble(thing)));
		List<Group<T>> sorted = new ArrayList<>(all.values());
		sorted.sort(Comparator.comparingDouble((Group<T> group) -> -group.weight).thenComparing((group) -> group.name));
		int kept = (sorted.size() <= MAX_GROUPS) ? sorted.size() : MAX_GROUPS - 1;
		Map<String, List<T>> groups = new LinkedHashMap<>();
		sorted.subList(0, kept).forEach((group) -> groups.put(group.name, group.things));
		if (kept < sorted.size()) {
			List<T> others = new ArrayList<>();
			sorted.subList(kept, sorted.size()).forEach((group) -> others.addAll(group.things));
			groups.put(OTHERS + (sorted.size() - kept), others);
		}
		return groups;
	}

	/** A group. */
	private static final class Group<T> {

		private final String name;

		private final List<T> things = new ArrayList<>();

		private double weight;

		private Group(String name) {
			this.name = name;
		}

		private void add(T thing, double weight) {
			this.things.add(thing);
			this.weight += weight;
		}

	}

}
