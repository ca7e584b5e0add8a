package io.observatory.storage.sample.mapping;

import java.util.LinkedHashMap;
import java.util.Map;

import io.observatory.storage.capture.OtelAttributes;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import org.jspecify.annotations.Nullable;

/**
 * An instrumentation scope.
 *
 * @param name its name, often a logger's or a library's, or null
 * @param version its version, or null
 * @param attributes its attributes
 * @param schemaUrl the schema that its records follow, or an empty text
 * @param asMap name, version and attributes as a map, without what is not there
 */
public record Scope(@Nullable String name, @Nullable String version, Map<String, @Nullable Object> attributes,
		String schemaUrl, Map<String, @Nullable Object> asMap) {

	static final Scope NONE = of(InstrumentationScope.getDefaultInstance(), "");

	static Scope of(InstrumentationScope scope, String schemaUrl) {
		Map<String, @Nullable Object> attributes = AttributeMapping.map(scope.getAttributesList());
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		OtelAttributes.putText(map, "name", scope.getName());
		OtelAttributes.putText(map, "version", scope.getVersion());
		OtelAttributes.putMap(map, "attributes", attributes);
		return new Scope(EmptyText.toNull(scope.getName()), EmptyText.toNull(scope.getVersion()), attributes, schemaUrl,
				map);
	}

}
