package io.observatory.storage.writer;

import io.observatory.storage.engine.Admission;
import io.observatory.storage.model.Score;

/**
 * Spans or log records, and the scores that came with them, that are taken together.
 *
 * @param <T> the type of the spans or log records
 */
public final class ScoredBatch<T> extends RecordBatch<T> {

	private final TableWriter<Score> scores;

	ScoredBatch(Admission admission, TableWriter<T> writer, TableWriter<Score> scores) {
		super(admission, writer);
		this.scores = scores;
	}

	/** Adds a score, as {@link #add(Object)} adds a record. */
	public boolean add(Score score) {
		return add(this.scores, score);
	}

}
