package io.observatory.storage.llm.price;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.model.TraceSpan;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds to the attributes of a call of a model what it cost, unless whoever sent it has
 * said so. {@value LlmAttributes#COST_SOURCE} says which of the two it was: a price list
 * and its version, or {@value LlmAttributes#COST_SOURCE_CALLER}. Without a price, or
 * without tokens, nothing is added: what is not known does not cost nothing. A table that
 * throws costs the cost and not the span. Thread-safe.
 */
public final class CallCost {

	/** What is paid for by tokens. Agents and tools only repeat those of calls. */
	private static final Set<String> OPERATIONS = Set.of("chat", "generate_content", "text_completion", "embeddings");

	private static final Logger logger = LoggerFactory.getLogger(CallCost.class);

	private final PriceTable prices;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Creates it.
	 * @param prices what models cost
	 */
	public CallCost(PriceTable prices) {
		this.prices = prices;
	}

	/**
	 * Adds the cost of a call to its span's own attributes, which saves their copy, and
	 * returns the span.
	 * @param span a span that has just been made, with attributes under the convention's
	 * names that can be changed
	 */
	@SuppressWarnings("unchecked") // any value may be put where values are only read
	public TraceSpan priceInPlace(TraceSpan span) {
		addTo((Map<String, @Nullable Object>) span.attributes(), span.startTime());
		return span;
	}

	/**
	 * Adds the cost to the attributes of a span in the making, if it is a call. A number
	 * that is none, or negative, is not known.
	 * @param attributes the attributes under the convention's names, which must be
	 * changeable
	 * @param start when the call was made
	 */
	public void addTo(Map<String, @Nullable Object> attributes, Instant start) {
		if (attributes.get(LlmAttributes.COST_AMOUNT_USD) != null
				|| attributes.get(LlmAttributes.COST_AMOUNT) != null) {
			if (attributes.get(LlmAttributes.COST_SOURCE) == null) {
				attributes.put(LlmAttributes.COST_SOURCE, LlmAttributes.COST_SOURCE_CALLER);
			}
			return;
		}
		String requestModel = text(attributes, LlmAttributes.REQUEST_MODEL);
		String responseModel = text(attributes, LlmAttributes.RESPONSE_MODEL);
		if (requestModel != null || responseModel != null) {
			TokenUsage usage = usage(attributes);
			price(text(attributes, LlmAttributes.OPERATION_NAME), text(attributes, LlmAttributes.PROVIDER_NAME),
					responseModel, requestModel, start, usage)
				.ifPresent((price) -> put(attributes, price.cost(usage), price.source()));
		}
	}

	private static TokenUsage usage(Map<String, ?> attributes) {
		return TokenUsage.builder()
			.prompt(tokens(attributes, LlmAttributes.INPUT_TOKENS))
			.completion(tokens(attributes, LlmAttributes.OUTPUT_TOKENS))
			.cacheRead(tokens(attributes, LlmAttributes.CACHE_READ_TOKENS))
			.cacheWrite(tokens(attributes, LlmAttributes.CACHE_WRITE_TOKENS))
			.cacheWriteHour(tokens(attributes, LlmAttributes.CACHE_WRITE_HOUR_TOKENS))
			.reasoning(tokens(attributes, LlmAttributes.REASONING_TOKENS))
			.promptAudio(tokens(attributes, LlmAttributes.INPUT_AUDIO_TOKENS))
			.completionAudio(tokens(attributes, LlmAttributes.OUTPUT_AUDIO_TOKENS))
			.build();
	}

	private static @Nullable Long tokens(Map<String, ?> attributes, String name) {
		return (attributes.get(name) instanceof Number number && number.longValue() >= 0) ? number.longValue() : null;
	}

	/**
	 * Returns the price of a call, or empty if it is none, used no tokens, or its model's
	 * price is not known. The model that answered is the one that is paid for. As in the
	 * view llm_calls, a span that says no operation is a call if it names a model.
	 */
	public Optional<ModelPrice> price(@Nullable String operation, @Nullable String provider,
			@Nullable String responseModel, @Nullable String requestModel, Instant start, TokenUsage usage) {
		if ((operation != null && !OPERATIONS.contains(operation))
				|| !(isPositive(usage.prompt()) || isPositive(usage.completion()))) {
			return Optional.empty();
		}
		long tokens = (usage.prompt() != null) ? usage.prompt() : 0;
		return find(provider, responseModel, start, tokens).or(() -> find(provider, requestModel, start, tokens));
	}

	private Optional<ModelPrice> find(@Nullable String provider, @Nullable String model, Instant start, long tokens) {
		if (model == null) {
			return Optional.empty();
		}
		try {
			return this.prices.find(provider, model, start, tokens);
		}
		catch (RuntimeException ex) {
			if (this.warned.compareAndSet(false, true)) {
				logger.warn("The PriceTable failed: {}. Calls are stored without a cost where it does. Said once.",
						ex.getClass().getName());
			}
			return Optional.empty();
		}
	}

	private static boolean isPositive(@Nullable Long tokens) {
		return tokens != null && tokens > 0;
	}

	private static @Nullable String text(Map<String, ?> attributes, String name) {
		return (attributes.get(name) instanceof String text && !text.isBlank()) ? text : null;
	}

	private static void put(Map<String, @Nullable Object> attributes, LlmCost cost, String source) {
		attributes.put(LlmAttributes.COST_AMOUNT_USD, cost.amount());
		attributes.put(LlmAttributes.COST_PROMPT_USD, cost.prompt());
		attributes.put(LlmAttributes.COST_COMPLETION_USD, cost.completion());
		attributes.put(LlmAttributes.COST_SOURCE, source);
	}

}
