package io.observatory.storage.capture.ai;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.testing.App;
import io.observatory.storage.testing.Postgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The settings of docs/capture.md by which a call on another thread stays in its trace.
 */
class ContextIT {

	private final String database = Postgres.migratedDatabase();

	private final JdbcTemplate jdbc = Postgres.jdbc(this.database);

	/** The setting is the process's. */
	@AfterEach
	void reset() {
		Hooks.disableAutomaticContextPropagation();
	}

	@Test
	void callsOnOtherThreadsStayInTheirTrace() {
		try (ConfigurableApplicationContext context = app().with("spring.task.execution.propagate-context", true)
			.with("spring.reactor.context-propagation", "auto")
			.run()) {
			askOnOtherThreads(context);
		}
		List<StoredSpan> spans = StoredSpan.all(this.jdbc);
		assertThat(spans).hasSize(3).extracting(StoredSpan::trace).containsOnly(spans.get(0).trace());
	}

	@Test
	void withoutTheSettingsTheyAreTracesOfTheirOwn() {
		try (ConfigurableApplicationContext context = app().run()) {
			askOnOtherThreads(context);
		}
		assertThat(StoredSpan.all(this.jdbc)).hasSize(3).extracting(StoredSpan::trace).doesNotHaveDuplicates();
	}

	private static void askOnOtherThreads(ConfigurableApplicationContext context) {
		Observation.createNotStarted("work", context.getBean(ObservationRegistry.class)).observe(() -> {
			context.getBean(Desk.class).answer().join();
			Mono.fromCallable(() -> context.getBean(ChatModel.class).call("two"))
				.subscribeOn(Schedulers.boundedElastic())
				.block();
		});
	}

	private App app() {
		return App.onSharedDataSource(Postgres.url(this.database))
			.with(Asynchronous.class)
			.capturing("opentelemetry")
			.with("management.tracing.sampling.probability", 1);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	@Import(ChatApplication.class)
	static class Asynchronous {

		@Bean
		Desk desk(ChatModel model) {
			return new Desk(model);
		}

	}

	static class Desk {

		private final ChatModel model;

		Desk(ChatModel model) {
			this.model = model;
		}

		@Async
		CompletableFuture<String> answer() {
			return CompletableFuture.completedFuture(this.model.call("one"));
		}

	}

}
