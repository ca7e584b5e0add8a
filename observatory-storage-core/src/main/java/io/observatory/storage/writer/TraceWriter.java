package io.observatory.storage.writer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.engine.Engine;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sending.AppendStore;
import io.observatory.storage.sending.TracesStore;
import io.observatory.storage.table.EventsTable;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.TracesTable;

/**
 * Writes traces, spans and events into {@code traces}, {@code trace_spans} and
 * {@code trace_events}. They may come in any order: a trace is assembled from its spans,
 * and what a {@link Trace} record declares wins over what they say.
 */
public final class TraceWriter extends EngineWriter {

	private final TracesTable traces;

	private final SpansTable spans;

	private final EventsTable events;

	public TraceWriter(DataSource dataSource) {
		this(dataSource, WriterConfig.traces().build());
	}

	public TraceWriter(DataSource dataSource, WriterConfig config) {
		this(dataSource, config, new TracesTable(), new SpansTable(), new EventsTable());
	}

	private TraceWriter(DataSource dataSource, WriterConfig config, TracesTable traces, SpansTable spans,
			EventsTable events) {
		super(Engine.start("traces", dataSource, config,
				List.of(new TracesStore(traces, spans), new AppendStore(events))));
		this.traces = traces;
		this.spans = spans;
		this.events = events;
	}

	/**
	 * Accepts a trace.
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws BufferFullException when the buffer is full and the policy is to say so
	 */
	public void writeTrace(Trace trace) {
		engine().write(this.traces, redaction().apply(trace));
	}

	/**
	 * Accepts all traces or, with an exception as for {@link #writeTrace}, none.
	 */
	public void writeTraces(Collection<Trace> traces) {
		writeAll(this.traces, traces, redaction()::apply);
	}

	/**
	 * Accepts a span, with exceptions as for {@link #writeTrace}.
	 */
	public void writeSpan(TraceSpan span) {
		engine().write(this.spans, redaction().apply(span));
	}

	/**
	 * Accepts all spans or, with an exception as for {@link #writeTrace}, none.
	 */
	public void writeSpans(Collection<TraceSpan> spans) {
		writeAll(this.spans, spans, redaction()::apply);
	}

	/**
	 * Takes a span if there is room for it, and never waits: for a thread that must not
	 * be held up. Whatever the writer's policy for a full buffer is, a span that finds no
	 * room is dropped and counted.
	 * @return whether it was taken
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 */
	public boolean offerSpan(TraceSpan span) {
		return offerSpans(List.of(span));
	}

	/**
	 * Takes all spans or, as for {@link #offerSpan}, none.
	 */
	public boolean offerSpans(Collection<TraceSpan> spans) {
		return offerAll(this.spans, spans, redaction()::apply);
	}

	/**
	 * Accepts an event, with exceptions as for {@link #writeTrace}.
	 */
	public void writeEvent(TraceEvent event) {
		engine().write(this.events, redaction().apply(event));
	}

	/**
	 * Accepts all events or, with an exception as for {@link #writeTrace}, none.
	 */
	public void writeEvents(Collection<TraceEvent> events) {
		writeAll(this.events, events, redaction()::apply);
	}

	/**
	 * Accepts an LLM call as a span, with exceptions as for {@link #writeTrace}.
	 */
	public void writeLlmSpan(LlmSpan span) {
		writeSpan(span.toSpan());
	}

	/**
	 * Accepts all LLM calls as spans or, with an exception as for {@link #writeTrace},
	 * none.
	 */
	public void writeLlmSpans(Collection<LlmSpan> spans) {
		writeSpans(spans.stream().map(LlmSpan::toSpan).toList());
	}

	/**
	 * Returns an empty batch for spans that are not all there yet, or not all good. It
	 * must be closed.
	 */
	public SpanBatch newSpanBatch() {
		return new SpanBatch(engine(), redaction(), this.spans);
	}

	/**
	 * Returns what {@link #writeSpan} would throw for the span's content, without taking
	 * it.
	 */
	public Optional<InvalidRecordException> check(TraceSpan span) {
		return engine().check(this.spans, redaction().apply(span));
	}

}
