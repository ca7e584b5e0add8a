package io.observatory.storage.capture;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import io.observatory.storage.model.Ids;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the metrics of one origin. Two resources (pods, say), scopes, units or kinds
 * of points never share an id, so their points never mix. The origin is hashed when it is
 * first needed. Thread-safe.
 */
public final class MetricStreams {

	private final Supplier<UUID> resource;

	private final Map<String, ?> scope;

	private volatile @Nullable UUID origin;

	private MetricStreams(Supplier<UUID> resource, Map<String, ?> scope) {
		this.resource = resource;
		this.scope = scope;
	}

	/**
	 * Returns the streams of a resource without a known scope.
	 * @param resource the resource attributes
	 */
	public static MetricStreams of(Map<String, ?> resource) {
		return new MetricStreams(new OnceHashed(resource), Map.of());
	}

	/**
	 * Returns the streams of a scope of the same resource, which is hashed only once.
	 * @param scope name, version and attributes of the instrumentation scope
	 */
	public MetricStreams scope(Map<String, ?> scope) {
		return new MetricStreams(this.resource, scope);
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
			known = Ids.metricOrigin(this.resource.get(), this.scope);
			this.origin = known;
		}
		return Ids.metricStream(known, name, unit, kind.name(), kind.temporality(), kind.monotonic());
	}

	private static final class OnceHashed implements Supplier<UUID> {

		private final Map<String, ?> attributes;

		private volatile @Nullable UUID hash;

		OnceHashed(Map<String, ?> attributes) {
			this.attributes = attributes;
		}

		@Override
		public UUID get() {
			UUID known = this.hash;
			if (known == null) {
				known = Ids.resource(this.attributes);
				this.hash = known;
			}
			return known;
		}

	}

}
