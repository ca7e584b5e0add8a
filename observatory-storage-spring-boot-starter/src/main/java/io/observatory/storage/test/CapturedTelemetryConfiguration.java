package io.observatory.storage.test;

import java.util.concurrent.TimeUnit;

import io.observatory.storage.spring.StorageDatabase;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Writers without a database, and what they were given.
 */
@Configuration(proxyBeanMethods = false)
class CapturedTelemetryConfiguration {

	private static final String SDK = "io.opentelemetry.sdk.trace.SdkTracerProvider";

	private static final int FLUSH_SECONDS = 10;

	@Bean
	StorageDatabase observatoryNoDatabase() {
		return StorageDatabase.none();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass(SDK)
	static class WithoutSdk {

		@Bean
		CapturedTelemetry observatoryCapturedTelemetry() {
			return new CapturedTelemetry();
		}

	}

	/**
	 * The SDK's processors hold spans and log records for some seconds.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = SDK)
	static class WithSdk {

		@Bean
		CapturedTelemetry observatoryCapturedTelemetry(ObjectProvider<SdkTracerProvider> tracers,
				ObjectProvider<SdkLoggerProvider> loggers) {
			return new CapturedTelemetry(() -> {
				tracers.forEach((provider) -> provider.forceFlush().join(FLUSH_SECONDS, TimeUnit.SECONDS));
				loggers.forEach((provider) -> provider.forceFlush().join(FLUSH_SECONDS, TimeUnit.SECONDS));
			});
		}

	}

}
