package io.observatory.storage.sample.llm;

import java.time.Clock;

import io.observatory.storage.model.Score;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.sample.intake.Intake;
import io.observatory.storage.sample.intake.http.ReadThreads;
import io.observatory.storage.writer.ScoredBatch;
import io.observatory.storage.writer.TraceWriter;
import org.jspecify.annotations.Nullable;

/**
 * Accepts scores.
 */
final class ScoreServlet extends JsonRecordServlet<Score> {

	static final String PATH = "/api/scores";

	private static final long serialVersionUID = 1L;

	ScoreServlet(TraceWriter writer, Clock clock, Intake intake, ReadThreads threads) {
		super("scores", ScoreRequest.json(clock), writer, clock, intake, threads);
	}

	@Override
	@Nullable TooOld add(ScoredBatch<TraceSpan> batch, Score score) {
		return batch.add(score) ? null : new TooOld("timestamp", score.timestamp());
	}

}
