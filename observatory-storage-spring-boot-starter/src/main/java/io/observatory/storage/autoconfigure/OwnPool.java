package io.observatory.storage.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.observatory.storage.config.StorageConfig;
import org.jspecify.annotations.Nullable;

/**
 * Builds the pool of the writers from properties, with the same configuration that
 * programs without Spring read from environment variables. So its rules exist once; only
 * the names differ.
 */
final class OwnPool {

	private static final Map<String, String> PROPERTIES = Map.of("DATABASE_URL", "url", "DB_USER", "username",
			"DB_PASSWORD", "password", "DB_POOL_MAX_SIZE", "maximum-pool-size", "DB_POOL_MIN_SIZE", "minimum-idle",
			"DB_POOL_CONNECT_TIMEOUT", "connection-timeout", "DB_POOL_IDLE_TIMEOUT", "idle-timeout",
			"DB_POOL_MAX_LIFETIME", "max-lifetime");

	private OwnPool() {
	}

	/**
	 * Returns the pool's configuration.
	 * @throws IllegalArgumentException naming the property that is wrong, never showing
	 * its value
	 */
	static StorageConfig config(StorageProperties.Pool pool) {
		Map<String, String> variables = new LinkedHashMap<>();
		put(variables, "DATABASE_URL", pool.url());
		put(variables, "DB_USER", pool.username());
		put(variables, "DB_PASSWORD", pool.password());
		put(variables, "DB_POOL_MAX_SIZE", pool.maximumPoolSize());
		put(variables, "DB_POOL_MIN_SIZE", pool.minimumIdle());
		put(variables, "DB_POOL_CONNECT_TIMEOUT", millis(pool.connectionTimeout()));
		put(variables, "DB_POOL_IDLE_TIMEOUT", millis(pool.idleTimeout()));
		put(variables, "DB_POOL_MAX_LIFETIME", millis(pool.maxLifetime()));
		try {
			return StorageConfig.fromEnv(variables);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(inProperties(String.valueOf(ex.getMessage())));
		}
	}

	private static void put(Map<String, String> variables, String name, @Nullable Object value) {
		if (value != null) {
			variables.put(name, value.toString());
		}
	}

	private static @Nullable String millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() + "ms" : null;
	}

	private static String inProperties(String message) {
		for (Map.Entry<String, String> property : PROPERTIES.entrySet()) {
			message = message.replace(property.getKey(),
					StorageProperties.PREFIX + ".datasource." + property.getValue());
		}
		return message;
	}

}
