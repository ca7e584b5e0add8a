package io.observatory.storage.autoconfigure.capture;

import ch.qos.logback.classic.LoggerContext;
import io.observatory.storage.capture.CurrentSpan;
import io.observatory.storage.capture.TelemetryResource;
import io.observatory.storage.capture.logback.LogbackCapture;
import io.observatory.storage.writer.LogWriter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Capture of Logback's log lines, without a configuration of Logback.
 */
@AutoConfiguration(after = { StorageCaptureAutoConfiguration.class, StorageOpenTelemetryAutoConfiguration.class })
@ConditionalOnClass(LoggerContext.class)
@ConditionalOnBean({ LogWriter.class, TelemetryResource.class })
@Conditional(OnLogbackCaptureCondition.class)
public final class StorageLogbackAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LogbackCapture observatoryLogbackCapture(LogWriter writer, TelemetryResource resource,
			ObjectProvider<CurrentSpan> currentSpan) {
		return LogbackCapture.start(writer, resource, currentSpan.getIfAvailable(() -> CurrentSpan.NONE));
	}

	/**
	 * Nothing injects it, so a lazy context would never create it.
	 */
	@Bean
	static LazyInitializationExcludeFilter observatoryLogbackCaptureIsNotLazy() {
		return LazyInitializationExcludeFilter.forBeanTypes(LogbackCapture.class);
	}

}
