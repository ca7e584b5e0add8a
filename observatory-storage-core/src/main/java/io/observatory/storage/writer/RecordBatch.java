package io.observatory.storage.writer;

import java.time.Duration;

import io.observatory.storage.engine.Engine;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Records that are encoded one at a time and then taken together, all or none. A record
 * becomes its row when it is added, so that the batch holds bytes alone. A record that is
 * refused costs only itself: those added before and after it stay.
 * <p>
 * A batch holds at most what the writer's buffer holds. What is added counts as accepted
 * when it is written; a batch that is closed before has taken nothing. Not thread-safe.
 */
public abstract sealed class RecordBatch implements AutoCloseable permits LogBatch, SpanBatch, MetricBatch {

	private final Engine engine;

	private final RowEncoder rows;

	RecordBatch(Engine engine) {
		this.engine = engine;
		this.rows = engine.encoder();
	}

	/**
	 * Adds a record.
	 * @return whether it is in the batch; if not, it is older than the retention, and
	 * counted as dropped when the batch is written
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws TooLargeException when the buffer could not hold the batch with it
	 */
	final <T> boolean add(Table<T> table, T record) {
		return this.engine.add(table, record, this.rows);
	}

	/** Returns how many rows the batch has. */
	public final int rows() {
		return this.rows.rows();
	}

	/** Returns how many bytes its rows have. */
	public final int bytes() {
		return this.rows.length();
	}

	/**
	 * Accepts all records or, with an exception, none; then the batch is empty. After an
	 * exception it is as it was, and may be written again.
	 * @throws BufferFullException when the buffer is full and the policy is to say so
	 * @throws WriterClosedException when the writer is closed
	 */
	public final void write() {
		write(null);
	}

	/**
	 * As {@link #write()}, but waits for room as long as it is told, whatever the
	 * writer's policy for a full buffer is.
	 * @param wait how long to wait at most
	 */
	public final void writeWithin(Duration wait) {
		write(wait);
	}

	private void write(@Nullable Duration wait) {
		this.engine.take(this.rows, wait);
		this.rows.reset();
	}

	/** Forgets what has not been written. */
	@Override
	public final void close() {
		this.engine.release(this.rows);
	}

}
