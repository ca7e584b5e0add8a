package io.observatory.storage.capture.ai;

import java.math.BigDecimal;
import java.time.Instant;

import io.micrometer.observation.ObservationRegistry;
import io.observatory.storage.autoconfigure.StorageDataSourceAutoConfiguration;
import io.observatory.storage.autoconfigure.StorageRedactionAutoConfiguration;
import io.observatory.storage.autoconfigure.StorageSchemaAutoConfiguration;
import io.observatory.storage.autoconfigure.StorageWriterAutoConfiguration;
import io.observatory.storage.autoconfigure.capture.StorageCaptureAutoConfiguration;
import io.observatory.storage.autoconfigure.capture.StorageSpringAiAutoConfiguration;
import io.observatory.storage.llm.price.ModelPrice;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.redact.MaskingRedactor;
import io.observatory.storage.writer.LogWriter;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Operators;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When Spring AI is captured, and with what.
 */
class SpringAiConditionsTest {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StorageDataSourceAutoConfiguration.class,
				StorageSchemaAutoConfiguration.class, StorageRedactionAutoConfiguration.class,
				StorageWriterAutoConfiguration.class, StorageCaptureAutoConfiguration.class,
				StorageSpringAiAutoConfiguration.class, ObservationAutoConfiguration.class))
		.withPropertyValues("observatory.storage.datasource.url=jdbc:postgresql://localhost:1/app?user=app",
				"observatory.storage.datasource.connection-timeout=250ms",
				"observatory.storage.migration.enabled=false", "observatory.storage.partitions.enabled=false");

	@Test
	void isOnWhenSpringAiIsThere() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(SpanCapture.class)
			.hasSingleBean(ActiveTracer.class)
			.getBeans(CaptureHandler.class)
			.hasSize(6));
	}

	@Test
	void isOffWhenSwitchedOff() {
		this.runner.withPropertyValues("observatory.storage.capture.spring-ai.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(SpanCapture.class)
				.doesNotHaveBean(CaptureHandler.class)
				.doesNotHaveBean(StreamWatch.class));
		this.runner.withPropertyValues("observatory.storage.traces.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpanCapture.class));
	}

	@Test
	void whatIsNotThereIsNotMissed() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.ai"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(LogWriter.class)
				.doesNotHaveBean(SpanCapture.class));
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.ai.chat.client",
					"org.springframework.ai.vectorstore", "io.micrometer.tracing"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ActiveTracer.class)
				.getBeans(CaptureHandler.class)
				.hasSize(3));
	}

	@Test
	void modelsAreLeftAsTheyAreAndStreamsAreWatched() {
		this.runner.withBean(AnsweringChatModel.class, () -> new AnsweringChatModel(ObservationRegistry.NOOP))
			.run((context) -> {
				assertThat(context).hasSingleBean(StreamWatch.class);
				assertThat(context.getBean(AnsweringChatModel.class))
					.hasSameClassAs(new AnsweringChatModel(ObservationRegistry.NOOP));
			});
		this.runner.withPropertyValues("observatory.storage.capture.spring-ai.streams=false")
			.run((context) -> assertThat(context).doesNotHaveBean(StreamWatch.class));
	}

	@Test
	void theWatchEndsWithItsApplication() {
		Class<?> unwatched = Flux.deferContextual((view) -> Flux.empty()).getClass();
		this.runner.run((context) -> assertThat(Flux.deferContextual((view) -> Flux.empty()).getClass())
			.isNotEqualTo(unwatched));
		assertThat(Flux.deferContextual((view) -> Flux.empty()).getClass()).isEqualTo(unwatched);
	}

	@Test
	void streamsAreWatchedThoughAnotherHookHasWrappedThem() {
		Hooks.onEachOperator("other", Operators.lift((scannable, subscriber) -> subscriber));
		try {
			Class<?> unwatched = Flux.deferContextual((view) -> Flux.empty()).getClass();
			this.runner.run((context) -> {
				assertThat(Flux.deferContextual((view) -> Flux.empty()).getClass()).isNotEqualTo(unwatched);
				assertThat(Flux.just(1).hide().map((i) -> i).getClass()).isEqualTo(unwatched);
			});
		}
		finally {
			Hooks.resetOnEachOperator("other");
		}
	}

	@Test
	void pricesComeFromTheConfigurationThenFromTheList() {
		this.runner
			.withPropertyValues("observatory.storage.capture.prices[gpt-4.1].input=7",
					"observatory.storage.capture.prices[gpt-4.1].output=8",
					"observatory.storage.capture.prices.house.input=1")
			.run((context) -> {
				PriceTable prices = context.getBean(PriceTable.class);
				assertThat(prices.find("openai", "gpt-4.1-2025-04-14", Instant.now(), 1))
					.hasValue(ModelPrice.of(new BigDecimal("7"), new BigDecimal("8"), "configuration"));
				assertThat(prices.find("any", "house", Instant.now(), 1)).map(ModelPrice::source)
					.hasValue("configuration");
				assertThat(prices.find("openai", "gpt-4o", Instant.now(), 1)).map(ModelPrice::source)
					.get()
					.asString()
					.startsWith("genai-prices ");
			});
		this.runner.withBean(PriceTable.class, () -> PriceTable.NONE)
			.run((context) -> assertThat(context).hasNotFailed().getBean(PriceTable.class).isSameAs(PriceTable.NONE));
	}

	@Test
	void redactorMasksUnlessReplacedOrSwitchedOff() {
		this.runner.run((context) -> assertThat(context).getBean(Redactor.class).isInstanceOf(MaskingRedactor.class));
		this.runner.withPropertyValues("observatory.storage.redaction.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Redactor.class));
		this.runner.withBean(Redactor.class, () -> Redactor.NONE)
			.run((context) -> assertThat(context).getBean(Redactor.class).isSameAs(Redactor.NONE));
		this.runner
			.withPropertyValues("observatory.storage.redaction.patterns=email,api-key",
					"observatory.storage.redaction.names=pin")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(MaskingRedactor.class));
		this.runner.withPropertyValues("observatory.storage.redaction.names=--")
			.run((context) -> assertThat(context).hasFailed());
	}

}
