package io.observatory.storage.autoconfigure.connection;

import org.testcontainers.containers.JdbcDatabaseContainer;

import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

/**
 * Gives the writers a pool of their own to a container with
 * {@code @ServiceConnection(name = "observatory")}. Other containers are left to Spring
 * Boot, which makes them the application's DataSource.
 */
class TestcontainersConnectionFactory
		extends ContainerConnectionDetailsFactory<JdbcDatabaseContainer<?>, StorageConnectionDetails> {

	TestcontainersConnectionFactory() {
		super(StorageConnectionDetails.CONNECTION_NAME);
	}

	@Override
	protected StorageConnectionDetails getContainerConnectionDetails(
			ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
		return new Container(source);
	}

	private static final class Container extends ContainerConnectionDetails<JdbcDatabaseContainer<?>>
			implements StorageConnectionDetails {

		private Container(ContainerConnectionSource<JdbcDatabaseContainer<?>> source) {
			super(source);
		}

		@Override
		public String getJdbcUrl() {
			return getContainer().getJdbcUrl();
		}

		@Override
		public String getUsername() {
			return getContainer().getUsername();
		}

		@Override
		public String getPassword() {
			return getContainer().getPassword();
		}

	}

}
