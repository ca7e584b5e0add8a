package io.observatory.storage.sample.pages.metrics;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A metric of a service: all its streams that differ in nothing but where they come from.
 *
 * @param id the id of one of them, the smallest
 * @param name its name
 * @param service its service
 * @param type counter, gauge, histogram or summary
 * @param unit its unit, as its sender writes it
 * @param description what it measures
 * @param temporality delta or cumulative; null if it is neither, or its points say it
 * @param monotonic whether a sum only grows, as text; null for what is no sum
 */
record MetricInfo(UUID id, String name, String service, String type, @Nullable String unit,
		@Nullable String description, @Nullable String temporality, @Nullable String monotonic) {

	/**
	 * What it is, where more than its type tells it from others.
	 */
	public String kind() {
		String kind = "false".equals(this.monotonic) ? "up-down counter" : this.type;
		return "delta".equals(this.temporality) ? kind + " of deltas" : kind;
	}

}
