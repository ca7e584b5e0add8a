package io.observatory.storage.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code observatory.storage.capture}: what of an application's own
 * telemetry is stored.
 *
 * @param samplingRatio Part of all traces that is stored, from 0 to 1. Which ones depends
 * on the trace id alone, so that all services with the same ratio keep the same traces.
 * @param opentelemetry Exporters of the OpenTelemetry SDK.
 * @param micrometer Meters of Micrometer.
 * @param logback Log lines of Logback.
 */
@ConfigurationProperties(CaptureProperties.PREFIX)
public record CaptureProperties(@DefaultValue("1.0") double samplingRatio, @DefaultValue OpenTelemetry opentelemetry,
		@DefaultValue Micrometer micrometer, @DefaultValue Logback logback) {

	/**
	 * The common start of the names.
	 */
	public static final String PREFIX = StorageProperties.PREFIX + ".capture";

	public CaptureProperties {
		require(samplingRatio >= 0 && samplingRatio <= 1, "sampling-ratio", "must lie between 0 and 1");
	}

	private static void require(boolean holds, String name, String rule) {
		if (!holds) {
			throw new IllegalArgumentException(PREFIX + "." + name + " " + rule);
		}
	}

	/**
	 * The exporters of the OpenTelemetry SDK.
	 *
	 * @param enabled Whether there is any of them.
	 * @param spans Whether spans are exported.
	 * @param logs Whether log records are exported.
	 * @param metrics Whether there is an exporter of metrics. Spring Boot makes no
	 * SdkMeterProvider that would use it; an application that does gives it to a
	 * PeriodicMetricReader.
	 */
	public record OpenTelemetry(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean spans,
			@DefaultValue("true") boolean logs, @DefaultValue("true") boolean metrics) {

	}

	/**
	 * The meters of Micrometer.
	 *
	 * @param enabled Whether they are stored. By default yes, unless the application has
	 * an SdkMeterProvider of OpenTelemetry and our exporter for it.
	 * @param step How often they are stored, with what they have counted since.
	 */
	public record Micrometer(@Nullable Boolean enabled, @DefaultValue("1m") Duration step) {

		public Micrometer {
			require(step.toMillis() >= 1, "micrometer.step", "must be at least 1ms");
		}

	}

	/**
	 * The log lines of Logback.
	 *
	 * @param enabled Whether they are stored. By default yes, unless OpenTelemetry's own
	 * Logback appender hands them to the exporter of log records.
	 */
	public record Logback(@Nullable Boolean enabled) {

	}

}
