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
		return apply(trace, this.redactor::redact, (t) -> new Trace(t.traceId(), t.serviceName(), t.startTime(),
				t.endTime(), t.durationUs(), t.status(), null, t.rootSpanName(), LEFT_OUT, Map.of()));
	}

	TraceSpan apply(TraceSpan span) {
		return apply(span, this.redactor::redact,
				(s) -> new TraceSpan(s.traceId(), s.spanId(), s.parentSpanId(), s.name(), s.kind(), s.serviceName(),
						s.startTime(), s.endTime(), s.durationUs(), s.status(), null, LEFT_OUT, List.of(), List.of()));
	}

	TraceEvent apply(TraceEvent event) {
		return apply(event, this.redactor::redact,
				(e) -> new TraceEvent(e.id(), e.traceId(), e.spanId(), e.name(), e.timestamp(), LEFT_OUT));
	}

	Metric apply(Metric metric) {
		return apply(metric, this.redactor::redact,
				(m) -> new Metric(m.name(), null, m.unit(), m.type(), m.serviceName(), LEFT_OUT, Map.of(), m.stream()));
	}

	MetricDataPoint apply(MetricDataPoint point) {
		return apply(point, this.redactor::redact,
				(p) -> new MetricDataPoint(p.id(), p.metricName(), p.serviceName(), p.timestamp(), p.value(), p.count(),
						p.sum(), p.min(), p.max(), p.buckets(), p.quantiles(), List.of(), LEFT_OUT, p.stream()));
	}

	LogRecord apply(LogRecord log) {
		return apply(log, this.redactor::redact,
				(l) -> new LogRecord(l.id(), l.timestamp(), l.observedTimestamp(), l.severityNumber(), l.severityText(),
						null, l.serviceName(), l.traceId(), l.spanId(), l.traceFlags(), LEFT_OUT, Map.of(),
						l.scopeName(), l.scopeVersion(), Map.of()));
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
			return withoutContent.apply(record);
		}
	}

}
