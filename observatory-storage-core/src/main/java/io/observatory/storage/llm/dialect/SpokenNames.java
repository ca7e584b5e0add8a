package io.observatory.storage.llm.dialect;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells which dialects a name is of. Names repeat in each span, so that what was found is
 * kept, for as many names as a process can be expected to have. Thread-safe.
 */
final class SpokenNames {

	private static final int MAX_KEPT = 4_096;

	/** Longer names are flattened ones, for most. */
	private static final int MAX_LENGTH = 64;

	private final Dialect[] dialects;

	private final Map<String, Integer> kept = new ConcurrentHashMap<>();

	SpokenNames(Dialect... dialects) {
		this.dialects = dialects;
	}

	/**
	 * Returns a bit for each dialect that one of the names is of.
	 */
	int dialects(Iterable<String> names) {
		int dialects = 0;
		for (String name : names) {
			Integer known = this.kept.get(name);
			dialects |= (known != null) ? known : find(name);
		}
		return dialects;
	}

	private int find(String name) {
		int found = 0;
		for (int i = 0; i < this.dialects.length; i++) {
			found |= this.dialects[i].prefixes().stream().anyMatch(name::startsWith) ? 1 << i : 0;
		}
		if (name.length() <= MAX_LENGTH && this.kept.size() < MAX_KEPT) {
			this.kept.put(name, found);
		}
		return found;
	}

}
