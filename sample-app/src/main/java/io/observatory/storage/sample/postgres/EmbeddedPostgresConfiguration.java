package io.observatory.storage.sample.postgres;

import io.observatory.storage.sample.startup.ListenPort;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * An embedded PostgreSQL, unless {@code spring.datasource.url} names another. The pool
 * depends on it, so it is stopped last.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(EmbeddedPostgresConfiguration.NoOtherDatabase.class)
@EnableConfigurationProperties(EmbeddedPostgresProperties.class)
class EmbeddedPostgresConfiguration {

	@Bean
	PostgresServer postgresServer(EmbeddedPostgresProperties properties, ObjectProvider<ListenPort> ports) {
		ports.forEach(ListenPort::requireFree);
		return PostgresServer.start(properties.directory(), properties.port());
	}

	@Bean
	JdbcConnectionDetails postgresConnection(PostgresServer server) {
		return new PostgresConnection(server);
	}

	private record PostgresConnection(PostgresServer server) implements JdbcConnectionDetails {

		@Override
		public String getJdbcUrl() {
			return this.server.jdbcUrl();
		}

		@Override
		public String getUsername() {
			return PostgresServer.USER;
		}

		@Override
		public String getPassword() {
			return this.server.password();
		}

	}

	static class NoOtherDatabase extends NoneNestedConditions {

		NoOtherDatabase() {
			super(ConfigurationPhase.PARSE_CONFIGURATION);
		}

		@ConditionalOnProperty("spring.datasource.url")
		static class Given {

		}

	}

}
