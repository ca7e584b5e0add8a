package io.observatory.storage.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.spring.StorageSchema;
import io.observatory.storage.spring.StorageStartupException;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.table.Layout;
import io.observatory.storage.table.Schema;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.LogWriter;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * The schema beside the application's own, on every kind of DataSource.
 */
@ExtendWith(OutputCaptureExtension.class)
class SchemaIT {

	private String database;

	private JdbcTemplate jdbc;

	@BeforeEach
	void database() {
		this.database = Postgres.emptyDatabase();
		this.jdbc = Postgres.jdbc(this.database);
	}

	@Test
	void applicationsOwnMigrationsRunAsWithoutUs() {
		try (ConfigurableApplicationContext context = shared().run()) {
			assertThat(context.getBean(Flyway.class).info().applied()).hasSize(1);
			assertThat(tables("public")).containsExactlyInAnyOrder("customer", "flyway_schema_history");
			assertThat(tables("observatory")).contains("logs", "traces", "observatory_schema_history")
				.doesNotContain("flyway_schema_history", "customer");
			storesLogs(context);
		}
	}

	@Test
	void schemaMayHaveAnotherName() {
		try (ConfigurableApplicationContext context = shared().with("observatory.storage.schema", "Telemetry").run()) {
			assertThat(tables("Telemetry")).contains("logs", "observatory_schema_history");
			assertThat(tables("observatory")).isEmpty();
			context.getBean(LogWriter.class).writeLog(Logs.log());
			context.getBean(LogWriter.class).flush();
			assertThat(this.jdbc.queryForObject("SELECT count(*) FROM \"Telemetry\".logs", Integer.class)).isOne();
		}
	}

	@Test
	void severalInstancesStartAtOnce() {
		// they share a JVM here, and Logback cannot be set up by several at once
		System.setProperty(LoggingSystem.SYSTEM_PROPERTY, LoggingSystem.NONE);
		try {
			startSeveralAtOnce();
		}
		finally {
			System.clearProperty(LoggingSystem.SYSTEM_PROPERTY);
		}
		assertThat(this.jdbc.queryForObject(
				"SELECT count(*) FROM observatory.observatory_schema_history WHERE version = '1'", Integer.class))
			.isOne();
	}

	private void startSeveralAtOnce() {
		List<CompletableFuture<ConfigurableApplicationContext>> starts = Stream
			.generate(() -> CompletableFuture.supplyAsync(() -> shared().run()))
			.limit(3)
			.toList();
		starts.forEach((start) -> {
			try (ConfigurableApplicationContext context = start.join()) {
				assertThat(context.getBean(StorageSchema.class).status().state()).isEqualTo(StorageSchema.State.READY);
			}
		});
	}

	@Test
	void migrationCanBeLeftToOthers() {
		try (ConfigurableApplicationContext context = shared().with("observatory.storage.migration.enabled", false)
			.run()) {
			assertThat(tables("observatory")).isEmpty();
			assertThat(context.getBean(StorageSchema.class).status().state()).isEqualTo(StorageSchema.State.UNMANAGED);
		}
	}

	@Test
	void failedMigrationEndsTheApplication() {
		foreignTableInTheWay();
		assertThatThrownBy(() -> shared().run()).hasStackTraceContaining(StorageStartupException.class.getName())
			.hasStackTraceContaining("The schema observatory could not be migrated");
	}

	@ParameterizedTest
	@CsvSource({ "localhost, nothing listens at its host and port", "host.invalid, its host is not known" })
	void missingDatabaseIsToldWithThePropertiesToCheck(String host, String reason, CapturedOutput output)
			throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		App app = App.onSharedDataSource("jdbc:postgresql://%s:%d/shop".formatted(host, port))
			.with("spring.flyway.enabled", false)
			.with("spring.datasource.hikari.connection-timeout", 250);
		assertThatThrownBy(app::run).hasStackTraceContaining("no connection to the database: " + reason);
		assertThat(output).contains("APPLICATION FAILED TO START",
				"check spring.datasource.url (%s:%d), spring.datasource.username and spring.datasource.password"
					.formatted(host, port));
	}

	@Test
	void failedMigrationIsTriedAgainWhereTheApplicationMayStart() {
		foreignTableInTheWay();
		try (ConfigurableApplicationContext context = shared()
			.with("observatory.storage.migration.on-failure", "continue")
			.run()) {
			StorageSchema schema = context.getBean(StorageSchema.class);
			assertThat(schema.status().state()).isEqualTo(StorageSchema.State.PENDING);
			assertThat(schema.status().reason()).isNotBlank();
			List<LogRecord> logs = Logs.logs(10);
			LogWriter writer = context.getBean(LogWriter.class);
			writer.writeLogs(logs);
			this.jdbc.execute("DROP SCHEMA observatory CASCADE");
			await().until(() -> schema.status().state() == StorageSchema.State.READY);
			Logs.awaitStored(this.jdbc, writer, logs);
		}
	}

	@Test
	@DisabledIfSystemProperty(named = "it.layout", matches = "source")
	void newSchemaHasSpansByDay() {
		shared().run().close();
		assertThat(layout()).isEqualTo(Layout.PARTITIONED);
	}

	@Test
	void schemaKeepsTheLayoutThatItWasMadeWith() {
		try (ConfigurableApplicationContext context = shared().with("observatory.storage.layout", "source").run()) {
			storesLogs(context);
			assertThat(layout()).isEqualTo(Layout.SOURCE);
		}
		try (ConfigurableApplicationContext context = shared().run()) {
			assertThat(context.getBean(StorageSchema.class).status().state()).isEqualTo(StorageSchema.State.READY);
			assertThat(layout()).isEqualTo(Layout.SOURCE);
		}
		assertThatThrownBy(() -> shared().with("observatory.storage.layout", "partitioned").run())
			.hasStackTraceContaining("The schema observatory could not be migrated: it has the layout source, and "
					+ "observatory.storage.layout is partitioned");
		assertThat(layout()).isEqualTo(Layout.SOURCE);
	}

	@ParameterizedTest
	@CsvSource({ "migration.enabled, false", "migration.on-failure, continue" })
	void wrongLayoutIsAnErrorAtTheStartWhoeverMigrates(String property, String value) {
		shared().with("observatory.storage.layout", "source").run().close();
		assertThatThrownBy(() -> shared().with("observatory.storage.layout", "partitioned")
			.with("observatory.storage." + property, value)
			.run()).hasStackTraceContaining(StorageStartupException.class.getName())
			.hasStackTraceContaining("it has the layout source, and observatory.storage.layout is partitioned");
	}

	/** The migrations of the new layout follow at the next start. */
	@Test
	void schemaWhoseSpansHaveMovedGoesOnWithTheOtherLayout() {
		shared().with("observatory.storage.layout", "source").run().close();
		do {
			assertThat(layout()).isEqualTo(Layout.SOURCE);
		}
		while (this.jdbc.queryForObject("SELECT observatory.move_spans() IS NOT NULL", Boolean.class));
		assertThat(layout()).isEqualTo(Layout.PARTITIONED);
		for (int start = 0; start < 2; start++) {
			try (ConfigurableApplicationContext context = shared().run()) {
				assertThat(context.getBean(StorageSchema.class).status().state()).isEqualTo(StorageSchema.State.READY);
			}
		}
	}

	private Layout layout() {
		return Layout.of(this.jdbc.queryForObject(Layout.query(new Schema("observatory")), String.class));
	}

	@Test
	void schemaOfADevelopmentVersionIsLeftAlone() {
		try (ConfigurableApplicationContext context = shared().run()) {
			storesLogs(context);
		}
		this.jdbc.execute("UPDATE observatory.observatory_schema_history SET script = 'V1__observatory.sql', "
				+ "description = 'observatory' WHERE version = '1'");
		assertThatThrownBy(() -> shared().run()).hasStackTraceContaining(
				"The schema observatory could not be migrated: the schema was made by a " + "development version");
		assertThat(this.jdbc.queryForObject("SELECT count(*) FROM observatory.logs", Integer.class)).isEqualTo(50);
	}

	/**
	 * A schema that is not empty and has no history is nothing that Flyway touches.
	 */
	private void foreignTableInTheWay() {
		this.jdbc.execute("CREATE SCHEMA observatory CREATE TABLE logs (id INT)");
	}

	@Test
	void partitionsAreMadeAhead() {
		try (ConfigurableApplicationContext context = shared().with("observatory.storage.partitions.days-ahead", 20)
			.run()) {
			await().until(() -> Integer.valueOf(20).equals(context.getBean(StoragePartitions.class).ahead()));
		}
	}

	/** Who looks after the partitions has nothing to do with who is alive. */
	@Test
	void lanesAreRenewedAlsoWherePartitionsAreMadeByOthers() {
		try (ConfigurableApplicationContext context = shared().with("observatory.storage.partitions.enabled", false)
			.with("observatory.storage.partitions.interval", "100ms")
			.run()) {
			storesLogs(context);
			this.jdbc.update("UPDATE observatory.lanes SET updated_at = now() - interval '31 days'");
			await().untilAsserted(() -> assertThat(this.jdbc.queryForObject(
					"SELECT min(updated_at) > now() - interval '1 day' FROM observatory.lanes", Boolean.class))
				.isTrue());
		}
	}

	@Test
	void autoCommitMayBeOff() {
		try (ConfigurableApplicationContext context = shared().with("spring.datasource.hikari.auto-commit", false)
			.with("observatory.storage.partitions.days-ahead", 20)
			.run()) {
			storesLogs(context);
			await().untilAsserted(
					() -> assertThat(this.jdbc.queryForObject("SELECT observatory.partitions_ahead()", Integer.class))
						.isEqualTo(20));
		}
	}

	@Test
	void transactionsMayBeSerializableByDefault() {
		try (ConfigurableApplicationContext context = shared()
			.with("spring.datasource.hikari.transaction-isolation", "TRANSACTION_SERIALIZABLE")
			.run()) {
			storesLogs(context);
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("SHOW transaction_isolation", String.class))
				.isEqualTo("serializable");
		}
	}

	@Test
	void dataSourceMayBeWrapped() {
		try (ConfigurableApplicationContext context = shared().with(Wrapped.class).run()) {
			storesLogs(context);
			assertThat(context.getBean(Wrapped.class).pool.isClosed()).isFalse();
		}
	}

	@Test
	void dataSourceMayRoute() {
		try (ConfigurableApplicationContext context = shared().with(Routed.class).run()) {
			storesLogs(context);
		}
	}

	@Test
	void dataSourceMayRouteNowhereYet() {
		try (ConfigurableApplicationContext context = shared().with(RoutedLater.class)
			.with("spring.flyway.enabled", false)
			.with("observatory.storage.migration.on-failure", "continue")
			.run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			List<LogRecord> logs = Logs.logs(10);
			writer.writeLogs(logs);
			context.getBean(RoutedLater.class).route = "here";
			Logs.awaitStored(this.jdbc, writer, logs);
		}
	}

	@Test
	void dataSourceMayBeObserved() {
		try (ConfigurableApplicationContext context = shared().with(Proxied.class).run()) {
			storesLogs(context);
		}
	}

	private App shared() {
		return App.onSharedDataSource(Postgres.url(this.database));
	}

	private List<String> tables(String schema) {
		return this.jdbc.queryForList("SELECT table_name FROM information_schema.tables WHERE table_schema = ?",
				String.class, schema);
	}

	private void storesLogs(ConfigurableApplicationContext context) {
		LogWriter writer = context.getBean(LogWriter.class);
		List<LogRecord> logs = Logs.logs(50);
		writer.writeLogs(logs);
		writer.flush();
		Logs.assertStored(this.jdbc, writer, logs);
		assertThat(writer.status().state()).isEqualTo(WriterStatus.State.RUNNING);
	}

	@Configuration(proxyBeanMethods = false)
	static class Wrapped {

		private final HikariDataSource pool = new HikariDataSource();

		@Bean
		DataSource dataSource(Environment environment) {
			this.pool.setJdbcUrl(environment.getProperty("spring.datasource.url"));
			return new TransactionAwareDataSourceProxy(
					new LazyConnectionDataSourceProxy(new DelegatingDataSource(this.pool)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Routed {

		@Bean
		DataSource dataSource(Environment environment) {
			return routing(environment, () -> "here");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RoutedLater {

		private volatile String route = "nowhere";

		@Bean
		DataSource dataSource(Environment environment) {
			return routing(environment, () -> this.route);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxied {

		@Bean
		DataSource dataSource(Environment environment) {
			DataSource target = new DriverManagerDataSource(
					String.valueOf(environment.getProperty("spring.datasource.url")));
			return new DelegatingDataSource(target) {

				@Override
				public Connection getConnection() throws SQLException {
					return proxied(super.getConnection());
				}

			};
		}

		private static Connection proxied(Connection target) {
			return (Connection) Proxy.newProxyInstance(SchemaIT.class.getClassLoader(),
					new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
						try {
							return method.invoke(target, arguments);
						}
						catch (java.lang.reflect.InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

	}

	private static DataSource routing(Environment environment, java.util.function.Supplier<String> route) {
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return route.get();
			}

		};
		routing.setTargetDataSources(java.util.Map.of("here",
				new DriverManagerDataSource(String.valueOf(environment.getProperty("spring.datasource.url")))));
		routing.setLenientFallback(false);
		return routing;
	}

}
