package io.observatory.storage.model;

/**
 * Sees each record before it is encoded and may return another in its place, for instance
 * without what nobody should read. What it throws is not passed on: the record is then
 * stored without its content, its names masked as by default; and so it is when null is
 * returned. Called on the writing thread, again for a record that had to wait for room;
 * must be thread-safe.
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

	/** Returns the score to store. */
	default Score redact(Score score) {
		return score;
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
