package io.observatory.storage.writer;

import io.observatory.storage.engine.Engine;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.table.SpansTable;

/**
 * Spans that are encoded one at a time and then taken together.
 */
public final class SpanBatch extends RecordBatch {

	private final SpansTable spans;

	private final Redaction redaction;

	SpanBatch(Engine engine, Redaction redaction, SpansTable spans) {
		super(engine);
		this.redaction = redaction;
		this.spans = spans;
	}

	/**
	 * Adds a span.
	 * @return whether it is in the batch; if not, it is older than the retention
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws TooLargeException when the buffer could not hold the batch with it
	 */
	public boolean add(TraceSpan span) {
		return add(this.spans, this.redaction.apply(span));
	}

}
