package io.observatory.storage.writer;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.observatory.storage.engine.ThrottledLog;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.model.Score;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.redact.MaskingRedactor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a {@link Redactor}. When it throws or returns null, the record's content is
 * left out, and secrets in what remains, such as its name, are masked: better a record
 * without content than content that nobody should read.
 */
final class Redaction {

	private static final Logger logger = LoggerFactory.getLogger(Redaction.class);

	private static final Map<String, ?> LEFT_OUT = Map.of("observatory.redaction", "failed");

	private static final Redactor MASKING = new MaskingRedactor();

	private final Redactor redactor;

	private final ThrottledLog occasionally = new ThrottledLog();

	Redaction(Redactor redactor) {
		this.redactor = redactor;
	}

	Trace apply(Trace trace) {
		return apply(trace, this.redactor::redact, (t) -> MASKING
			.redact(t.toBuilder().statusMessage(null).attributes(LEFT_OUT).resourceAttributes(Map.of()).build()));
	}

	TraceSpan apply(TraceSpan span) {
		return apply(span, this.redactor::redact, (s) -> MASKING
			.redact(s.toBuilder().statusMessage(null).attributes(LEFT_OUT).events(List.of()).links(List.of()).build()));
	}

	TraceEvent apply(TraceEvent event) {
		return apply(event, this.redactor::redact, (e) -> MASKING.redact(e.toBuilder().attributes(LEFT_OUT).build()));
	}

	Score apply(Score score) {
		return apply(score, this.redactor::redact,
				(s) -> MASKING.redact(s.toBuilder().comment("observatory.redaction: failed").build()));
	}

	Metric apply(Metric metric) {
		return apply(metric, this.redactor::redact, (m) -> MASKING
			.redact(m.toBuilder().description(null).attributes(LEFT_OUT).resourceAttributes(Map.of()).build()));
	}

	MetricDataPoint apply(MetricDataPoint point) {
		return apply(point, this.redactor::redact,
				(p) -> MASKING.redact(p.toBuilder().exemplars(List.of()).attributes(LEFT_OUT).build()));
	}

	LogRecord apply(LogRecord log) {
		return apply(log, this.redactor::redact,
				(l) -> MASKING.redact(l.toBuilder()
					.body(null)
					.attributes(LEFT_OUT)
					.resourceAttributes(Map.of())
					.scopeAttributes(Map.of())
					.build()));
	}

	private <T> T apply(T record, Function<T, @Nullable T> redact, UnaryOperator<T> withoutContent) {
		if (this.redactor == Redactor.NONE) {
			return record;
		}
		String failure;
		try {
			T redacted = redact.apply(record);
			if (redacted != null) {
				return redacted;
			}
			failure = "returned null";
		}
		catch (RuntimeException ex) {
			failure = "threw " + ex.getClass().getName();
		}
		warn(failure);
		return withoutContent(record, withoutContent);
	}

	private void warn(String failure) {
		this.occasionally.run(() -> logger.warn("The Redactor {} {}: records are stored without their content",
				this.redactor.getClass().getName(), failure));
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
