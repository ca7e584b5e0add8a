package io.observatory.storage.capture.ai;

import java.util.List;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tracer behind Micrometer Tracing.
 */
public final class MicrometerTracer implements ActiveTracer {

	/**
	 * A span that is not sampled is one all the same: its trace is not to be stored. That
	 * of a tracer which does nothing is none; its trace id is empty or zero.
	 */
	@Override
	public @Nullable TracerSpan span(Observation.Context context) {
		TracingContext tracing = context.get(TracingContext.class);
		Span span = (tracing != null) ? tracing.getSpan() : null;
		return (span != null && hasTrace(span)) ? new MicrometerSpan(span) : null;
	}

	private static boolean hasTrace(Span span) {
		return span.context().traceId().chars().anyMatch((digit) -> digit != '0');
	}

	private record MicrometerSpan(Span span) implements TracerSpan {

		@Override
		public String traceId() {
			return this.span.context().traceId();
		}

		@Override
		public String spanId() {
			return this.span.context().spanId();
		}

		@Override
		public void set(Map<String, ?> attributes) {
			if (!this.span.isNoop()) {
				attributes.forEach(this::set);
			}
		}

		private void set(String name, Object value) {
			if (value instanceof String text) {
				this.span.tag(name, text);
			}
			else if (value instanceof Long number) {
				this.span.tag(name, number);
			}
			else if (value instanceof Double number) {
				this.span.tag(name, number);
			}
			else if (value instanceof Boolean bool) {
				this.span.tag(name, bool);
			}
			else if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
				this.span.tagOfStrings(name, list.stream().map(String.class::cast).toList());
			}
			else {
				this.span.tag(name, JsonMapper.shared().writeValueAsString(value));
			}
		}

	}

}
