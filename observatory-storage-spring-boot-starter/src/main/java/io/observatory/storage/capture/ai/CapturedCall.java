package io.observatory.storage.capture.ai;

import java.time.Duration;
import java.time.Instant;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationView;
import io.observatory.storage.capture.ai.ActiveTracer.TracerSpan;
import org.jspecify.annotations.Nullable;

/**
 * The data of an observation when it starts. It is kept in its context, where child
 * observations find it.
 *
 * @param traceId the trace: that of the tracer, or else one for everything below the
 * outermost observation
 * @param spanId the span, the tracer's or ours
 * @param parentSpanId the nearest parent span that we created
 * @param conversationId the conversation it is a part of
 * @param start when it started
 * @param startNanos the same by {@link System#nanoTime()}
 * @param streamed the chunks of its answer, if it is streamed and observed
 */
record CapturedCall(String traceId, String spanId, @Nullable String parentSpanId, @Nullable String conversationId,
		Instant start, long startNanos, @Nullable StreamedAnswer streamed) {

	/** The key of the trace id in the outermost observation, whatever it observes. */
	private static final Object TRACE_ID = CapturedCall.class.getName() + ".traceId";

	static CapturedCall start(Observation.Context context, @Nullable TracerSpan span, @Nullable String conversationId,
			Instant start, @Nullable StreamedAnswer streamed) {
		CapturedCall above = above(context);
		String conversation = (conversationId == null && above != null) ? above.conversationId() : conversationId;
		return new CapturedCall((span != null) ? span.traceId() : traceId(outermost(context)),
				(span != null) ? span.spanId() : RandomIds.spanId(), (above != null) ? above.spanId() : null,
				conversation, start, System.nanoTime(), streamed);
	}

	private static @Nullable CapturedCall above(Observation.Context context) {
		ObservationView parent = context.getParentObservation();
		while (parent != null) {
			CapturedCall call = parent.getContextView().get(CapturedCall.class);
			if (call != null) {
				return call;
			}
			parent = parent.getContextView().getParentObservation();
		}
		return null;
	}

	private static Observation.Context outermost(Observation.Context context) {
		Observation.Context outermost = context;
		ObservationView parent = context.getParentObservation();
		while (parent != null) {
			if (parent.getContextView() instanceof Observation.Context above) {
				outermost = above;
			}
			parent = parent.getContextView().getParentObservation();
		}
		return outermost;
	}

	private static String traceId(Observation.Context outermost) {
		return outermost.computeIfAbsent(TRACE_ID, (key) -> RandomIds.traceId());
	}

	Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.startNanos);
	}

	@Nullable Duration timeToFirstChunk() {
		return (this.streamed != null) ? this.streamed.timeToFirstChunk(this.startNanos) : null;
	}

}
