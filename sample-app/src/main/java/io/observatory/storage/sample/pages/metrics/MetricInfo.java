package io.observatory.storage.sample.pages.metrics;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A metric of a service: all streams that differ only in their origin.
 *
 * @param id the id of one of them, the smallest
 * @param name its name
 * @param service its service
 * @param type counter, gauge, histogram or summary
 * @param unit its unit, as it was sent
 * @param description what it measures
 * @param temporality delta or cumulative; null if neither, or if only its points have it
 * @param monotonic whether a sum is monotonic, as text; null for other kinds
 */
record MetricInfo(UUID id, String name, String service, String type, @Nullable String unit,
		@Nullable String description, @Nullable String temporality, @Nullable String monotonic) {

	/**
	 * Its description, with more than its type if that is needed to distinguish it from
	 * others.
	 */
	public String kind() {
		String kind = "false".equals(this.monotonic) ? "up-down counter" : this.type;
		return "delta".equals(this.temporality) ? kind + " of deltas" : kind;
	}

}
