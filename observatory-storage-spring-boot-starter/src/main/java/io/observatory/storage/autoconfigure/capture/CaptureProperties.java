package io.observatory.storage.autoconfigure.capture;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

import io.observatory.storage.autoconfigure.StorageProperties;
import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.price.ModelPrice;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code observatory.storage.capture}: what of an application's own
 * telemetry is stored, and what models are asked and answer.
 *
 * @param samplingRatio Share of all traces that is stored, from 0 to 1. The choice
 * depends on the trace id alone, so that services with the same ratio keep the same
 * traces.
 * @param opentelemetry Exporters of the OpenTelemetry SDK.
 * @param micrometer Meters of Micrometer.
 * @param logback Log lines of Logback.
 * @param springAi Capture of Spring AI.
 * @param content Whether prompts, answers, and the arguments and results of tools are
 * stored. They often contain personal data.
 * @param maxContentLength Maximum number of characters of content in one attribute.
 * Longer content is cut and marked; the end of a conversation is kept.
 * @param attributeNames Which names are used for attributes that have two: gen-ai (those
 * of OpenTelemetry's GenAI convention), source (llm.*), or both.
 * @param prices Prices of models, in addition to the built-in ones or in their place.
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
	 * @param enabled Whether any of these exporters is set up.
	 * @param spans Whether spans are exported.
	 * @param logs Whether log records are exported.
	 * @param metrics Whether an exporter of metrics is set up. Spring Boot has no
	 * SdkMeterProvider; an application that defines one gives the exporter to a
	 * PeriodicMetricReader.
	 */
	public record OpenTelemetry(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean spans,
			@DefaultValue("true") boolean logs, @DefaultValue("true") boolean metrics) {

	}

	/**
	 * The meters of Micrometer.
	 *
	 * @param enabled Whether meters are stored. By default true, unless the application
	 * has an SdkMeterProvider of OpenTelemetry and our exporter for it.
	 * @param step How often the meters are stored, with what they counted since the last
	 * time.
	 */
	public record Micrometer(@Nullable Boolean enabled, @DefaultValue("1m") Duration step) {

		public Micrometer {
			require(step.toMillis() >= 1, "micrometer.step", "must be at least 1ms");
		}

	}

	/**
	 * The log lines of Logback.
	 *
	 * @param enabled Whether log lines are stored. By default true, unless
	 * OpenTelemetry's own Logback appender hands them to the exporter of log records.
	 */
	public record Logback(@Nullable Boolean enabled) {

	}

	/**
	 * Capture of Spring AI.
	 *
	 * @param enabled Whether the observations of Spring AI are stored.
	 * @param streams Whether the chunks of streamed answers are observed with a Reactor
	 * hook. This gives the time to the first chunk, cached and reasoning tokens, and what
	 * is known of a cancelled stream.
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
