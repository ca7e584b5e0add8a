package io.observatory.storage.writer;

import java.time.Duration;

import io.observatory.storage.engine.Admission;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.row.RowEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Records that are encoded one at a time and then taken together, all or none. A record
 * becomes its row when it is added, so that the batch holds bytes alone. A record that is
 * refused costs only itself: those added before and after it stay.
 * <p>
 * A batch holds at most what the writer's buffer holds, beside it: whoever has many
 * batches open at once bounds their number. What is added counts as accepted when it is
 * written; a batch that is closed before has taken nothing. Not thread-safe.
 *
 * @param <T> the record's type
 */
public sealed class RecordBatch<T> implements AutoCloseable permits MetricBatch, ScoredBatch {

	private final Admission admission;

	private final TableWriter<T> writer;

	private final RowEncoder rows;

	RecordBatch(Admission admission, TableWriter<T> writer) {
		this.admission = admission;
		this.writer = writer;
		this.rows = admission.encoder();
	}

	/**
	 * Adds a record.
	 * @return whether it is in the batch; if not, it is older than the retention, and
	 * counted as dropped when the batch is written
	 * @throws InvalidRecordException naming the field, when it cannot be stored
	 * @throws TooLargeException when the buffer could not hold the batch with it
	 */
	public final boolean add(T record) {
		return add(this.writer, record);
	}

	final <R> boolean add(TableWriter<R> records, R record) {
		return records.add(record, this.rows);
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
	 */
	public final void writeWithin(Duration wait) {
		write(wait);
	}

	private void write(@Nullable Duration wait) {
		this.admission.take(this.rows, wait);
		this.rows.reset();
	}

	/** Forgets what has not been written. */
	@Override
	public final void close() {
		this.admission.release(this.rows);
	}

}
