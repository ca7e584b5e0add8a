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
import io.observatory.storage.model.Score;
import io.observatory.storage.model.Trace;
import io.observatory.storage.model.TraceEvent;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sending.AppendStore;
import io.observatory.storage.sending.ScoresStore;
import io.observatory.storage.sending.TracesStore;
import io.observatory.storage.table.EventsTable;
import io.observatory.storage.table.ScoresTable;
import io.observatory.storage.table.SpansTable;
import io.observatory.storage.table.TracesTable;

/**
 * Writes traces, spans, events and scores into {@code traces}, {@code trace_spans},
 * {@code trace_events} and {@code scores}. They may come in any order: a trace is
 * assembled from its spans, and what a {@link Trace} record declares wins over what they
 * say.
 */
public final class TraceWriter extends EngineWriter {

	private final TableWriter<Trace> traces;

	private final TableWriter<TraceSpan> spans;

	private final TableWriter<TraceEvent> events;

	private final TableWriter<Score> scores;

	public TraceWriter(DataSource dataSource) {
		this(dataSource, WriterConfig.traces().build());
	}

	public TraceWriter(DataSource dataSource, WriterConfig config) {
		this(dataSource, config, new TracesTable(), new SpansTable(), new EventsTable(), new ScoresTable());
	}

	private TraceWriter(DataSource dataSource, WriterConfig config, TracesTable traces, SpansTable spans,
			EventsTable events, ScoresTable scores) {
		super(Engine.start("traces", dataSource, config,
				List.of(new TracesStore(traces, spans), new AppendStore(events), new ScoresStore(scores))));
		this.traces = new TableWriter<>(admission(), traces, redaction()::apply);
		this.spans = new TableWriter<>(admission(), spans, redaction()::apply);
		this.events = new TableWriter<>(admission(), events, redaction()::apply);
		this.scores = new TableWriter<>(admission(), scores, redaction()::apply);
	}

	/**
	 * Accepts a trace.
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws BufferFullException when the buffer is full and the policy is to say so
	 */
	public void writeTrace(Trace trace) {
		this.traces.write(trace);
	}

	/** Accepts all traces or, with an exception as for {@link #writeTrace}, none. */
	public void writeTraces(Collection<Trace> traces) {
		this.traces.write(traces);
	}

	/** Accepts a span, with exceptions as for {@link #writeTrace}. */
	public void writeSpan(TraceSpan span) {
		this.spans.write(span);
	}

	/** Accepts all spans or, with an exception as for {@link #writeTrace}, none. */
	public void writeSpans(Collection<TraceSpan> spans) {
		this.spans.write(spans);
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

	/** Takes all spans or, as for {@link #offerSpan}, none. */
	public boolean offerSpans(Collection<TraceSpan> spans) {
		return this.spans.offer(spans);
	}

	/** Accepts an event, with exceptions as for {@link #writeTrace}. */
	public void writeEvent(TraceEvent event) {
		this.events.write(event);
	}

	/** Accepts all events or, with an exception as for {@link #writeTrace}, none. */
	public void writeEvents(Collection<TraceEvent> events) {
		this.events.write(events);
	}

	/** Accepts a score, with exceptions as for {@link #writeTrace}. */
	public void writeScore(Score score) {
		this.scores.write(score);
	}

	/** Accepts all scores or, with an exception as for {@link #writeTrace}, none. */
	public void writeScores(Collection<Score> scores) {
		this.scores.write(scores);
	}

	/**
	 * Takes all spans, and the scores that came with them, or, as for {@link #offerSpan},
	 * none.
	 */
	public boolean offer(Collection<TraceSpan> spans, Collection<Score> scores) {
		return admission().offer(spans.size() + scores.size(), (rows) -> {
			this.spans.encode(spans, rows);
			this.scores.encode(scores, rows);
		});
	}

	/** Accepts an LLM call as a span, with exceptions as for {@link #writeTrace}. */
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
	 * Returns an empty batch for spans, and for scores, that are not all there yet, or
	 * not all good. It must be closed.
	 */
	public ScoredBatch<TraceSpan> newSpanBatch() {
		return new ScoredBatch<>(admission(), this.spans, this.scores);
	}

	/**
	 * Returns what {@link #writeSpan} would throw for the span's content, without taking
	 * it.
	 */
	public Optional<InvalidRecordException> check(TraceSpan span) {
		return this.spans.check(span);
	}

	/**
	 * Returns what {@link #writeScore} would throw for the score's content, without
	 * taking it.
	 */
	public Optional<InvalidRecordException> check(Score score) {
		return this.scores.check(score);
	}

}
