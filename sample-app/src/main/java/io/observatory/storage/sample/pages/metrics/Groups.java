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

	/** What is split by an attribute that it does not have. */
	static final String NONE = "(none)";

	/** How the name of the group of all others begins. */
	static final String OTHERS = "Others: ";

	/** As many as there are colors to tell them apart. */
	private static final int MAX_GROUPS = 8;

	private Groups() {
	}

	/**
	 * The groups by label, the heaviest first; the lightest of too many are one, the
	 * last.
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

	/** What has one label. */
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
