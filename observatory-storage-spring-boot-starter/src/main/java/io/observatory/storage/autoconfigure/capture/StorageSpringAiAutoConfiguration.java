package io.observatory.storage.autoconfigure.capture;

import java.time.Clock;
import java.util.function.Supplier;

import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.observatory.storage.capture.CaptureWriters;
import io.observatory.storage.capture.TraceSampling;
import io.observatory.storage.capture.ai.ActiveTracer;
import io.observatory.storage.capture.ai.CaptureHandler;
import io.observatory.storage.capture.ai.CaptureSettings;
import io.observatory.storage.capture.ai.MicrometerTracer;
import io.observatory.storage.capture.ai.SpanCapture;
import io.observatory.storage.capture.ai.StreamWatch;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.writer.TraceWriter;

import org.springframework.ai.chat.client.observation.ChatClientObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Capture of the observations of Spring AI.
 */
@AutoConfiguration(after = StorageCaptureAutoConfiguration.class)
@ConditionalOnClass({ ChatModelObservationContext.class, ObservationRegistry.class })
@ConditionalOnBean(TraceWriter.class)
@ConditionalOnBooleanProperty(name = "observatory.storage.capture.spring-ai.enabled", matchIfMissing = true)
public final class StorageSpringAiAutoConfiguration {

	/**
	 * Takes providers, because the handlers of the registry are created before anything
	 * that is observed, perhaps before the DataSource. The beans are looked up once.
	 */
	@Bean
	@ConditionalOnMissingBean
	SpanCapture observatorySpanCapture(CaptureWriters writers, ObjectProvider<ObservationRegistry> registry,
			ObjectProvider<ActiveTracer> tracer, TraceSampling sampling, ObjectProvider<Redactor> redactor,
			ObjectProvider<PriceTable> prices, CaptureProperties properties, Environment environment) {
		Supplier<ObservationRegistry> observations = SingletonSupplier
			.of(() -> registry.getIfUnique(() -> ObservationRegistry.NOOP));
		return new SpanCapture(writers::traces, () -> observations.get().getCurrentObservation(),
				tracer.getIfAvailable(() -> ActiveTracer.NONE), sampling,
				SingletonSupplier.of(() -> redactor.getIfAvailable(() -> Redactor.NONE)),
				StorageCaptureAutoConfiguration.lazily(prices), settings(properties, environment), Clock.systemUTC());
	}

	private static CaptureSettings settings(CaptureProperties properties, Environment environment) {
		String name = environment.getProperty("spring.application.name");
		return new CaptureSettings(StringUtils.hasText(name) ? name : LlmSpan.DEFAULT_SERVICE_NAME,
				properties.attributeNames(), properties.content(), properties.maxContentLength());
	}

	@Bean
	CaptureHandler<?> observatoryChatModelHandler(SpanCapture capture) {
		return CaptureHandler.chatModel(capture);
	}

	@Bean
	CaptureHandler<?> observatoryEmbeddingModelHandler(SpanCapture capture) {
		return CaptureHandler.embeddingModel(capture);
	}

	@Bean
	CaptureHandler<?> observatoryToolHandler(SpanCapture capture) {
		return CaptureHandler.tool(capture);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "observatory.storage.capture.spring-ai.streams", matchIfMissing = true)
	static class StreamConfiguration {

		@Bean
		StreamWatch observatoryStreamWatch() {
			return new StreamWatch();
		}

		/**
		 * Nothing injects it, so a lazy context would never create it.
		 */
		@Bean
		static LazyInitializationExcludeFilter observatoryStreamWatchIsNotLazy() {
			return LazyInitializationExcludeFilter.forBeanTypes(StreamWatch.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ChatClientObservationContext.class)
	static class ChatClientConfiguration {

		@Bean
		CaptureHandler<?> observatoryChatClientHandler(SpanCapture capture) {
			return CaptureHandler.chatClient(capture);
		}

		@Bean
		CaptureHandler<?> observatoryAdvisorHandler(SpanCapture capture) {
			return CaptureHandler.advisor(capture);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(VectorStoreObservationContext.class)
	static class VectorStoreConfiguration {

		@Bean
		CaptureHandler<?> observatoryVectorStoreHandler(SpanCapture capture) {
			return CaptureHandler.vectorStore(capture);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TracingObservationHandler.class)
	static class TracerConfiguration {

		@Bean
		ActiveTracer observatoryActiveTracer() {
			return new MicrometerTracer();
		}

	}

	/**
	 * Without Spring Boot's module for observations there is no registry, and Spring AI
	 * observes nothing.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
	static class RegistryConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ObservationRegistry observatoryObservationRegistry(ObjectProvider<ObservationHandler<?>> handlers) {
			ObservationRegistry registry = ObservationRegistry.create();
			handlers.orderedStream().forEach(registry.observationConfig()::observationHandler);
			return registry;
		}

	}

}
