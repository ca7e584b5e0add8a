package io.observatory.storage.autoconfigure;

import java.util.Map;

import io.observatory.storage.llm.AttributeNames;
import io.observatory.storage.llm.ModelPrice;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings below {@code observatory.storage.capture} for what models are asked and
 * answer.
 *
 * @param content Whether prompts, answers, and the arguments and results of tools are
 * stored. They are often personal data.
 * @param maxContentLength Most characters of content in one attribute; what is longer is
 * cut, with a marker, the end of a conversation being kept.
 * @param attributeNames Which names attributes have that have two: gen-ai (those of
 * OpenTelemetry's GenAI convention), source (llm.*), or both.
 * @param prices Prices by model, in place of the built-in ones or beside them.
 * @param springAi Capture of Spring AI.
 */
@ConfigurationProperties(CaptureProperties.PREFIX)
public record SpringAiCaptureProperties(@DefaultValue("false") boolean content,
		@DefaultValue("16384") int maxContentLength, @DefaultValue("both") AttributeNames attributeNames,
		@DefaultValue Map<String, Price> prices, @DefaultValue SpringAi springAi) {

	public SpringAiCaptureProperties {
		require(maxContentLength >= 1, "max-content-length", "must be at least 1");
	}

	private static void require(boolean holds, String name, String rule) {
		if (!holds) {
			throw new IllegalArgumentException(CaptureProperties.PREFIX + "." + name + " " + rule);
		}
	}

	/**
	 * Capture of Spring AI.
	 *
	 * @param enabled Whether what Spring AI observes is stored.
	 * @param timeToFirstChunk Whether the time to the first chunk of a streamed answer is
	 * measured, for which a proxy stands before each ChatModel bean.
	 */
	public record SpringAi(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean timeToFirstChunk) {

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
	public record Price(@DefaultValue("0") double input, @DefaultValue("0") double output, @Nullable Double cacheRead,
			@Nullable Double cacheWrite) {

		private static final String SOURCE = "configuration";

		ModelPrice toModelPrice() {
			return new ModelPrice(this.input, this.output, this.cacheRead, this.cacheWrite, SOURCE);
		}

	}

}
