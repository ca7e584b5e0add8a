package io.observatory.storage.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.spring.StorageSchedule;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Logs;
import io.observatory.storage.testing.Postgres;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.config.ScheduledTaskHolder;
import org.springframework.scheduling.support.ScheduledTaskObservationContext;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Timed flushes, and the application's own scheduling beside them.
 */
class SchedulingIT {

	private String database;

	private JdbcTemplate jdbc;

	@BeforeEach
	void database() {
		this.database = Postgres.migratedDatabase();
		this.jdbc = Postgres.jdbc(this.database);
	}

	@Test
	void flushesByTime() {
		try (ConfigurableApplicationContext context = app().run()) {
			storesByTime(context);
		}
	}

	@Test
	void dormantScheduledMethodsStayDormant() {
		try (ConfigurableApplicationContext context = app().with(Dormant.class).run()) {
			storesByTime(context);
			assertThat(context.getBean(Dormant.class).runs).hasValue(0);
			assertThat(context.getBeansOfType(ScheduledAnnotationBeanPostProcessor.class)).isEmpty();
			assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
				.isThrownBy(() -> context.getBean(TaskScheduler.class));
		}
	}

	@Test
	void enableSchedulingOfTheApplicationRunsItsMethodsAndNoneOfOurs() {
		try (ConfigurableApplicationContext context = app().with(Enabled.class).run()) {
			storesByTime(context);
			await().until(() -> context.getBean(Enabled.class).runs.get() > 2);
			assertThat(context.getBean(ScheduledTaskHolder.class).getScheduledTasks()).singleElement()
				.asString()
				.contains("Enabled.tick");
			assertThat(context.getBean(TaskScheduler.class)).isSameAs(context.getBean("taskScheduler"));
		}
	}

	@Test
	void schedulerOfTheApplicationIsTheOnlyOneAndMayBeBusy() throws InterruptedException {
		try (ConfigurableApplicationContext context = app().with(OwnScheduler.class).run()) {
			OwnScheduler own = context.getBean(OwnScheduler.class);
			own.blocked.await();
			storesByTime(context);
			assertThat(context.getBeansOfType(TaskScheduler.class)).containsOnlyKeys("mine");
			assertThat(own.thread).startsWith("mine-");
			own.release.countDown();
		}
	}

	@Test
	void schedulingConfigurerOfTheApplicationIsAskedOnce() {
		try (ConfigurableApplicationContext context = app().with(Configured.class).run()) {
			storesByTime(context);
			assertThat(context.getBean(Configured.class).configured).hasValue(1);
		}
	}

	@Test
	void oursIsNotObserved() {
		try (ConfigurableApplicationContext context = app().with(Observed.class).run()) {
			storesByTime(context);
			Observed observed = context.getBean(Observed.class);
			await().until(() -> observed.tasks.contains("Observed"));
			assertThat(observed.tasks).containsOnly("Observed");
		}
	}

	@Test
	void springSessionsSchedulingIsNotInTheWay() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WithSession.class)
			.registerShutdownHook(false)
			.run("--server.port=0", "--spring.datasource.url=" + Postgres.url(this.database),
					"--spring.session.jdbc.initialize-schema=always",
					"--observatory.storage.capture.logback.enabled=false",
					"--observatory.storage.logs.flush-interval=100ms")) {
			assertThat(context.getBean(JdbcIndexedSessionRepository.class)).isNotNull();
			storesByTime(context);
		}
	}

	@Test
	void lazyContextFlushesToo() {
		try (ConfigurableApplicationContext context = app().with("spring.main.lazy-initialization", true).run()) {
			assertThat(context.getBeanFactory().containsSingleton("observatorySchedule")).isTrue();
			assertThat(context.getBeanFactory().containsSingleton("observatoryLifecycle")).isTrue();
			storesByTime(context);
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsWork() {
		try (ConfigurableApplicationContext context = app().with("spring.threads.virtual.enabled", true).run()) {
			storesByTime(context);
		}
	}

	@Test
	void threadsEndWithTheContext() {
		try (ConfigurableApplicationContext context = app().run()) {
			assertThat(context.getBean(StorageSchedule.class)).isNotNull();
			assertThat(threads()).isNotEmpty();
		}
		await().untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("observatory"))
			.toList();
	}

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.with("observatory.storage.logs.flush-interval", "100ms");
	}

	private void storesByTime(ConfigurableApplicationContext context) {
		LogWriter writer = context.getBean(LogWriter.class);
		List<LogRecord> logs = Logs.logs(3);
		writer.writeLogs(logs);
		Logs.awaitStored(this.jdbc, writer, logs);
	}

	@Configuration(proxyBeanMethods = false)
	static class Dormant {

		private final AtomicInteger runs = new AtomicInteger();

		@Scheduled(fixedDelay = 1)
		void tick() {
			this.runs.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Enabled {

		private final AtomicInteger runs = new AtomicInteger();

		@Scheduled(fixedDelay = 1)
		void tick() {
			this.runs.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class OwnScheduler {

		private final CountDownLatch blocked = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		private volatile String thread = "";

		@Bean
		ThreadPoolTaskScheduler mine() {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setPoolSize(1);
			return scheduler;
		}

		@Scheduled(fixedDelay = 1)
		void block() throws InterruptedException {
			this.thread = Thread.currentThread().getName();
			this.blocked.countDown();
			this.release.await();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Configured {

		private final AtomicInteger configured = new AtomicInteger();

		@Bean
		SchedulingConfigurer configurer() {
			return (registrar) -> this.configured.incrementAndGet();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Observed {

		private final Set<String> tasks = ConcurrentHashMap.newKeySet();

		@Bean
		ObservationHandler<ScheduledTaskObservationContext> observer() {
			return new ObservationHandler<>() {

				@Override
				public boolean supportsContext(Observation.Context context) {
					return context instanceof ScheduledTaskObservationContext;
				}

				@Override
				public void onStart(ScheduledTaskObservationContext context) {
					Observed.this.tasks.add(context.getTargetClass().getSimpleName());
				}

			};
		}

		@Scheduled(fixedDelay = 1)
		void tick() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class WithSession {

	}

}
