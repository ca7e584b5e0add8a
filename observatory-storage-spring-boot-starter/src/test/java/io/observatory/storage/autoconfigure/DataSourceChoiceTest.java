package io.observatory.storage.autoconfigure;

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.spring.ObservatoryDataSource;
import io.observatory.storage.spring.StorageDatabase;
import io.observatory.storage.spring.StorageStartupException;
import io.observatory.storage.stats.WriterStatus;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.StringUtils;

import static io.observatory.storage.testing.Logs.assertConserved;
import static io.observatory.storage.testing.Logs.logs;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which database the writers use, without one that is PostgreSQL.
 */
@ExtendWith(OutputCaptureExtension.class)
class DataSourceChoiceTest {

	static final Class<?>[] OURS = { StorageDataSourceAutoConfiguration.class, StorageEndpointAutoConfiguration.class,
			StorageHealthAutoConfiguration.class, StorageLifecycleAutoConfiguration.class,
			StorageMetricsAutoConfiguration.class, StorageSchedulingAutoConfiguration.class,
			StorageSchemaAutoConfiguration.class, StorageWriterAutoConfiguration.class };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OURS));

	private final ApplicationContextRunner withBootsDataSource = this.runner.withConfiguration(
			AutoConfigurations.of(DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class));

	@Test
	void onH2TheApplicationStartsAndWritersTakeRecords(CapturedOutput output) {
		long[] closedAt = new long[1];
		this.withBootsDataSource.run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(LogWriter.class)
				.hasSingleBean(MetricWriter.class)
				.hasSingleBean(TraceWriter.class);
			LogWriter writer = context.getBean(LogWriter.class);
			writer.writeLogs(logs(100));
			assertThat(assertConserved(writer).accepted()).isEqualTo(100);
			assertThat(writer.status().state()).isEqualTo(WriterStatus.State.PAUSED);
			assertThat(context.getBean(HealthIndicator.class).health(true).getStatus()).isEqualTo(Status.UNKNOWN);
			closedAt[0] = System.nanoTime();
		});
		assertThat(Duration.ofNanos(System.nanoTime() - closedAt[0])).isLessThan(Duration.ofSeconds(5));
		assertThat(StringUtils.countOccurrencesOf(output.toString(), "H2, not PostgreSQL")).isOne();
		assertThat(output).contains("observatory.storage.enabled=false");
	}

	@Test
	void enabledFalseLeavesNothing() {
		this.withBootsDataSource.withPropertyValues("observatory.storage.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.contains("bservatory"));
		});
	}

	@Test
	void withoutDataSourceTheFailureSaysWhatToDo() {
		this.runner.run(DataSourceChoiceTest::assertSaysThatThereIsNone);
	}

	@Test
	void withoutUrlTheFailureSaysWhatToDo() {
		this.withBootsDataSource.withClassLoader(new FilteredClassLoader("org.h2"))
			.run(DataSourceChoiceTest::assertSaysThatThereIsNone);
	}

	private static void assertSaysThatThereIsNone(AssertableApplicationContext context) {
		FailureAnalysis analysis = analysis(context.getStartupFailure());
		assertThat(analysis.getDescription()).contains("there is no DataSource");
		assertThat(analysis.getAction()).contains("observatory.storage.datasource.url", "spring.datasource.url",
				"observatory.storage.enabled=false");
	}

	@Test
	void twoDataSourcesAndNoPrimaryOneFailAndSayWhatToDo() {
		this.runner.withUserConfiguration(TwoDataSources.class)
			.run((context) -> assertThat(analysis(context.getStartupFailure())).satisfies((analysis) -> {
				assertThat(analysis.getDescription()).contains("there are 2 and none is primary");
				assertThat(analysis.getAction()).contains("@ObservatoryDataSource", "@Primary",
						"observatory.storage.datasource.url");
			}));
	}

	@Test
	void primaryDataSourceIsUsed() {
		this.runner.withUserConfiguration(PrimaryOfTwo.class)
			.run((context) -> assertThat(context.getBean(StorageDatabase.class).dataSource())
				.isSameAs(context.getBean("first")));
	}

	@Test
	void markedDataSourceIsUsedEvenBesideAPrimaryOne() {
		this.runner.withUserConfiguration(MarkedBesidePrimary.class)
			.run((context) -> assertThat(context.getBean(StorageDatabase.class).dataSource())
				.isSameAs(context.getBean("marked")));
	}

	@Test
	void aDataSourceThatIsNoDefaultCandidateIsLeftAlone() {
		this.runner.withUserConfiguration(SecondIsNoDefaultCandidate.class)
			.run((context) -> assertThat(context.getBean(StorageDatabase.class).dataSource())
				.isSameAs(context.getBean("first")));
	}

	@Test
	void ownPoolIsNoBean() {
		this.withBootsDataSource.withPropertyValues(ownPool()).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(DataSource.class);
			DataSource own = context.getBean(StorageDatabase.class).dataSource();
			assertThat(context.getBean(DataSource.class)).isNotSameAs(own);
			assertThat(context.getBean(JdbcTemplate.class).getDataSource()).isNotSameAs(own);
		});
	}

	@Test
	void ownPoolIsTheDataSourceOfAnApplicationWithoutOne() {
		this.withBootsDataSource.withClassLoader(new FilteredClassLoader("org.h2"))
			.withPropertyValues(ownPool())
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(DataSource.class);
				assertThat(context.getBean(DataSource.class))
					.isSameAs(context.getBean(StorageDatabase.class).dataSource());
			});
	}

	@Test
	void ownPoolIsClosedWithTheContext() {
		DataSource[] pool = new DataSource[1];
		this.withBootsDataSource.withPropertyValues(ownPool())
			.run((context) -> pool[0] = context.getBean(StorageDatabase.class).dataSource());
		assertThat(pool[0]).isInstanceOfSatisfying(HikariDataSource.class,
				(closed) -> assertThat(closed.isClosed()).isTrue());
	}

	/**
	 * Nobody listens there: the pool starts all the same.
	 */
	private static String[] ownPool() {
		return List
			.of("datasource.url=jdbc:postgresql://localhost:1/app?user=app", "datasource.connection-timeout=250ms",
					"migration.enabled=false", "partitions.enabled=false", "close-timeout=1s")
			.stream()
			.map((property) -> "observatory.storage." + property)
			.toArray(String[]::new);
	}

	private static FailureAnalysis analysis(Throwable failure) {
		assertThat(failure).hasRootCauseInstanceOf(Exception.class);
		FailureAnalysis analysis = new StorageStartupFailureAnalyzer().analyze(failure);
		assertThat(analysis).isNotNull();
		assertThat(analysis.getCause()).isInstanceOf(StorageStartupException.class);
		return analysis;
	}

	private static DataSource h2() {
		return new DriverManagerDataSource("jdbc:h2:mem:choice");
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDataSources {

		@Bean
		DataSource first() {
			return h2();
		}

		@Bean
		DataSource second() {
			return h2();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryOfTwo {

		@Bean
		@Primary
		DataSource first() {
			return h2();
		}

		@Bean
		DataSource second() {
			return h2();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedBesidePrimary {

		@Bean
		@Primary
		DataSource first() {
			return h2();
		}

		@Bean
		@ObservatoryDataSource
		DataSource marked() {
			return h2();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondIsNoDefaultCandidate {

		@Bean
		DataSource first() {
			return h2();
		}

		@Bean(defaultCandidate = false)
		DataSource second() {
			return h2();
		}

	}

}
