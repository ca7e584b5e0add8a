package io.observatory.storage.sample.mapping;

import java.util.Map;

import io.observatory.storage.capture.MetricStreams;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The resource and the instrumentation scope of a group of records. Mapped once and
 * shared by all records of the group.
 *
 * @param serviceName the service
 * @param resource the resource attributes
 * @param scope the scope
 * @param streams the ids of its metrics
 */
public record Origin(String serviceName, Map<String, @Nullable Object> resource, Scope scope, MetricStreams streams) {

	/** The service name where the resource has none, as in OpenTelemetry. */
	static final String UNKNOWN_SERVICE = "unknown_service";

	/**
	 * Returns the origin of what a resource produced.
	 */
	public static Origin of(Resource resource) {
		String service = text(resource, "service.name");
		Map<String, @Nullable Object> attributes = AttributeMapping.map(resource.getAttributesList());
		return new Origin((service != null) ? service : UNKNOWN_SERVICE, attributes, Scope.NONE,
				MetricStreams.of(attributes));
	}

	/**
	 * Returns the origin of what a scope of this resource produced.
	 */
	public Origin scope(InstrumentationScope scope, String schemaUrl) {
		Scope mapped = Scope.of(scope, schemaUrl);
		return new Origin(this.serviceName, this.resource, mapped, this.streams.scope(mapped.asMap()));
	}

	private static @Nullable String text(Resource resource, String key) {
		String text = null;
		for (KeyValue attribute : resource.getAttributesList()) {
			if (attribute.getKey().equals(key)) {
				text = AttributeMapping.text(attribute.getValue());
			}
		}
		return (text != null && !text.isEmpty()) ? text : null;
	}

}
