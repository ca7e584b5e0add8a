package io.observatory.storage.capture.opentelemetry;

import java.util.LinkedHashMap;
import java.util.Map;

import io.observatory.storage.capture.MetricStreams;
import io.observatory.storage.capture.OtelAttributes;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The resource and the instrumentation scope of records. Mapped once for consecutive
 * records that have the same.
 *
 * @param source the resource
 * @param scope the scope
 * @param serviceName the service
 * @param resource the resource attributes
 * @param scopeAttributes the scope's attributes
 * @param scopeMap name, version and attributes of the scope, as far as they exist
 * @param streams the ids of its metrics
 */
record SdkOrigin(Resource source, InstrumentationScopeInfo scope, String serviceName,
		Map<String, @Nullable Object> resource, Map<String, @Nullable Object> scopeAttributes,
		Map<String, @Nullable Object> scopeMap, MetricStreams streams) {

	/** The service name if the resource has none, as in OpenTelemetry. */
	private static final String UNKNOWN_SERVICE = "unknown_service";

	private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");

	/**
	 * Returns the origin, which is the last one if it is the same. Spring Boot's spans
	 * have equal resources, but each has its own object.
	 */
	static SdkOrigin of(Resource source, InstrumentationScopeInfo scope, @Nullable SdkOrigin last) {
		return (last != null && last.source.equals(source) && last.scope.equals(scope)) ? last
				: create(source, scope, last);
	}

	private static SdkOrigin create(Resource source, InstrumentationScopeInfo scope, @Nullable SdkOrigin last) {
		String service = SdkValues.nullIfEmpty(source.getAttribute(SERVICE_NAME));
		Map<String, @Nullable Object> scopeAttributes = SdkValues.map(scope.getAttributes());
		Map<String, @Nullable Object> resource = SdkValues.map(source.getAttributes());
		Map<String, @Nullable Object> scopeMap = scopeMap(scope, scopeAttributes);
		MetricStreams streams = (last != null && last.source.equals(source)) ? last.streams
				: MetricStreams.of(resource);
		return new SdkOrigin(source, scope, (service != null) ? service : UNKNOWN_SERVICE, resource, scopeAttributes,
				scopeMap, streams.scope(scopeMap));
	}

	private static Map<String, @Nullable Object> scopeMap(InstrumentationScopeInfo scope,
			Map<String, @Nullable Object> attributes) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		OtelAttributes.putText(map, "name", scope.getName());
		OtelAttributes.putText(map, "version", scope.getVersion());
		OtelAttributes.putMap(map, "attributes", attributes);
		return map;
	}

	@Nullable String scopeName() {
		return SdkValues.nullIfEmpty(this.scope.getName());
	}

	@Nullable String scopeVersion() {
		return SdkValues.nullIfEmpty(this.scope.getVersion());
	}

	/** Returns the schema that the records of the scope follow. */
	@Nullable String schemaUrl() {
		return this.scope.getSchemaUrl();
	}

}
