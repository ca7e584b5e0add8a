package io.observatory.storage.autoconfigure.connection;

import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.autoconfigure.StorageDataSourceAutoConfiguration;
import io.observatory.storage.spring.StorageDatabase;
import org.junit.jupiter.api.Test;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Containers and Compose services as the writers' database. Nobody listens where they
 * are, so Docker is not needed.
 */
class ServiceConnectionTest {

	private static final String URL = "jdbc:postgresql://localhost:1/shop";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ServiceConnectionAutoConfiguration.class,
				DataSourceAutoConfiguration.class, StorageDataSourceAutoConfiguration.class))
		.withClassLoader(new FilteredClassLoader("org.h2"))
		.withPropertyValues("observatory.storage.datasource.connection-timeout=250ms",
				"observatory.storage.datasource.maximum-pool-size=7");

	@Test
	void aContainerThatIsNamedForTheWritersIsTheirOwnPool() {
		this.runner.withUserConfiguration(ContainerOfWriters.class).run(ServiceConnectionTest::assertOwnPool);
	}

	@Test
	void aContainerGoesBeforeTheProperties() {
		this.runner.withUserConfiguration(ContainerOfWriters.class)
			.withPropertyValues("observatory.storage.datasource.url=jdbc:postgresql://localhost:1/other?user=app")
			.run(ServiceConnectionTest::assertOwnPool);
	}

	@Test
	void anyOtherContainerIsTheApplications() {
		this.runner.withUserConfiguration(ContainerOfApplication.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(JdbcConnectionDetails.class)
				.doesNotHaveBean(StorageConnectionDetails.class)
				.getBean(StorageDatabase.class)
				.returns(false, StorageDatabase::isOwnPool));
	}

	@Test
	void aServiceOfComposeThatIsNamedForTheWritersIsTheirOwnPool() {
		Map<Class<?>, ConnectionDetails> details = details(new Service("observatory"));
		assertThat(details).containsOnlyKeys(StorageConnectionDetails.class);
		this.runner
			.withBean(StorageConnectionDetails.class,
					() -> (StorageConnectionDetails) details.get(StorageConnectionDetails.class))
			.run(ServiceConnectionTest::assertOwnPool);
	}

	@Test
	void anyOtherServiceOfComposeIsTheApplications() {
		assertThat(details(new Service("postgres"))).isNotEmpty().doesNotContainKey(StorageConnectionDetails.class);
	}

	private static void assertOwnPool(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed().hasSingleBean(DataSource.class);
		StorageDatabase database = context.getBean(StorageDatabase.class);
		assertThat(database.isOwnPool()).isTrue();
		HikariDataSource pool = (HikariDataSource) database.dataSource();
		assertThat(pool.getMaximumPoolSize()).isEqualTo(7);
		AbstractDriverBasedDataSource target = (AbstractDriverBasedDataSource) pool.getDataSource();
		assertThat(target.getUrl()).startsWith(URL);
		assertThat(target.getConnectionProperties()).containsEntry("user", "app").containsEntry("password", "secret");
	}

	private static Map<Class<?>, ConnectionDetails> details(RunningService service) {
		// only Spring Boot makes one, from what Docker says
		Object source = BeanUtils.instantiateClass(DockerComposeConnectionSource.class.getDeclaredConstructors()[0],
				service, new MockEnvironment());
		return new ConnectionDetailsFactories(ServiceConnectionTest.class.getClassLoader()).getConnectionDetails(source,
				true);
	}

	@Configuration(proxyBeanMethods = false)
	static class ContainerOfWriters {

		@Bean
		@ServiceConnection(name = StorageConnectionDetails.CONNECTION_NAME, type = StorageConnectionDetails.class)
		PostgreSQLContainer container() {
			return new Container();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ContainerOfApplication {

		@Bean
		@ServiceConnection
		PostgreSQLContainer container() {
			return new Container();
		}

	}

	/**
	 * One that starts nothing.
	 */
	private static final class Container extends PostgreSQLContainer {

		private Container() {
			super("postgres:18");
			withUsername("app").withPassword("secret");
		}

		@Override
		public void start() {
		}

		@Override
		public String getJdbcUrl() {
			return URL;
		}

	}

	private record Service(String connection) implements RunningService {

		@Override
		public String name() {
			return "database";
		}

		@Override
		public ImageReference image() {
			return ImageReference.of("postgres:18");
		}

		@Override
		public String host() {
			return "localhost";
		}

		@Override
		public ConnectionPorts ports() {
			return new Ports();
		}

		@Override
		public Map<String, String> env() {
			return Map.of("POSTGRES_USER", "app", "POSTGRES_PASSWORD", "secret", "POSTGRES_DB", "shop");
		}

		@Override
		public Map<String, String> labels() {
			return Map.of("org.springframework.boot.service-connection", this.connection);
		}

	}

	private static final class Ports implements ConnectionPorts {

		@Override
		public int get(int containerPort) {
			return 1;
		}

		@Override
		public List<Integer> getAll() {
			return List.of(1);
		}

		@Override
		public List<Integer> getAll(String protocol) {
			return getAll();
		}

	}

}
