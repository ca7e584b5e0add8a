package io.observatory.storage.writer;

import io.observatory.storage.engine.Engine;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.table.LogsTable;

/**
 * Log records that are encoded one at a time and then taken together.
 */
public final class LogBatch extends RecordBatch {

	private final LogsTable logs;

	private final Redaction redaction;

	LogBatch(Engine engine, Redaction redaction, LogsTable logs) {
		super(engine);
		this.redaction = redaction;
		this.logs = logs;
	}

	/**
	 * Adds a log record.
	 * @return whether it is in the batch; if not, it is older than the retention
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws TooLargeException when the buffer could not hold the batch with it
	 */
	public boolean add(LogRecord log) {
		return add(this.logs, this.redaction.apply(log));
	}

}
