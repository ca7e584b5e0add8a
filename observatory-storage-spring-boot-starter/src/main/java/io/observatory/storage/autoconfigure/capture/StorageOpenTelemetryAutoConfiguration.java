package io.observatory.storage.autoconfigure.capture;

import io.observatory.storage.capture.CaptureWriters;
import io.observatory.storage.capture.TraceSampling;
import io.observatory.storage.capture.opentelemetry.ObservatoryLogRecordExporter;
import io.observatory.storage.capture.opentelemetry.ObservatoryMetricExporter;
import io.observatory.storage.capture.opentelemetry.ObservatorySpanExporter;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.MetricWriter;
import io.observatory.storage.writer.TraceWriter;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Exporters of the OpenTelemetry SDK. Spring Boot gives those of spans and log records to
 * its tracer and logger provider; it has no meter provider.
 */
@AutoConfiguration(after = StorageCaptureAutoConfiguration.class)
@ConditionalOnClass({ SpanExporter.class, LogRecordExporter.class, MetricExporter.class })
@ConditionalOnBean(CaptureWriters.class)
@ConditionalOnBooleanProperty(name = "observatory.storage.capture.opentelemetry.enabled", matchIfMissing = true)
public final class StorageOpenTelemetryAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(TraceWriter.class)
	@ConditionalOnBooleanProperty(name = "observatory.storage.capture.opentelemetry.spans", matchIfMissing = true)
	ObservatorySpanExporter observatorySpanExporter(CaptureWriters writers, TraceSampling sampling,
			CaptureProperties properties, ObjectProvider<PriceTable> prices) {
		return new ObservatorySpanExporter(writers::traces, sampling, properties.content(),
				StorageCaptureAutoConfiguration.lazily(prices));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(LogWriter.class)
	@ConditionalOnBooleanProperty(name = "observatory.storage.capture.opentelemetry.logs", matchIfMissing = true)
	ObservatoryLogRecordExporter observatoryLogRecordExporter(CaptureWriters writers) {
		return new ObservatoryLogRecordExporter(writers::logs);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(MetricWriter.class)
	@ConditionalOnBooleanProperty(name = "observatory.storage.capture.opentelemetry.metrics", matchIfMissing = true)
	ObservatoryMetricExporter observatoryMetricExporter(CaptureWriters writers) {
		return new ObservatoryMetricExporter(writers::metrics);
	}

	@Bean
	static SdkClosesFirst observatorySdkClosesFirst() {
		return new SdkClosesFirst();
	}

}
