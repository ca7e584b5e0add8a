package io.observatory.storage.writer;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.observatory.storage.engine.ThrottledLog;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a {@link Redactor}. When it throws, the record's content is left out: better a
 * record without content than content that nobody should read.
 */
final class Redaction {

	private static final Logger logger = LoggerFactory.getLogger(Redaction.class);

	private static final Map<String, ?> LEFT_OUT = Map.of("observatory.redaction", "failed");

	private final Redactor redactor;

	private final ThrottledLog occasionally = new ThrottledLog();

	Redaction(Redactor redactor) {
		this.redactor = redactor;
	}

	Trace apply(Trace trace) {
		return apply(trace, this.redactor::redact,
				(t) -> t.toBuilder().statusMessage(null).attributes(LEFT_OUT).resourceAttributes(Map.of()).build());
	}

	TraceSpan apply(TraceSpan span) {
		return apply(span, this.redactor::redact,
				(s) -> s.toBuilder()
					.statusMessage(null)
					.attributes(LEFT_OUT)
					.events(List.of())
					.links(List.of())
					.build());
	}

	TraceEvent apply(TraceEvent event) {
		return apply(event, this.redactor::redact, (e) -> e.toBuilder().attributes(LEFT_OUT).build());
	}

	Metric apply(Metric metric) {
		return apply(metric, this.redactor::redact,
				(m) -> m.toBuilder().description(null).attributes(LEFT_OUT).resourceAttributes(Map.of()).build());
	}

	MetricDataPoint apply(MetricDataPoint point) {
		return apply(point, this.redactor::redact,
				(p) -> p.toBuilder().exemplars(List.of()).attributes(LEFT_OUT).build());
	}

	LogRecord apply(LogRecord log) {
		return apply(log, this.redactor::redact,
				(l) -> l.toBuilder()
					.body(null)
					.attributes(LEFT_OUT)
					.resourceAttributes(Map.of())
					.scopeAttributes(Map.of())
					.build());
	}

	private <T> T apply(T record, UnaryOperator<T> redact, UnaryOperator<T> withoutContent) {
		if (this.redactor == Redactor.NONE) {
			return record;
		}
		try {
			return redact.apply(record);
		}
		catch (RuntimeException ex) {
			this.occasionally
				.run(() -> logger.warn("The Redactor {} threw {}: records are stored without their content",
						this.redactor.getClass().getName(), ex.getClass().getName()));
			return withoutContent(record, withoutContent);
		}
	}

	private static <T> T withoutContent(T record, UnaryOperator<T> withoutContent) {
		try {
			return withoutContent.apply(record);
		}
		catch (NullPointerException ex) {
			// it lacks a field, and will be refused for that
			return record;
		}
	}

}
