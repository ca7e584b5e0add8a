package io.observatory.storage.capture;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The properties that all points of a metric stream share (OpenTelemetry metrics data
 * model, "OTLP Metrics stream model"). They are stored in the attributes of the metric,
 * not in those of its points.
 *
 * @param name OTLP's name: gauge, sum, histogram, exponential_histogram or summary
 * @param temporality delta or cumulative; null if neither or unknown
 * @param monotonic whether a sum only ever grows; null for all other kinds
 */
public record PointKind(String name, @Nullable String temporality, @Nullable Boolean monotonic) {

	/** Current values. */
	public static final PointKind GAUGE = of("gauge");

	/** Sums and quantiles of measured values. */
	public static final PointKind SUMMARY = of("summary");

	/**
	 * Returns a kind without a temporality.
	 */
	public static PointKind of(String name) {
		return new PointKind(name, null, null);
	}

	/**
	 * Adds these properties to the attributes of a metric.
	 */
	public void putInto(Map<String, @Nullable Object> attributes) {
		OtelAttributes.putText(attributes, OtelAttributes.TEMPORALITY, this.temporality);
		if (this.monotonic != null) {
			attributes.put(OtelAttributes.MONOTONIC, this.monotonic);
		}
	}

}
