package io.observatory.storage.capture;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The resource (this application) of records from libraries that have no resource of
 * their own.
 *
 * @param serviceName the service
 * @param attributes OpenTelemetry's resource attributes, {@code service.name} among them
 */
public record TelemetryResource(String serviceName, Map<String, ? extends @Nullable Object> attributes) {

	/** The attribute that holds the service name. */
	public static final String SERVICE_NAME = "service.name";

	/** The attribute that distinguishes the instances of a service. */
	public static final String SERVICE_INSTANCE = "service.instance.id";

	/** The service name of an application without one, as in OpenTelemetry. */
	public static final String UNKNOWN_SERVICE = "unknown_service";

	/**
	 * Returns the resource of a service of which only the name is known.
	 */
	public static TelemetryResource of(String serviceName) {
		return new TelemetryResource(serviceName, Map.of(SERVICE_NAME, serviceName));
	}

}
