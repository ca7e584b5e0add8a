package io.observatory.storage.test;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Metric;
import io.observatory.storage.model.MetricDataPoint;
import io.observatory.storage.model.Redactor;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;

/**
 * The records that an application's writers were given since the last {@link #clear()},
 * in their order, as they would be stored: secrets in them are masked. What an
 * OpenTelemetry SDK still holds is waited for. The lists are copies. Thread-safe.
 */
public final class CapturedTelemetry {

	private final Queue<Object> records = new ConcurrentLinkedQueue<>();

	private final Runnable flush;

	/** Creates one that has nothing to wait for. */
	public CapturedTelemetry() {
		this(() -> {
		});
	}

	/**
	 * Creates one.
	 * @param flush has what is held back written, before it is looked for
	 */
	CapturedTelemetry(Runnable flush) {
		this.flush = flush;
	}

	/**
	 * Returns a redactor that keeps here what another one returns. It is for the writers
	 * alone; the starter gives it to them.
	 */
	public Redactor after(Redactor redactor) {
		return new Keeping(redactor);
	}

	/** Returns the traces that were written as such. Spans need none. */
	public List<Trace> traces() {
		return all(Trace.class);
	}

	/** Returns the spans, calls of models among them. */
	public List<TraceSpan> spans() {
		return all(TraceSpan.class);
	}

	/** Returns the events that were written apart from their span. */
	public List<TraceEvent> events() {
		return all(TraceEvent.class);
	}

	/** Returns the metrics, one each time that it was written. */
	public List<Metric> metrics() {
		return all(Metric.class);
	}

	/** Returns the data points of metrics. */
	public List<MetricDataPoint> points() {
		return all(MetricDataPoint.class);
	}

	/** Returns the log records. */
	public List<LogRecord> logs() {
		return all(LogRecord.class);
	}

	/** Forgets everything, for the next test. */
	public void clear() {
		this.flush.run();
		this.records.clear();
	}

	private <T> List<T> all(Class<T> type) {
		this.flush.run();
		return this.records.stream().filter(type::isInstance).map(type::cast).toList();
	}

	private <T> T keep(T record) {
		this.records.add(record);
		return record;
	}

	private final class Keeping implements Redactor {

		private final Redactor redactor;

		private Keeping(Redactor redactor) {
			this.redactor = redactor;
		}

		@Override
		public Trace redact(Trace trace) {
			return keep(this.redactor.redact(trace));
		}

		@Override
		public TraceSpan redact(TraceSpan span) {
			return keep(this.redactor.redact(span));
		}

		@Override
		public TraceEvent redact(TraceEvent event) {
			return keep(this.redactor.redact(event));
		}

		@Override
		public Metric redact(Metric metric) {
			return keep(this.redactor.redact(metric));
		}

		@Override
		public MetricDataPoint redact(MetricDataPoint point) {
			return keep(this.redactor.redact(point));
		}

		@Override
		public LogRecord redact(LogRecord log) {
			return keep(this.redactor.redact(log));
		}

	}

}
