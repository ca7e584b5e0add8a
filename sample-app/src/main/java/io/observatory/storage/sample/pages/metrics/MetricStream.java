package io.observatory.storage.sample.pages.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * One stream of a metric: that of one resource and scope.
 *
 * @param id the id that its points have
 * @param origin the attributes of its resource, and its scope
 */
record MetricStream(UUID id, Map<String, String> origin) {

	private static final String SCOPE = "otel.scope.";

	/**
	 * A stream as it is stored.
	 */
	static MetricStream of(UUID id, @Nullable String resource, @Nullable String scope) {
		Map<String, String> origin = new TreeMap<>(JsonTexts.of(resource));
		JsonTexts.of(scope).forEach((name, value) -> origin.put(SCOPE + name, value));
		return new MetricStream(id, origin);
	}

	/**
	 * Returns these streams with only that part of their origin that distinguishes them.
	 */
	static List<MetricStream> apart(List<MetricStream> streams) {
		Set<String> names = new HashSet<>();
		for (MetricStream stream : streams) {
			names.addAll(stream.origin.keySet());
		}
		names.removeIf((
				name) -> streams.stream().map((stream) -> stream.origin.getOrDefault(name, "")).distinct().count() < 2);
		return streams.stream().map((stream) -> stream.with(names)).toList();
	}

	private MetricStream with(Set<String> names) {
		Map<String, String> kept = new TreeMap<>(this.origin);
		kept.keySet().retainAll(names);
		return new MetricStream(this.id, kept);
	}

}
