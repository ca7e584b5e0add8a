package io.observatory.storage.sample.pages.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
	static <T> Map<String, List<T>> of(Collection<T> things, Function<T, String> label, Function<T, Double> weight) {
		Map<String, List<T>> all = new HashMap<>();
		Map<String, Double> weights = new HashMap<>();
		things.forEach((thing) -> {
			all.computeIfAbsent(label.apply(thing), (key) -> new ArrayList<>()).add(thing);
			weights.merge(label.apply(thing), weight.apply(thing), Double::sum);
		});
		List<String> labels = all.keySet()
			.stream()
			.sorted(Comparator.<String, Double>comparing(weights::get)
				.reversed()
				.thenComparing(Comparator.naturalOrder()))
			.toList();
		Map<String, List<T>> groups = new LinkedHashMap<>();
		int kept = (labels.size() <= MAX_GROUPS) ? labels.size() : MAX_GROUPS - 1;
		labels.subList(0, kept).forEach((name) -> groups.put(name, all.get(name)));
		if (kept < labels.size()) {
			List<T> others = new ArrayList<>();
			labels.subList(kept, labels.size()).forEach((name) -> others.addAll(all.get(name)));
			groups.put(OTHERS + (labels.size() - kept), others);
		}
		return groups;
	}

}
