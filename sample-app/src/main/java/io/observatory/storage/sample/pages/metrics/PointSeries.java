package io.observatory.storage.sample.pages.metrics;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.observatory.storage.capture.OtelAttributes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the points of one series share: their attributes, the instance among them, and
 * since when they count. A process that starts anew begins a new series.
 *
 * @param attributes the attributes that tell series apart
 * @param temporality delta or cumulative; null if it is not said
 * @param start since when its values count, of a cumulative one; of a delta, the point's
 * own start
 */
record PointSeries(Map<String, String> attributes, @Nullable String temporality, @Nullable Instant start) {

	/** They say what a point is, not whose. */
	private static final Set<String> OF_POINTS = Set.of(OtelAttributes.TEMPORALITY, OtelAttributes.START_TIME,
			OtelAttributes.MONOTONIC, OtelAttributes.SCALE, OtelAttributes.ZERO_THRESHOLD, OtelAttributes.FLAGS);

	/**
	 * Reads a point's attributes.
	 * @param json the attributes, a JSON object
	 */
	static PointSeries of(String json) {
		JsonNode node = JsonMapper.shared().readTree(json);
		Map<String, String> attributes = new TreeMap<>();
		node.properties().forEach((property) -> {
			if (!OF_POINTS.contains(property.getKey())) {
				attributes.put(property.getKey(), text(property.getValue()));
			}
		});
		return new PointSeries(attributes, node.path(OtelAttributes.TEMPORALITY).stringValue(null),
				time(node.path(OtelAttributes.START_TIME).stringValue(null)));
	}

	private static String text(JsonNode value) {
		return value.isString() ? value.stringValue() : value.toString();
	}

	private static @Nullable Instant time(@Nullable String text) {
		try {
			Instant time = (text != null) ? Instant.parse(text) : null;
			// whoever writes 0 does not know it
			return (time != null && time.isAfter(Instant.EPOCH)) ? time : null;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

	boolean isCumulative() {
		return "cumulative".equals(this.temporality);
	}

	boolean isDelta() {
		return "delta".equals(this.temporality);
	}

}
