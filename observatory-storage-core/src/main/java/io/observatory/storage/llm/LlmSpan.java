package io.observatory.storage.llm;

import java.util.List;
import java.util.Map;

import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.name.LlmProvider;
import io.observatory.storage.llm.price.LlmCost;
import io.observatory.storage.llm.price.PriceList;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.llm.price.TokenUsage;
import io.observatory.storage.model.Check;
import io.observatory.storage.model.SpanEvent;
import io.observatory.storage.model.SpanKind;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import org.jspecify.annotations.Nullable;

/**
 * A call of a language model. It is stored as a span, see {@link #toSpan()}. Ids are
 * never made up: a call belongs to the trace of what made it.
 * <p>
 * Lists and maps are copied, but not what is nested in maps. {@code toString()} shows the
 * ids alone, here and in all that it consists of.
 *
 * @param traceId The trace it belongs to: 32 hex digits, or any other text of at most 128
 * characters.
 * @param spanId The span's id, unique over all traces, at most 128 characters; 16 hex
 * digits as in OpenTelemetry.
 * @param parentSpanId The parent's span id, or null for a root span.
 * @param name The operation's name, for instance {@code chat gpt-4o}; longer than 255
 * characters it is cut, with a marker.
 * @param kind The span's role, internal unless set.
 * @param serviceName The service that made the call, at most 255 characters.
 * @param provider Who runs the model: a name of {@link LlmProvider} or any other.
 * @param model The model that was asked for.
 * @param responseModel The model that answered, or null if unknown.
 * @param operation What was asked for, as the GenAI convention calls it: {@code chat},
 * {@code embeddings}, {@code execute_tool}, ….
 * @param input What the model was given.
 * @param output What it answered, or null if it did not.
 * @param usage The tokens used, or null if unknown.
 * @param cost What the call cost, or null if unknown.
 * @param latency When it was made and how long it took.
 * @param metadata Who made it and where.
 * @param status How it ended: ok unless set, or error if there is an error type.
 * @param statusMessage What is to be said of its status.
 * @param errorType What kind of failure it was, for instance the exception's class or the
 * provider's error code, or null.
 * @param attributes More attributes: strings, numbers, booleans, and lists, arrays and
 * maps of these.
 * @param events What happened during the call.
 */
public record LlmSpan(String traceId, String spanId, @Nullable String parentSpanId, String name, SpanKind kind,
		String serviceName, String provider, String model, @Nullable String responseModel, String operation,
		LlmInput input, @Nullable LlmOutput output, @Nullable TokenUsage usage, @Nullable LlmCost cost,
		LlmLatency latency, LlmMetadata metadata, Status status, @Nullable String statusMessage,
		@Nullable String errorType, Map<String, ?> attributes, List<SpanEvent> events) {

	/** The service name unless one is set, as in OpenTelemetry. */
	public static final String DEFAULT_SERVICE_NAME = "unknown_service";

	/** The operation unless one is set. */
	public static final String DEFAULT_OPERATION = "chat";

	/** Copies attributes and events. */
	public LlmSpan {
		attributes = Copies.of(attributes);
		events = List.copyOf(events);
	}

	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns the call as a span with {@linkplain AttributeNames#BOTH both} names for
	 * what has two, priced by {@link PriceList#builtIn()} if it says no cost.
	 */
	public TraceSpan toSpan() {
		return toSpan(AttributeNames.BOTH);
	}

	/**
	 * Returns the call as a span, priced by {@link PriceList#builtIn()} if it says no
	 * cost.
	 * @param names which names to use for what has two
	 */
	public TraceSpan toSpan(AttributeNames names) {
		return toSpan(names, PriceList.builtIn());
	}

	/**
	 * Returns the call as a span. Its attributes are those of {@link LlmAttributes}; what
	 * is null is left out. Of two values for one attribute the span takes, in this order:
	 * what the fields say, {@link #attributes()}, the
	 * {@linkplain LlmMetadata#attributes() metadata's attributes}. So these add to the
	 * fields and fill in for a field that is null, and override none.
	 * @param names which names to use for what has two
	 * @param prices what the call cost if it does not say; {@link PriceTable#NONE} for
	 * nothing
	 */
	public TraceSpan toSpan(AttributeNames names, PriceTable prices) {
		return new SpanConversion(this, names, prices).convert();
	}

	@Override
	public String toString() {
		return "LlmSpan[traceId=" + this.traceId + ", spanId=" + this.spanId + "]";
	}

	/**
	 * Builds a {@link LlmSpan}; each method sets what the record has by its name. Not
	 * thread-safe; may be reused.
	 */
	public static final class Builder {

		private @Nullable String traceId;

		private @Nullable String spanId;

		private @Nullable String parentSpanId;

		private @Nullable String name;

		private SpanKind kind = SpanKind.INTERNAL;

		private String serviceName = DEFAULT_SERVICE_NAME;

		private @Nullable String provider;

		private @Nullable String model;

		private @Nullable String responseModel;

		private String operation = DEFAULT_OPERATION;

		private @Nullable LlmInput input;

		private @Nullable LlmOutput output;

		private @Nullable TokenUsage usage;

		private @Nullable LlmCost cost;

		private @Nullable LlmLatency latency;

		private LlmMetadata metadata = LlmMetadata.NONE;

		private @Nullable Status status;

		private @Nullable String statusMessage;

		private @Nullable String errorType;

		private Map<String, ?> attributes = Map.of();

		private List<SpanEvent> events = List.of();

		private Builder() {
		}

		public Builder traceId(String traceId) {
			this.traceId = traceId;
			return this;
		}

		public Builder spanId(String spanId) {
			this.spanId = spanId;
			return this;
		}

		public Builder parentSpanId(@Nullable String parentSpanId) {
			this.parentSpanId = parentSpanId;
			return this;
		}

		public Builder name(String name) {
			this.name = name;
			return this;
		}

		public Builder kind(SpanKind kind) {
			this.kind = kind;
			return this;
		}

		public Builder serviceName(String serviceName) {
			this.serviceName = serviceName;
			return this;
		}

		public Builder provider(String provider) {
			this.provider = provider;
			return this;
		}

		public Builder model(String model) {
			this.model = model;
			return this;
		}

		public Builder responseModel(@Nullable String responseModel) {
			this.responseModel = responseModel;
			return this;
		}

		public Builder operation(String operation) {
			this.operation = operation;
			return this;
		}

		public Builder input(LlmInput input) {
			this.input = input;
			return this;
		}

		public Builder output(@Nullable LlmOutput output) {
			this.output = output;
			return this;
		}

		public Builder usage(@Nullable TokenUsage usage) {
			this.usage = usage;
			return this;
		}

		public Builder cost(@Nullable LlmCost cost) {
			this.cost = cost;
			return this;
		}

		public Builder latency(LlmLatency latency) {
			this.latency = latency;
			return this;
		}

		public Builder metadata(LlmMetadata metadata) {
			this.metadata = metadata;
			return this;
		}

		public Builder status(Status status) {
			this.status = status;
			return this;
		}

		public Builder statusMessage(@Nullable String statusMessage) {
			this.statusMessage = statusMessage;
			return this;
		}

		public Builder errorType(@Nullable String errorType) {
			this.errorType = errorType;
			return this;
		}

		public Builder attributes(Map<String, ?> attributes) {
			this.attributes = attributes;
			return this;
		}

		public Builder events(List<SpanEvent> events) {
			this.events = events;
			return this;
		}

		/**
		 * Returns the record.
		 * @throws NullPointerException when a required field was not set, naming it:
		 * trace id, span id, name, provider, model, input and latency
		 */
		public LlmSpan build() {
			return new LlmSpan(Check.required(this.traceId, "LlmSpan", "traceId"),
					Check.required(this.spanId, "LlmSpan", "spanId"), this.parentSpanId,
					Check.required(this.name, "LlmSpan", "name"), this.kind, this.serviceName,
					Check.required(this.provider, "LlmSpan", "provider"),
					Check.required(this.model, "LlmSpan", "model"), this.responseModel, this.operation,
					Check.required(this.input, "LlmSpan", "input"), this.output, this.usage, this.cost,
					Check.required(this.latency, "LlmSpan", "latency"), this.metadata, statusOrDefault(),
					this.statusMessage, this.errorType, this.attributes, this.events);
		}

		private Status statusOrDefault() {
			if (this.status != null) {
				return this.status;
			}
			return (this.errorType != null) ? Status.ERROR : Status.OK;
		}

	}

}
