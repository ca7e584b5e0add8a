package io.observatory.storage.writer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.engine.Engine;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.model.Score;
import io.observatory.storage.sending.AppendStore;
import io.observatory.storage.sending.ScoresStore;
import io.observatory.storage.table.LogsTable;
import io.observatory.storage.table.ScoresTable;

/**
 * Writes log records into {@code logs}, and scores that came as log records into
 * {@code scores}. Other scores are a {@link TraceWriter}'s.
 */
public final class LogWriter extends EngineWriter {

	private final TableWriter<LogRecord> logs;

	private final TableWriter<Score> scores;

	public LogWriter(DataSource dataSource) {
		this(dataSource, WriterConfig.logs().build());
	}

	public LogWriter(DataSource dataSource, WriterConfig config) {
		this(dataSource, config, new LogsTable(), new ScoresTable());
	}

	private LogWriter(DataSource dataSource, WriterConfig config, LogsTable logs, ScoresTable scores) {
		super(Engine.start("logs", dataSource, config, List.of(new AppendStore(logs), new ScoresStore(scores))));
		this.logs = new TableWriter<>(admission(), logs, redaction()::apply);
		this.scores = new TableWriter<>(admission(), scores, redaction()::apply);
	}

	/**
	 * Accepts a log record.
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws BufferFullException when the buffer is full and the policy is to say so
	 */
	public void writeLog(LogRecord log) {
		this.logs.write(log);
	}

	/** Accepts all log records or, with an exception as for {@link #writeLog}, none. */
	public void writeLogs(Collection<LogRecord> logs) {
		this.logs.write(logs);
	}

	/**
	 * Takes a log record if there is room for it, and never waits: for a thread that must
	 * not be held up. Whatever the writer's policy for a full buffer is, a record that
	 * finds no room is dropped and counted.
	 * @return whether it was taken
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 */
	public boolean offerLog(LogRecord log) {
		return offerLogs(List.of(log));
	}

	/** Takes all log records or, as for {@link #offerLog}, none. */
	public boolean offerLogs(Collection<LogRecord> logs) {
		return this.logs.offer(logs);
	}

	/**
	 * Takes all log records, and the scores that came with them, or, as for
	 * {@link #offerLog}, none.
	 */
	public boolean offer(Collection<LogRecord> logs, Collection<Score> scores) {
		return admission().offer(logs.size() + scores.size(), (rows) -> {
			this.logs.encode(logs, rows);
			this.scores.encode(scores, rows);
		});
	}

	/**
	 * Returns an empty batch for log records, and the scores that came with them, that
	 * are not all there yet, or not all good. It must be closed.
	 */
	public ScoredBatch<LogRecord> newBatch() {
		return new ScoredBatch<>(admission(), this.logs, this.scores);
	}

	/**
	 * Returns what {@link #writeLog} would throw for the record's content, without taking
	 * it.
	 */
	public Optional<InvalidRecordException> check(LogRecord log) {
		return this.logs.check(log);
	}

	/** Returns, as {@link #check(LogRecord)}, what a score would be refused for. */
	public Optional<InvalidRecordException> check(Score score) {
		return this.scores.check(score);
	}

}
