package io.observatory.storage.autoconfigure.capture;

import io.observatory.storage.capture.opentelemetry.ObservatoryLogRecordExporter;
import io.observatory.storage.capture.opentelemetry.ObservatoryMetricExporter;
import io.observatory.storage.capture.opentelemetry.ObservatorySpanExporter;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Makes Spring close the SDK before our exporters, because its processors still hold the
 * spans of the last seconds. Spring Boot looks its exporters up, which records no
 * dependency.
 */
final class SdkClosesFirst implements BeanFactoryPostProcessor {

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
		// a provider closes its own processors
		closeFirst(beans, ObservatorySpanExporter.class, SdkTracerProvider.class, SpanProcessor.class);
		closeFirst(beans, ObservatoryLogRecordExporter.class, SdkLoggerProvider.class, LogRecordProcessor.class);
		closeFirst(beans, ObservatoryMetricExporter.class, SdkMeterProvider.class);
	}

	private static void closeFirst(ConfigurableListableBeanFactory beans, Class<?> exporter, Class<?>... first) {
		for (String exporterName : beans.getBeanNamesForType(exporter, true, false)) {
			for (Class<?> type : first) {
				for (String name : beans.getBeanNamesForType(type, true, false)) {
					beans.registerDependentBean(exporterName, name);
				}
			}
		}
	}

}
