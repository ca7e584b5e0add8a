package io.observatory.storage.sample.pages.metrics;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import io.observatory.storage.capture.OtelAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What the points of a series share: their stream, their attributes, and the start of
 * their values. A process that restarts begins a new series.
 *
 * @param stream the stream
 * @param attributes the attributes, and what distinguishes the stream from others
 * @param temporality delta or cumulative; null if unknown
 * @param start the start of the values of a cumulative series; of a delta, the start of
 * the point
 */
record PointSeries(UUID stream, Map<String, String> attributes, @Nullable String temporality, @Nullable Instant start) {

	/**
	 * They describe a point, not its series; earlier versions wrote some of them with
	 * each point.
	 */
	private static final Set<String> OF_POINTS = Set.of(OtelAttributes.TEMPORALITY, OtelAttributes.START_TIME,
			OtelAttributes.MONOTONIC, OtelAttributes.SCALE, OtelAttributes.ZERO_THRESHOLD, OtelAttributes.FLAGS);

	/**
	 * The series of a point.
	 * @param json the point's attributes, a JSON object
	 * @param temporality the temporality of the metric
	 */
	static PointSeries of(MetricStream stream, String json, @Nullable String temporality) {
		Map<String, String> own = JsonTexts.of(json);
		Map<String, String> attributes = new TreeMap<>(stream.origin());
		own.forEach((name, value) -> {
			if (!OF_POINTS.contains(name)) {
				attributes.put(name, value);
			}
		});
		return new PointSeries(stream.id(), attributes, own.getOrDefault(OtelAttributes.TEMPORALITY, temporality),
				time(own.get(OtelAttributes.START_TIME)));
	}

	private static @Nullable Instant time(@Nullable String text) {
		try {
			Instant time = (text != null) ? Instant.parse(text) : null;
			// 0 means unknown
			return (time != null && time.isAfter(Instant.EPOCH)) ? time : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	/** The same series without its start. */
	PointSeries ofAnyStart() {
		return new PointSeries(this.stream, this.attributes, this.temporality, null);
	}

	boolean isCumulative() {
		return "cumulative".equals(this.temporality);
	}

	boolean isDelta() {
		return "delta".equals(this.temporality);
	}

}
