package io.observatory.storage.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.actuate.ObservatoryHealthIndicator;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.config.DropListener;
import io.observatory.storage.config.DropListener.Drop;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.spring.ObservatoryDataSource;
import io.observatory.storage.spring.StorageDatabase;
import io.observatory.storage.spring.StoragePartitions;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application has is the same with the starter as without it.
 */
class ApplicationAsItWasIT {

	private String database;

	private JdbcTemplate jdbc;

	@BeforeEach
	void database() {
		this.database = Postgres.emptyDatabase();
		this.jdbc = Postgres.jdbc(this.database);
	}

	@Test
	void beansOfTheApplicationAreTheSameWithAndWithoutUs() {
		Map<String, Class<?>> without;
		try (ConfigurableApplicationContext context = shared().with("observatory.storage.enabled", false).run()) {
			without = foreignBeans(context);
		}
		try (ConfigurableApplicationContext context = shared().run()) {
			assertThat(foreignBeans(context)).isEqualTo(without);
		}
		try (ConfigurableApplicationContext context = shared()
			.with("observatory.storage.datasource.url", Postgres.url(this.database))
			.run()) {
			assertThat(foreignBeans(context)).isEqualTo(without);
		}
	}

	private static Map<String, Class<?>> foreignBeans(ConfigurableApplicationContext context) {
		return java.util.Arrays.stream(context.getBeanDefinitionNames())
			.filter((name) -> !name.contains("bservatory"))
			.collect(java.util.stream.Collectors.toMap((name) -> name, (name) -> {
				Class<?> type = context.getType(name);
				return (type != null && type.getName().indexOf("$$") < 0) ? type : Object.class;
			}));
	}

	@Test
	void dataSourceAndJdbcTemplateAndTransactionsAreTheApplications() {
		try (ConfigurableApplicationContext context = App.onOwnPool(Postgres.url(this.database)).run()) {
			DataSource own = context.getBean(StorageDatabase.class).dataSource();
			assertThat(context.getBean(DataSource.class)).isInstanceOf(HikariDataSource.class).isNotSameAs(own);
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("SELECT H2VERSION()", String.class))
				.isNotBlank();
			context.getBean(JdbcTemplate.class).execute("CREATE TABLE mine (id INT)");
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class)).executeWithoutResult(
					(status) -> context.getBean(JdbcTemplate.class).update("INSERT INTO mine VALUES (1)"));
			storesLogs(context, context.getBean(LogWriter.class));
		}
	}

	@Test
	void writingInATransactionThatRollsBackIsStoredAllTheSame() {
		try (ConfigurableApplicationContext context = shared().run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			List<LogRecord> logs = Logs.logs(10);
			new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
				.executeWithoutResult((status) -> {
					writer.writeLogs(logs);
					writer.flush();
					status.setRollbackOnly();
				});
			Logs.assertStored(this.jdbc, writer, logs);
		}
	}

	@Test
	void databaseHealthIsTheApplicationsAlone() {
		try (ConfigurableApplicationContext context = App.onOwnPool(Postgres.url(this.database)).run()) {
			assertThat(context.getBean(HealthContributorRegistry.class).getContributor("db"))
				.isInstanceOfSatisfying(HealthIndicator.class, (db) -> {
					assertThat(db.health(true).getStatus()).isEqualTo(Status.UP);
					assertThat(db.health(true).getDetails()).containsEntry("database", "H2");
				});
			assertThat(context.getBean(HealthContributorRegistry.class).getContributor("observatory"))
				.isInstanceOf(ObservatoryHealthIndicator.class);
		}
	}

	@Test
	void oneOfTwoDataSourcesIsMarkedAndTheOtherKeepsItsPlace() {
		try (ConfigurableApplicationContext context = shared().with(TwoDataSources.class).run()) {
			assertThat(context.getBean(JdbcTemplate.class).getDataSource()).isSameAs(context.getBean("main"));
			storesLogs(context, context.getBean(LogWriter.class));
		}
	}

	@Test
	void writersOfTheUserComeFirstAndAreLookedAfter() {
		try (ConfigurableApplicationContext context = shared().with(OwnWriter.class).run()) {
			assertThat(context.getBeansOfType(LogWriter.class)).containsOnlyKeys("mine");
			assertThat(context.getBeansOfType(Writer.class)).hasSize(3);
			LogWriter writer = context.getBean(LogWriter.class);
			List<LogRecord> logs = Logs.logs(3);
			writer.writeLogs(logs);
			Logs.awaitStored(this.jdbc, writer, logs);
		}
	}

	@Test
	void aWriterThatIsSwitchedOffIsNotThere() {
		try (ConfigurableApplicationContext context = shared().with("observatory.storage.logs.enabled", false)
			.with("observatory.storage.metrics.enabled", false)
			.run()) {
			assertThat(context.getBeansOfType(Writer.class).values()).hasOnlyElementsOfType(TraceWriter.class);
			assertThat(context.getBeansOfType(MetricWriter.class)).isEmpty();
		}
	}

	@Test
	void redactorOfTheUserSeesRecords() {
		try (ConfigurableApplicationContext context = shared().with(OwnRedactor.class).run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			writer.writeLog(Logs.log());
			writer.flush();
			assertThat(this.jdbc.queryForObject("SELECT body FROM observatory.logs", String.class)).isEqualTo("***");
		}
	}

	@Test
	void dropListenerOfTheUserIsToldOfDrops() {
		try (ConfigurableApplicationContext context = dropping().with(OwnDropListener.class).run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			writer.pause();
			writer.writeLogs(Logs.logs(2));
			writer.writeLogs(Logs.logs(3));
			assertThat(context.getBean(Told.class).drops)
				.containsExactly(new Drop("logs", DropReason.BUFFER_FULL, "logs", 3));
		}
	}

	@Test
	void ofSeveralDropListenersNoneIsChosenForTheUser() {
		try (ConfigurableApplicationContext context = dropping().with(TwoDropListeners.class).run()) {
			LogWriter writer = context.getBean(LogWriter.class);
			writer.pause();
			writer.writeLogs(Logs.logs(2));
			writer.writeLogs(Logs.logs(3));
			assertThat(writer.writeStats().dropped()).containsEntry(DropReason.BUFFER_FULL, 3L);
			assertThat(context.getBeansOfType(Told.class).values()).hasSize(2)
				.allSatisfy((told) -> assertThat(told.drops).isEmpty());
		}
	}

	private App dropping() {
		return shared().with("observatory.storage.logs.full-policy", "drop-newest")
			.with("observatory.storage.logs.max-buffer-rows", 4);
	}

	@Test
	void noMoreThanTwoConnectionsOfTheApplicationAreUsed() {
		try (ConfigurableApplicationContext context = shared().with(CountedConnections.class)
			.with("observatory.storage.logs.max-batch-rows", 50)
			.run()) {
			// The migration and the upkeep are not writers.
			await().until(() -> context.getBean(StoragePartitions.class).ahead() != null);
			Counted dataSource = context.getBean(Counted.class);
			await().until(() -> dataSource.open.get() == 0);
			dataSource.most.set(0);
			LogWriter writer = context.getBean(LogWriter.class);
			List<LogRecord> logs = Logs.logs(5000);
			writer.writeLogs(logs);
			writer.flush();
			Logs.assertStored(this.jdbc, writer, logs);
			assertThat(dataSource.most.get()).isBetween(1, 2);
		}
	}

	private App shared() {
		return App.onSharedDataSource(Postgres.url(this.database));
	}

	private void storesLogs(ConfigurableApplicationContext context, LogWriter writer) {
		List<LogRecord> logs = Logs.logs(50);
		writer.writeLogs(logs);
		writer.flush();
		Logs.assertStored(this.jdbc, writer, logs);
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources {

		@Bean
		@Primary
		DataSource main() {
			return new DriverManagerDataSource("jdbc:h2:mem:main;DB_CLOSE_DELAY=-1");
		}

		@Bean
		@ObservatoryDataSource
		DataSource telemetry(Environment environment) {
			return new DriverManagerDataSource(String.valueOf(environment.getProperty("spring.datasource.url")));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnWriter {

		@Bean
		LogWriter mine(DataSource dataSource) {
			return new LogWriter(dataSource,
					WriterConfig.logs().flushInterval(java.time.Duration.ofMillis(100)).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRedactor {

		@Bean
		Redactor redactor() {
			return new Redactor() {

				@Override
				public LogRecord redact(LogRecord log) {
					return LogRecord.builder()
						.timestamp(log.timestamp())
						.serviceName(log.serviceName())
						.body("***")
						.build();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDropListener {

		@Bean
		Told told() {
			return new Told();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDropListeners {

		@Bean
		Told one() {
			return new Told();
		}

		@Bean
		Told other() {
			return new Told();
		}

	}

	static final class Told implements DropListener {

		private final Queue<Drop> drops = new ConcurrentLinkedQueue<>();

		@Override
		public void dropped(Drop drop) {
			this.drops.add(drop);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CountedConnections {

		@Bean
		Counted dataSource(Environment environment) {
			return new Counted(
					new DriverManagerDataSource(String.valueOf(environment.getProperty("spring.datasource.url"))));
		}

	}

	/**
	 * Counts the connections that are open at the same time.
	 */
	static final class Counted extends DelegatingDataSource {

		private final AtomicInteger open = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		Counted(DataSource target) {
			super(target);
		}

		@Override
		public java.sql.Connection getConnection() throws java.sql.SQLException {
			java.sql.Connection target = super.getConnection();
			this.most.accumulateAndGet(this.open.incrementAndGet(), Math::max);
			return (java.sql.Connection) java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { java.sql.Connection.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("close")) {
							this.open.decrementAndGet();
						}
						try {
							return method.invoke(target, arguments);
						}
						catch (java.lang.reflect.InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

	}

}
