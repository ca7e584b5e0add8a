package io.observatory.storage.capture;

import java.util.Map;
import java.util.UUID;

import io.observatory.storage.model.Ids;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the metrics of one origin. Two resources (pods, say), two scopes, units or
 * kinds of points never share one: their points never mix. The origin is hashed when it
 * is first asked. Thread-safe.
 */
public final class MetricStreams {

	private final Map<String, ?> resource;

	private final Map<String, ?> scope;

	private volatile @Nullable UUID origin;

	/**
	 * Creates the streams of an origin.
	 * @param resource the resource attributes
	 * @param scope name, version and attributes of the instrumentation scope
	 */
	public MetricStreams(Map<String, ?> resource, Map<String, ?> scope) {
		this.resource = resource;
		this.scope = scope;
	}

	/**
	 * Returns the id of a stream.
	 * @param name the metric's name
	 * @param unit its unit, or null
	 * @param kind the kind of its points
	 */
	public UUID id(String name, @Nullable String unit, PointKind kind) {
		UUID known = this.origin;
		if (known == null) {
			known = Ids.metricOrigin(this.resource, this.scope);
			this.origin = known;
		}
		return Ids.metricStream(known, name, unit, kind.name() + " " + kind.temporality() + " " + kind.monotonic());
	}

}
