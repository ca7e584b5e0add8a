package io.observatory.storage.llm;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.name.LlmProvider;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link TraceSpan} of a {@link LlmSpan}: what has two names, what has one, and
 * last, where nothing is yet, the caller's attributes.
 */
final class SpanConversion {

	private final LlmSpan span;

	private final AttributeNames names;

	private final CallCost callCost;

	private final Map<String, Object> attributes = new LinkedHashMap<>();

	SpanConversion(LlmSpan span, AttributeNames names, PriceTable prices) {
		this.span = span;
		this.names = names;
		this.callCost = new CallCost(prices);
	}

	TraceSpan convert() {
		addAttributes();
		return TraceSpan.builder()
			.traceId(this.span.traceId())
			.spanId(this.span.spanId())
			.parentSpanId(this.span.parentSpanId())
			.name(this.span.name())
			.kind(this.span.kind())
			.serviceName(this.span.serviceName())
			.startTime(this.span.latency().start())
			.endTime(this.span.latency().end())
			.durationUs(TimeUnit.MICROSECONDS.convert(this.span.latency().total()))
			.status(this.span.status())
			.statusMessage(this.span.statusMessage())
			.attributes(this.attributes)
			.events(this.span.events())
			.build();
	}

	private void addAttributes() {
		if (this.names.source()) {
			addSourceNames();
		}
		if (this.names.genAi()) {
			addGenAiNames();
		}
		addCall();
		addCost();
		addMetadata(this.span.metadata());
		addCallers(this.span.attributes());
		addCallers(this.span.metadata().attributes());
	}

	private void addSourceNames() {
		put(LlmAttributes.SOURCE_PROVIDER, this.span.provider());
		put(LlmAttributes.SOURCE_MODEL, this.span.model());
		TokenUsage usage = this.span.usage();
		if (usage != null) {
			put(LlmAttributes.SOURCE_PROMPT_TOKENS, usage.prompt());
			put(LlmAttributes.SOURCE_COMPLETION_TOKENS, usage.completion());
		}
		put(LlmAttributes.SOURCE_TOTAL_MS, millis(this.span.latency().total()));
		put(LlmAttributes.SOURCE_TTFT_MS, millis(this.span.latency().timeToFirstToken()));
		put(LlmAttributes.SOURCE_INPUT, SourceContent.input(this.span.input()));
		LlmOutput output = this.span.output();
		if (output != null) {
			put(LlmAttributes.SOURCE_OUTPUT, SourceContent.output(output));
		}
	}

	private void addGenAiNames() {
		put(LlmAttributes.PROVIDER_NAME, LlmProvider.conventionName(this.span.provider()));
		put(LlmAttributes.REQUEST_MODEL, this.span.model());
		TokenUsage usage = this.span.usage();
		if (usage != null) {
			put(LlmAttributes.INPUT_TOKENS, usage.prompt());
			put(LlmAttributes.OUTPUT_TOKENS, usage.completion());
		}
		put(LlmAttributes.TIME_TO_FIRST_CHUNK, seconds(this.span.latency().timeToFirstToken()));
		put(LlmAttributes.INPUT_MESSAGES, GenAiContent.input(this.span.input()));
		LlmOutput output = this.span.output();
		if (output != null) {
			put(LlmAttributes.OUTPUT_MESSAGES, GenAiContent.output(output));
		}
		put(LlmAttributes.CONVERSATION_ID, this.span.metadata().sessionId());
	}

	private void addCall() {
		put(LlmAttributes.CONVENTION_VERSION, LlmAttributes.CONVENTION_VERSION_VALUE);
		put(LlmAttributes.OPERATION_NAME, this.span.operation());
		put(LlmAttributes.RESPONSE_MODEL, this.span.responseModel());
		put(LlmAttributes.FINISH_REASONS, finishReasons(this.span.output()));
		TokenUsage usage = this.span.usage();
		if (usage != null) {
			put(LlmAttributes.TOTAL_TOKENS, usage.total());
			put(LlmAttributes.CACHE_READ_TOKENS, usage.cacheRead());
			put(LlmAttributes.CACHE_WRITE_TOKENS, usage.cacheWrite());
			put(LlmAttributes.CACHE_WRITE_HOUR_TOKENS, usage.cacheWriteHour());
			put(LlmAttributes.REASONING_TOKENS, usage.reasoning());
			put(LlmAttributes.INPUT_AUDIO_TOKENS, usage.promptAudio());
			put(LlmAttributes.OUTPUT_AUDIO_TOKENS, usage.completionAudio());
		}
		put(LlmAttributes.ERROR_TYPE, errorType());
	}

	private void addCost() {
		LlmCost given = this.span.cost();
		TokenUsage usage = this.span.usage();
		if (given != null) {
			addCost(given, LlmAttributes.COST_SOURCE_CALLER);
		}
		else if (usage != null && !named(LlmAttributes.COST_AMOUNT_USD) && !named(LlmAttributes.COST_AMOUNT)) {
			this.callCost
				.price(this.span.operation(), LlmProvider.conventionName(this.span.provider()),
						this.span.responseModel(), this.span.model(), this.span.latency().start(), usage)
				.ifPresent((price) -> addCost(price.cost(usage), price.source()));
		}
	}

	private void addCost(LlmCost cost, String source) {
		if (LlmCost.DEFAULT_CURRENCY.equals(cost.currency())) {
			put(LlmAttributes.COST_AMOUNT_USD, cost.amount());
			put(LlmAttributes.COST_PROMPT_USD, cost.prompt());
			put(LlmAttributes.COST_COMPLETION_USD, cost.completion());
		}
		else {
			put(LlmAttributes.COST_AMOUNT, cost.amount());
			put(LlmAttributes.COST_PROMPT, cost.prompt());
			put(LlmAttributes.COST_COMPLETION, cost.completion());
			put(LlmAttributes.COST_CURRENCY, cost.currency());
		}
		put(LlmAttributes.COST_SOURCE, source);
	}

	private void addMetadata(LlmMetadata metadata) {
		put(LlmAttributes.USER_ID, metadata.userId());
		put(LlmAttributes.SESSION_ID, metadata.sessionId());
		put(LlmAttributes.ENVIRONMENT, metadata.environment());
		put(LlmAttributes.REQUEST_ID, metadata.requestId());
		if (!metadata.tags().isEmpty()) {
			put(LlmAttributes.TAGS, metadata.tags());
		}
	}

	private void addCallers(Map<String, ?> callers) {
		callers.forEach((name, value) -> {
			if (value != null) {
				this.attributes.putIfAbsent(name, value);
			}
		});
	}

	private void put(String name, @Nullable Object value) {
		if (value != null) {
			this.attributes.put(name, value);
		}
	}

	private @Nullable String errorType() {
		if (this.span.errorType() != null) {
			return this.span.errorType();
		}
		// a caller who fails a span may have named the type among the attributes
		boolean unknown = this.span.status() == Status.ERROR && !named(LlmAttributes.ERROR_TYPE);
		return unknown ? LlmAttributes.ERROR_TYPE_OTHER : null;
	}

	private boolean named(String name) {
		return this.span.attributes().get(name) != null || this.span.metadata().attributes().get(name) != null;
	}

	private static @Nullable List<String> finishReasons(@Nullable LlmOutput output) {
		if (output == null || output.finishReason() == null) {
			return null;
		}
		return List.of(output.finishReason());
	}

	private static @Nullable Long millis(@Nullable Duration duration) {
		return (duration != null) ? TimeUnit.MILLISECONDS.convert(duration) : null;
	}

	private static @Nullable Double seconds(@Nullable Duration duration) {
		if (duration == null) {
			return null;
		}
		return BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9)).doubleValue();
	}

}
