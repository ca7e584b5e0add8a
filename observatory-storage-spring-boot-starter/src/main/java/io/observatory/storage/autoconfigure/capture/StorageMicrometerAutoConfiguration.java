package io.observatory.storage.autoconfigure.capture;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.step.StepMeterRegistry;
import io.observatory.storage.capture.CaptureWriters;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.capture.micrometer.LastStep;
import io.observatory.storage.capture.micrometer.ObservatoryMeterRegistry;
import io.observatory.storage.writer.MetricWriter;

import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Capture of meters, with a registry in addition to the application's. It comes after the
 * one that Spring Boot creates if there is no other, so that this one is still created
 * and shown by the endpoint {@code metrics}.
 */
@AutoConfiguration(after = { StorageCaptureAutoConfiguration.class, StorageOpenTelemetryAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration",
		beforeName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(StepMeterRegistry.class)
@ConditionalOnBean({ Clock.class, MetricWriter.class, CaptureWriters.class })
@Conditional(OnMicrometerCaptureCondition.class)
public final class StorageMicrometerAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ObservatoryMeterRegistry observatoryMeterRegistry(CaptureWriters writers, TelemetryResource resource,
			CaptureProperties properties, Clock clock) {
		return new ObservatoryMeterRegistry(writers::metrics, resource, properties.micrometer().step(), clock);
	}

	@Bean
	@ConditionalOnMissingBean
	LastStep observatoryLastStep(ObservatoryMeterRegistry registry) {
		return new LastStep(registry);
	}

	/**
	 * Created on demand, it would not be told that all beans exist, and would not
	 * publish.
	 */
	@Bean
	static LazyInitializationExcludeFilter observatoryMeterRegistryIsNotLazy() {
		return LazyInitializationExcludeFilter.forBeanTypes(ObservatoryMeterRegistry.class);
	}

}
