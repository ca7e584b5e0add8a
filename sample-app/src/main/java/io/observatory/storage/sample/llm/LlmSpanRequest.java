package io.observatory.storage.sample.llm;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.observatory.storage.llm.ChatMessage;
import io.observatory.storage.llm.LlmInput;
import io.observatory.storage.llm.LlmLatency;
import io.observatory.storage.llm.LlmMetadata;
import io.observatory.storage.llm.LlmOutput;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import org.jspecify.annotations.Nullable;

/**
 * An {@link LlmSpan} as JSON. Required are trace id, span id, name, provider, model,
 * input and latency.
 */
record LlmSpanRequest(@Nullable String traceId, @Nullable String spanId, @Nullable String parentSpanId,
		@Nullable String name, @Nullable SpanKind kind, @Nullable String serviceName, @Nullable String provider,
		@Nullable String model, @Nullable String responseModel, @Nullable String operation, @Nullable Input input,
		@Nullable Output output, @Nullable TokenUsage usage, @Nullable Cost cost, @Nullable Latency latency,
		@Nullable Metadata metadata, @Nullable Status status, @Nullable String statusMessage,
		@Nullable String errorType, @Nullable Map<String, Object> attributes, @Nullable List<Event> events) {

	/** Reads LLM spans. */
	static final JsonRecords<LlmSpan> JSON = new JsonRecords<>("LLM span", LlmSpanRequest.class,
			LlmSpanRequest::toSpan);

	/**
	 * Returns the span.
	 * @throws IllegalArgumentException when a field is missing or out of bounds, naming
	 * it
	 */
	LlmSpan toSpan() {
		LlmSpan.Builder span = LlmSpan.builder()
			.traceId(required(this.traceId, "traceId"))
			.spanId(required(this.spanId, "spanId"))
			.parentSpanId(this.parentSpanId)
			.name(required(this.name, "name"))
			.provider(required(this.provider, "provider"))
			.model(required(this.model, "model"))
			.responseModel(this.responseModel)
			.input(required(this.input, "input").toInput())
			.output((this.output != null) ? this.output.toOutput() : null)
			.usage(this.usage)
			.cost((this.cost != null) ? this.cost.toCost() : null)
			.latency(required(this.latency, "latency").toLatency())
			.statusMessage(this.statusMessage)
			.errorType(this.errorType)
			.attributes(orEmpty(this.attributes))
			.events(orEmpty(this.events).stream().map(Event::toEvent).toList());
		ifPresent(this.kind, span::kind);
		ifPresent(this.serviceName, span::serviceName);
		ifPresent(this.operation, span::operation);
		ifPresent(this.status, span::status);
		ifPresent(this.metadata, (given) -> span.metadata(given.toMetadata()));
		return span.build();
	}

	private static <T> T required(@Nullable T value, String field) {
		if (value == null) {
			throw new IllegalArgumentException(field + " is required");
		}
		return value;
	}

	private static <T> void ifPresent(@Nullable T value, Consumer<T> consumer) {
		if (value != null) {
			consumer.accept(value);
		}
	}

	private static <T> List<T> orEmpty(@Nullable List<T> list) {
		return (list != null) ? list : List.of();
	}

	private static <T> Map<String, T> orEmpty(@Nullable Map<String, T> map) {
		return (map != null) ? map : Map.of();
	}

	/** The input of the model: exactly one of the three. */
	record Input(@Nullable String prompt, @Nullable List<ChatMessage> messages, @Nullable List<InputPart> parts) {

		LlmInput toInput() {
			if (this.prompt != null && this.messages == null && this.parts == null) {
				return new LlmInput.Text(this.prompt);
			}
			if (this.messages != null && this.prompt == null && this.parts == null) {
				return new LlmInput.Messages(this.messages);
			}
			if (this.parts != null && this.prompt == null && this.messages == null) {
				return new LlmInput.Multimodal(this.parts.stream().map(InputPart::toPart).toList());
			}
			throw new IllegalArgumentException("input must have exactly one of prompt, messages and parts");
		}

	}

	/** The answer of the model. */
	record Output(@Nullable String content, @Nullable String finishReason, @Nullable Map<String, Object> metadata) {

		LlmOutput toOutput() {
			return new LlmOutput(this.content, this.finishReason, orEmpty(this.metadata));
		}

	}

	/** The cost, in US dollars unless another currency is given. */
	record Cost(@Nullable Double amount, @Nullable String currency, @Nullable Double prompt,
			@Nullable Double completion) {

		LlmCost toCost() {
			return new LlmCost(required(this.amount, "cost.amount"),
					(this.currency != null) ? this.currency : LlmCost.DEFAULT_CURRENCY, this.prompt, this.completion);
		}

	}

	/**
	 * When it started and how long it took, in milliseconds. The end is start + total
	 * unless given.
	 */
	record Latency(@Nullable Double totalMs, @Nullable Double timeToFirstTokenMs, @Nullable Instant start,
			@Nullable Instant end) {

		LlmLatency toLatency() {
			return LlmLatency.of(required(this.start, "latency.start"),
					Milliseconds.toDuration(required(this.totalMs, "latency.totalMs"), "latency.totalMs"),
					(this.timeToFirstTokenMs != null)
							? Milliseconds.toDuration(this.timeToFirstTokenMs, "latency.timeToFirstTokenMs") : null,
					this.end);
		}

	}

	/** Who made the call and where. */
	record Metadata(@Nullable String userId, @Nullable String sessionId, @Nullable String requestId,
			@Nullable String environment, @Nullable List<String> tags, @Nullable Map<String, Object> attributes) {

		LlmMetadata toMetadata() {
			return new LlmMetadata(this.userId, this.sessionId, this.requestId, this.environment, orEmpty(this.tags),
					orEmpty(this.attributes));
		}

	}

	/** What happened during the call. */
	record Event(@Nullable String name, @Nullable Instant timestamp, @Nullable Map<String, Object> attributes) {

		SpanEvent toEvent() {
			return new SpanEvent(required(this.name, "events.name"), required(this.timestamp, "events.timestamp"),
					orEmpty(this.attributes));
		}

	}

}
