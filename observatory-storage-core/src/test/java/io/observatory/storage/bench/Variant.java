package io.observatory.storage.bench;

import java.util.Map;
import java.util.function.Supplier;

/**
 * Something that is measured beside others.
 *
 * @param labels what tells it from the others
 * @param run measures it once: the rate in rows per second comes first
 */
record Variant(Map<String, Object> labels, Supplier<Map<String, Double>> run) {

	static final String RATE = "rowsPerSecond";

	/** Returns the figures of a measurement. */
	static Map<String, Double> figures(Measurement measurement) {
		return Map.of(RATE, measurement.rowsPerSecond());
	}

}
