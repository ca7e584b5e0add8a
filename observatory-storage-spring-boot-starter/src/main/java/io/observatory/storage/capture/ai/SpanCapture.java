package io.observatory.storage.capture.ai;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.observatory.storage.capture.TraceSampling;
import io.observatory.storage.capture.ai.ActiveTracer.TracerSpan;
import io.observatory.storage.llm.name.AttributeNames;
import io.observatory.storage.llm.name.ContentLimit;
import io.observatory.storage.llm.name.GenAiNames;
import io.observatory.storage.llm.name.LlmAttributes;
import io.observatory.storage.llm.price.CallCost;
import io.observatory.storage.llm.price.PriceTable;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.model.Status;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.writer.TraceWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns an observation into a span. With a tracer, the values are added to the tracer's
 * own span; without one, a new span is created. Thread-safe.
 */
public final class SpanCapture {

	private static final Logger logger = LoggerFactory.getLogger(SpanCapture.class);

	private static final String REDACTION_FAILED = "observatory.redaction";

	private final Supplier<@Nullable TraceWriter> writer;

	private final Supplier<@Nullable Observation> current;

	private final ActiveTracer tracer;

	private final TraceSampling sampling;

	private final Supplier<Redactor> redactor;

	private final CallCost callCost;

	private final CaptureSettings settings;

	private final ContentLimit limit;

	private final Clock clock;

	/**
	 * Gets writer and redactor when there is a span, not before, because the observed
	 * beans may be needed to create them.
	 * @param writer the writer of new spans, which never wait for room; null while the
	 * application starts
	 * @param current the observation whose scope is open on this thread
	 * @param tracer the tracer, if there is one
	 * @param sampling which traces of new spans are stored
	 * @param redactor masks content before it is cut; the writer's redactor masks the
	 * rest
	 * @param prices the prices of models
	 * @param settings how to capture
	 * @param clock the clock of new spans
	 */
	public SpanCapture(Supplier<@Nullable TraceWriter> writer, Supplier<@Nullable Observation> current,
			ActiveTracer tracer, TraceSampling sampling, Supplier<Redactor> redactor, PriceTable prices,
			CaptureSettings settings, Clock clock) {
		this.writer = writer;
		this.current = current;
		this.tracer = tracer;
		this.sampling = sampling;
		this.redactor = redactor;
		this.callCost = new CallCost(prices);
		this.settings = settings;
		this.limit = new ContentLimit(settings.maxContentLength());
		this.clock = clock;
	}

	AttributeNames names() {
		return this.settings.names();
	}

	<C extends Observation.Context> void start(AiSpan<C> kind, C context) {
		TracerSpan span = this.tracer.span(context);
		if (span == null && context.getParentObservation() == null) {
			adopt(context);
		}
		StreamedAnswer streamed = kind.isStreaming(context) ? StreamWatch.claim() : null;
		context.put(CapturedCall.class,
				CapturedCall.start(context, span, kind.conversationId(context), this.clock.instant(), streamed));
	}

	/**
	 * A stream knows only its parent in Reactor's context; the thread may have another
	 * one.
	 */
	private void adopt(Observation.Context context) {
		Observation current = this.current.get();
		if (current != null && current.getContext() != context) {
			context.setParentObservation(current);
		}
	}

	<C extends Observation.Context> void stop(AiSpan<C> kind, C context) {
		CapturedCall call = context.get(CapturedCall.class);
		if (call == null) {
			return;
		}
		try {
			TracerSpan span = this.tracer.span(context);
			if (span != null) {
				addTo(span, kind, context, call);
			}
			else if (this.sampling.keeps(call.traceId())) {
				write(kind, context, call);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("A span of Spring AI was not stored: {}", ex.getClass().getName());
		}
	}

	private <C extends Observation.Context> void write(AiSpan<C> kind, C context, CapturedCall call) {
		TraceWriter traces = this.writer.get();
		if (traces != null) {
			traces.offerSpan(span(kind, context, call));
		}
	}

	private <C extends Observation.Context> void addTo(TracerSpan span, AiSpan<C> kind, C context, CapturedCall call) {
		Attributes attributes = new Attributes();
		addTyped(attributes, kind, context, call);
		// otherwise the tracer would set the same values again, as strings
		for (KeyValue keyValue : context.getHighCardinalityKeyValues()) {
			if (attributes.has(GenAiNames.newest(keyValue.getKey()))) {
				context.removeHighCardinalityKeyValue(keyValue.getKey());
			}
		}
		Map<String, @Nullable Object> values = attributes.asMap();
		GenAiNames.normalize(values, this.settings.names());
		span.set(this.settings.content() ? redactedAndCut(spanOf(kind, context, call, values)).attributes() : values);
	}

	private <C extends Observation.Context> TraceSpan span(AiSpan<C> kind, C context, CapturedCall call) {
		Attributes attributes = new Attributes();
		addKeyValues(attributes, context.getLowCardinalityKeyValues());
		addKeyValues(attributes, context.getHighCardinalityKeyValues());
		addTyped(attributes, kind, context, call);
		if (this.settings.names() != AttributeNames.GEN_AI) {
			attributes.put(LlmAttributes.SOURCE_TOTAL_MS, call.elapsed().toMillis());
		}
		GenAiNames.normalize(attributes.asMap(), this.settings.names());
		TraceSpan span = spanOf(kind, context, call, attributes.asMap());
		return this.settings.content() ? redactedAndCut(span) : span;
	}

	private void addKeyValues(Attributes attributes, KeyValues keyValues) {
		for (KeyValue keyValue : keyValues) {
			if (this.settings.content() || !GenAiNames.isContent(keyValue.getKey())) {
				attributes.asMap().put(keyValue.getKey(), keyValue.getValue());
			}
		}
	}

	private <C extends Observation.Context> void addTyped(Attributes attributes, AiSpan<C> kind, C context,
			CapturedCall call) {
		kind.describe(context, attributes);
		this.callCost.addTo(attributes.asMap(), call.start());
		attributes.put(LlmAttributes.CONVERSATION_ID, call.conversationId());
		attributes.put(LlmAttributes.TIME_TO_FIRST_CHUNK, seconds(call.timeToFirstChunk()));
		attributes.put(LlmAttributes.CONVENTION_VERSION, LlmAttributes.CONVENTION_VERSION_VALUE);
		Throwable error = error(context, call);
		if (error != null) {
			attributes.put(LlmAttributes.ERROR_TYPE, ErrorType.of(error));
		}
		if (this.settings.content()) {
			kind.addContent(context, attributes);
		}
	}

	private <C extends Observation.Context> TraceSpan spanOf(AiSpan<C> kind, C context, CapturedCall call,
			Map<String, ?> attributes) {
		Duration elapsed = call.elapsed();
		return TraceSpan.builder()
			.traceId(call.traceId())
			.spanId(call.spanId())
			.parentSpanId(call.parentSpanId())
			.name(name(context))
			.kind(kind.kind())
			.serviceName(this.settings.serviceName())
			.startTime(call.start())
			.endTime(call.start().plus(elapsed))
			.durationUs(elapsed.toNanos() / 1000)
			.status(status(kind, context, call))
			.statusMessage(statusMessage(context, call))
			.attributes(attributes)
			.build();
	}

	private static String name(Observation.Context context) {
		String name = (context.getContextualName() != null) ? context.getContextualName() : context.getName();
		return (name != null) ? name : "unknown";
	}

	/**
	 * Cancelling a stream closes its connection, which the provider's library may report
	 * as an error of the stream.
	 */
	private static @Nullable Throwable error(Observation.Context context, CapturedCall call) {
		StreamedAnswer streamed = call.streamed();
		return (streamed != null && streamed.isCancelled()) ? null : context.getError();
	}

	private static <C extends Observation.Context> Status status(AiSpan<C> kind, C context, CapturedCall call) {
		if (error(context, call) != null) {
			return Status.ERROR;
		}
		return kind.isComplete(context) ? Status.OK : Status.UNSET;
	}

	/** The message of an exception often quotes the invalid input. */
	private @Nullable String statusMessage(Observation.Context context, CapturedCall call) {
		Throwable error = error(context, call);
		return (error != null && this.settings.content()) ? error.getMessage() : null;
	}

	/**
	 * Redacted first, because a secret that is cut may not be recognized any more.
	 */
	private TraceSpan redactedAndCut(TraceSpan span) {
		TraceSpan redacted;
		try {
			redacted = this.redactor.get().redact(span);
		}
		catch (RuntimeException ex) {
			return withoutContent(span);
		}
		String message = redacted.statusMessage();
		return with(redacted, this.limit.apply(redacted.attributes()),
				(message != null) ? this.limit.apply(message) : null);
	}

	private static TraceSpan withoutContent(TraceSpan span) {
		Map<String, Object> attributes = new LinkedHashMap<>(span.attributes());
		attributes.keySet().removeIf(GenAiNames::isContent);
		attributes.put(REDACTION_FAILED, "failed");
		return with(span, attributes, null);
	}

	private static TraceSpan with(TraceSpan span, Map<String, ?> attributes, @Nullable String statusMessage) {
		return span.toBuilder().statusMessage(statusMessage).attributes(attributes).build();
	}

	private static @Nullable Double seconds(@Nullable Duration duration) {
		return (duration != null) ? duration.toNanos() / 1e9 : null;
	}

}
