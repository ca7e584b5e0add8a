package io.observatory.storage.autoconfigure.connection;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

/**
 * Gives the writers a pool of their own to a service with the label
 * {@code org.springframework.boot.service-connection: observatory}. Other services are
 * left to Spring Boot. Reads the variables of PostgreSQL's official image.
 */
class DockerComposeConnectionFactory extends DockerComposeConnectionDetailsFactory<StorageConnectionDetails> {

	private static final int PORT = 5432;

	private static final String DEFAULT_USER = "postgres";

	DockerComposeConnectionFactory() {
		super(StorageConnectionDetails.CONNECTION_NAME);
	}

	@Override
	protected StorageConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new Service(source.getRunningService());
	}

	private static final class Service extends DockerComposeConnectionDetails implements StorageConnectionDetails {

		private final String address;

		private final Map<String, String> variables;

		private Service(RunningService service) {
			super(service);
			this.address = service.host() + ":" + service.ports().get(PORT);
			this.variables = Map.copyOf(service.env());
		}

		@Override
		public String getJdbcUrl() {
			return "jdbc:postgresql://" + this.address + "/"
					+ this.variables.getOrDefault("POSTGRES_DB", getUsername());
		}

		@Override
		public String getUsername() {
			return this.variables.getOrDefault("POSTGRES_USER", DEFAULT_USER);
		}

		@Override
		public @Nullable String getPassword() {
			return this.variables.get("POSTGRES_PASSWORD");
		}

	}

}
