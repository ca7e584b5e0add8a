package io.observatory.storage.capture;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is the same for all points of a metric stream (OpenTelemetry metrics data model,
 * "OTLP Metrics stream model"). It stands in the metric's attributes, not in those of its
 * points.
 *
 * @param name OTLP's name: gauge, sum, histogram, exponential_histogram or summary
 * @param temporality delta or cumulative; null if it is neither, or not said
 * @param monotonic whether a sum only ever grows; null for all other kinds
 */
public record PointKind(String name, @Nullable String temporality, @Nullable Boolean monotonic) {

	/** Values of now. */
	public static final PointKind GAUGE = of("gauge");

	/** Sums of what was measured, and quantiles of it. */
	public static final PointKind SUMMARY = of("summary");

	/**
	 * Returns a kind without a temporality.
	 */
	public static PointKind of(String name) {
		return new PointKind(name, null, null);
	}

	/**
	 * Puts what there is to know into a metric's attributes.
	 */
	public void putInto(Map<String, @Nullable Object> attributes) {
		OtelAttributes.putText(attributes, OtelAttributes.TEMPORALITY, this.temporality);
		if (this.monotonic != null) {
			attributes.put(OtelAttributes.MONOTONIC, this.monotonic);
		}
	}

}
