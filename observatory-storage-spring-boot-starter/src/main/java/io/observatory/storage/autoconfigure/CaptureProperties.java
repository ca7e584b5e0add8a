package io.observatory.storage.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code observatory.storage.capture}: what of an application's own
 * telemetry is stored.
 *
 * @param samplingRatio Part of all traces that is stored, from 0 to 1. Which ones depends
 * on the trace id alone, so that all services with the same ratio keep the same traces.
 * @param opentelemetry Exporters of the OpenTelemetry SDK.
 */
@ConfigurationProperties(CaptureProperties.PREFIX)
public record CaptureProperties(@DefaultValue("1.0") double samplingRatio, @DefaultValue OpenTelemetry opentelemetry) {

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

}
