package io.observatory.storage.autoconfigure.capture;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.observatory.storage.autoconfigure.StorageWriterAutoConfiguration;
import io.observatory.storage.capture.CaptureWriters;
import io.observatory.storage.capture.CurrentSpan;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.capture.TraceSampling;
import io.observatory.storage.llm.price.ModelPrice;
import io.observatory.storage.llm.price.PriceList;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.spring.StorageSchema;
import io.opentelemetry.sdk.resources.Resource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * What all captures have in common.
 */
@AutoConfiguration(after = StorageWriterAutoConfiguration.class,
		afterName = { "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnBean(StorageSchema.class)
@EnableConfigurationProperties(CaptureProperties.class)
public final class StorageCaptureAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TraceSampling observatoryTraceSampling(CaptureProperties properties) {
		return new TraceSampling(properties.samplingRatio());
	}

	@Bean
	@ConditionalOnMissingBean
	PriceTable observatoryPriceTable(CaptureProperties properties) {
		Map<String, ModelPrice> prices = new HashMap<>();
		properties.prices().forEach((model, price) -> prices.put(model, price.toModelPrice()));
		return new PriceList(prices).orElse(PriceList.builtIn());
	}

	/**
	 * Returns a table that looks up the application's table when it is used, because
	 * captures may be created before the beans which that one needs.
	 */
	static PriceTable lazily(ObjectProvider<PriceTable> prices) {
		Supplier<PriceTable> table = SingletonSupplier.of(prices::getObject);
		return (provider, model, start, inputTokens) -> table.get().find(provider, model, start, inputTokens);
	}

	@Bean
	CaptureWriters observatoryCaptureWriters(ConfigurableListableBeanFactory beans) {
		return new CaptureWriters(beans, "observatoryCaptureWriters");
	}

	@Bean
	CapturesAtStart observatoryCapturesAtStart(ConfigurableListableBeanFactory beans) {
		return new CapturesAtStart(beans);
	}

	/**
	 * In a lazy context they would be created too late to be told that all beans exist.
	 */
	@Bean
	static LazyInitializationExcludeFilter observatoryCaptureWritersAreNotLazy() {
		return LazyInitializationExcludeFilter.forBeanTypes(CaptureWriters.class, CapturesAtStart.class);
	}

	@Bean
	@ConditionalOnMissingBean
	TelemetryResource observatoryTelemetryResource(Environment environment) {
		return TelemetryResource
			.of(environment.getProperty("spring.application.name", TelemetryResource.UNKNOWN_SERVICE));
	}

	/**
	 * The same resource as that of the spans.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Resource.class)
	@ConditionalOnBean(Resource.class)
	static class OpenTelemetryResourceConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TelemetryResource observatoryTelemetryResource(Resource resource) {
			Map<String, Object> attributes = new LinkedHashMap<>();
			resource.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
			Object service = attributes.get(TelemetryResource.SERVICE_NAME);
			return new TelemetryResource((service != null) ? service.toString() : TelemetryResource.UNKNOWN_SERVICE,
					attributes);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Tracer.class)
	@ConditionalOnBean(Tracer.class)
	static class CurrentSpanConfiguration {

		@Bean
		@ConditionalOnMissingBean
		CurrentSpan observatoryCurrentSpan(Tracer tracer) {
			return () -> context(tracer.currentTraceContext().context());
		}

		private static CurrentSpan.@Nullable Context context(@Nullable TraceContext context) {
			return (context != null && !context.traceId().isEmpty())
					? new CurrentSpan.Context(context.traceId(), context.spanId(), context.sampled()) : null;
		}

	}

}
