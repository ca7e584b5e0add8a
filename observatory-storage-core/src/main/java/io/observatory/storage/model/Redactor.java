package io.observatory.storage.model;

/**
 * Receives each record before it is encoded and may return another one in its place, for
 * instance one without confidential values. If it throws an exception, the record is
 * stored without its content, and the caller does not see the exception. It is called in
 * the thread that writes and must be thread-safe.
 */
public interface Redactor {

	/** Changes nothing. */
	Redactor NONE = new Redactor() {
	};

	/** Returns the trace to store. */
	default Trace redact(Trace trace) {
		return trace;
	}

	/** Returns the span to store. */
	default TraceSpan redact(TraceSpan span) {
		return span;
	}

	/** Returns the event to store. */
	default TraceEvent redact(TraceEvent event) {
		return event;
	}

	/** Returns the metric to store. */
	default Metric redact(Metric metric) {
		return metric;
	}

	/** Returns the data point to store. */
	default MetricDataPoint redact(MetricDataPoint point) {
		return point;
	}

	/** Returns the log to store. */
	default LogRecord redact(LogRecord log) {
		return log;
	}

}
