package io.observatory.storage.sample.pages.metrics;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A metric of a service.
 *
 * @param id its id
 * @param name its name
 * @param service its service
 * @param type counter, gauge, histogram or summary
 * @param unit its unit, as its sender writes it
 * @param description what it measures
 */
record MetricInfo(UUID id, String name, String service, String type, @Nullable String unit,
		@Nullable String description) {

}
