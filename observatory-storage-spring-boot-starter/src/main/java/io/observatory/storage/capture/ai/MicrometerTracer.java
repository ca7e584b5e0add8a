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
	 * A span that is not sampled counts as a span, so that its trace is not stored. A
	 * span of a tracer that does nothing does not count; its trace id is empty or zero.
	 */
	@Override
	public @Nullable TracerSpan span(Observation.Context context) {
		TracingContext tracing = context.get(TracingContext.class);
		Span span = (tracing != null) ? tracing.getSpan() : null;
		return (span != null && hasTrace(span)) ? new MicrometerSpan(span) : null;
	}

	private static boolean hasTrace(Span span) {
		String traceId = span.context().traceId();
		for (int i = 0; i < traceId.length(); i++) {
			if (traceId.charAt(i) != '0') {
				return true;
			}
		}
		return false;
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

		@SuppressWarnings("unchecked") // each element was looked at
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
			else if (value instanceof List<?> list && isOfStrings(list)) {
				this.span.tagOfStrings(name, (List<String>) list);
			}
			else {
				this.span.tag(name, JsonMapper.shared().writeValueAsString(value));
			}
		}

		private static boolean isOfStrings(List<?> list) {
			for (Object element : list) {
				if (!(element instanceof String)) {
					return false;
				}
			}
			return true;
		}

	}

}
