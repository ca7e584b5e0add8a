package io.observatory.storage.sample.mapping;

import java.util.Map;

import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What produced a group of records: a resource and an instrumentation scope of it. Mapped
 * once, shared by all records of the group.
 *
 * @param serviceName the service
 * @param serviceInstance the instance of the service, or null if unknown
 * @param resource the resource attributes
 * @param scope the scope
 */
public record Origin(String serviceName, @Nullable String serviceInstance, Map<String, @Nullable Object> resource,
		Scope scope) {

	/** The service name where the resource has none, as in OpenTelemetry. */
	static final String UNKNOWN_SERVICE = "unknown_service";

	/**
	 * Returns the origin of what a resource produced.
	 */
	public static Origin of(Resource resource) {
		String service = text(resource, "service.name");
		return new Origin((service != null) ? service : UNKNOWN_SERVICE, text(resource, "service.instance.id"),
				AttributeMapping.map(resource.getAttributesList()), Scope.NONE);
	}

	/**
	 * Returns the origin of what a scope of this resource produced.
	 */
	public Origin scope(InstrumentationScope scope, String schemaUrl) {
		return new Origin(this.serviceName, this.serviceInstance, this.resource, Scope.of(scope, schemaUrl));
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
