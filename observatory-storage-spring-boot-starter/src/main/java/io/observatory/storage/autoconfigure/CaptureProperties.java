package io.observatory.storage.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

import io.observatory.storage.llm.AttributeNames;
import io.observatory.storage.llm.ModelPrice;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code observatory.storage.capture}: what of an application's own
 * telemetry is stored, and what models are asked and answer.
 *
 * @param samplingRatio Part of all traces that is stored, from 0 to 1. Which ones depends
 * on the trace id alone, so that all services with the same ratio keep the same traces.
 * @param opentelemetry Exporters of the OpenTelemetry SDK.
 * @param micrometer Meters of Micrometer.
 * @param logback Log lines of Logback.
 * @param springAi Capture of Spring AI.
 * @param content Whether prompts, answers, and the arguments and results of tools are
 * stored. They are often personal data.
 * @param maxContentLength Most characters of content in one attribute; what is longer is
 * cut, with a marker, the end of a conversation being kept.
 * @param attributeNames Which names attributes have that have two: gen-ai (those of
 * OpenTelemetry's GenAI convention), source (llm.*), or both.
 * @param prices Prices by model, in place of the built-in ones or beside them.
 */
@ConfigurationProperties(CaptureProperties.PREFIX)
public record CaptureProperties(@DefaultValue("1.0") double samplingRatio, @DefaultValue OpenTelemetry opentelemetry,
		@DefaultValue Micrometer micrometer, @DefaultValue Logback logback, @DefaultValue SpringAi springAi,
		@DefaultValue("false") boolean content, @DefaultValue("16384") int maxContentLength,
		@DefaultValue("both") AttributeNames attributeNames, @DefaultValue Map<String, Price> prices) {

	/**
	 * The common start of the names.
	 */
	public static final String PREFIX = StorageProperties.PREFIX + ".capture";

	public CaptureProperties {
		require(samplingRatio >= 0 && samplingRatio <= 1, "sampling-ratio", "must lie between 0 and 1");
		require(maxContentLength >= 1, "max-content-length", "must be at least 1");
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

	/**
	 * Capture of Spring AI.
	 *
	 * @param enabled Whether what Spring AI observes is stored.
	 * @param streams Whether the chunks of streamed answers are watched, by a hook of
	 * Reactor's: for the time to the first one, cached and reasoning tokens, and what is
	 * known of a stream that was cancelled.
	 */
	public record SpringAi(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean streams) {

	}

	/**
	 * What a model costs.
	 *
	 * @param input US dollars for a million input tokens.
	 * @param output US dollars for a million output tokens.
	 * @param cacheRead US dollars for a million input tokens taken from the provider's
	 * cache. By default that of input.
	 * @param cacheWrite US dollars for a million input tokens written to the provider's
	 * cache. By default that of input.
	 */
	public record Price(@DefaultValue("0") BigDecimal input, @DefaultValue("0") BigDecimal output,
			@Nullable BigDecimal cacheRead, @Nullable BigDecimal cacheWrite) {

		private static final String SOURCE = "configuration";

		ModelPrice toModelPrice() {
			return new ModelPrice(this.input, this.output, this.cacheRead, this.cacheWrite, null, null, null, null,
					null, SOURCE);
		}

	}

}
