package io.observatory.storage.sample.llm;

import java.time.Clock;

import io.observatory.storage.llm.LlmSpan;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.http.ReadThreads;
import io.observatory.storage.writer.ScoredBatch;
import io.observatory.storage.writer.TraceWriter;
import org.jspecify.annotations.Nullable;

/**
 * Accepts LLM calls.
 */
final class LlmSpanServlet extends JsonRecordServlet<LlmSpan> {

	static final String PATH = "/api/llm-spans";

	private static final long serialVersionUID = 1L;

	LlmSpanServlet(TraceWriter writer, Clock clock, Intake intake, ReadThreads threads) {
		super("llm-spans", LlmSpanRequest.JSON, writer, clock, intake, threads);
	}

	@Override
	@Nullable TooOld add(ScoredBatch<TraceSpan> batch, LlmSpan span) {
		TraceSpan row = span.toSpan();
		return batch.add(row) ? null : new TooOld("latency.start", row.startTime());
	}

}
