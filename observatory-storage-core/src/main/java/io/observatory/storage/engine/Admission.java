package io.observatory.storage.engine;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

import io.observatory.storage.buffer.Buffer;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FullPolicy;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.InvalidRecordException;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Encodes records and lets their rows into the buffer: all those of a call, or none. When
 * the buffer is full, the writer's {@link FullPolicy} says what happens.
 * <p>
 * A call that waits for room holds no memory of ours meanwhile, however many calls wait:
 * it gives its encoder back, and encodes its records again when there is room.
 * Thread-safe.
 */
public final class Admission {

	private final Buffer buffer;

	private final EncoderPool encoders;

	private final List<Table<?>> tables;

	private final Drops drops;

	private final WriterConfig config;

	private final long blockNanos;

	private final LongAdder refused = new LongAdder();

	/** A wait has ended in vain, and there was no room since. */
	private volatile boolean saturated;

	private volatile @Nullable StorageException failure;

	Admission(Buffer buffer, List<Table<?>> tables, Drops drops, WriterConfig config) {
		this.buffer = buffer;
		this.tables = tables;
		this.drops = drops;
		this.config = config;
		this.blockNanos = config.blockTimeout().toNanos();
		this.encoders = new EncoderPool(config.maxBufferBytes(),
				() -> new RowEncoder(config.input(), config.clock(), config.maxCallBytes(), config.retention()));
	}

	/** Takes nothing more: there is no thread left that would store it. */
	void fail(StorageException reason) {
		this.failure = reason;
	}

	/** Returns how many records were refused by an exception. */
	long refused() {
		return this.refused.sum();
	}

	/** Appends a record's row to the encoder's. */
	public <T> void encode(Table<T> table, T record, RowEncoder rows) {
		rows.into(this.tables.indexOf(table));
		table.write(Objects.requireNonNull(record, "record"), rows);
	}

	/** Takes the rows of so many records, as the writer's policy says. */
	public void accept(int records, Encoding encoding) {
		take(records, encoding, this.config.fullPolicy());
	}

	/**
	 * Takes the rows of so many records, but never waits for room.
	 * @return whether they were taken; if not, they were dropped and counted
	 */
	public boolean offer(int records, Encoding encoding) {
		return take(records, encoding, FullPolicy.DROP_NEWEST);
	}

	private boolean take(int records, Encoding encoding, FullPolicy policy) {
		try {
			return take(encoding, policy);
		}
		catch (InvalidRecordException | BufferFullException | TooLargeException ex) {
			this.refused.add(records);
			throw ex;
		}
	}

	private boolean take(Encoding encoding, FullPolicy policy) {
		long left = this.blockNanos;
		while (true) {
			RowEncoder rows = this.encoders.get();
			int count;
			long bytes;
			try {
				encoding.encode(rows);
				if (append(rows)) {
					return true;
				}
				if (policy == FullPolicy.DROP_NEWEST) {
					return drop(rows);
				}
				count = rows.rows();
				bytes = rows.length();
			}
			finally {
				this.encoders.release(rows);
			}
			left = awaitRoom(count, bytes, waits(policy) ? left : 0);
		}
	}

	/** Returns an empty encoder, to be released. */
	public RowEncoder encoder() {
		return this.encoders.get();
	}

	public void release(RowEncoder rows) {
		this.encoders.release(rows);
	}

	/**
	 * Appends one more record's row to the encoder's; one that is refused leaves them as
	 * they are.
	 * @return whether it is among them; if not, it is older than the retention
	 */
	public <T> boolean add(Table<T> table, T record, RowEncoder rows) {
		int before = rows.rows();
		try {
			if (before == this.config.maxBufferRows()) {
				throw new TooLargeException("The records of one call are more than the buffer's bound of "
						+ this.config.maxBufferRows() + " rows");
			}
			encode(table, record, rows);
			return rows.rows() > before;
		}
		catch (RuntimeException ex) {
			if (ex instanceof InvalidRecordException) {
				this.refused.increment();
			}
			rows.rollBack();
			throw ex;
		}
	}

	/**
	 * Takes all rows of an encoder, which stays with its owner.
	 * @param wait how long to wait for room, or null for what the policy says
	 */
	public void take(RowEncoder rows, @Nullable Duration wait) {
		FullPolicy policy = this.config.fullPolicy();
		long left = (wait != null) ? wait.toNanos() : waits(policy) ? this.blockNanos : 0;
		try {
			while (!append(rows)) {
				if (wait == null && policy == FullPolicy.DROP_NEWEST) {
					drop(rows);
					return;
				}
				left = awaitRoom(rows.rows(), rows.length(), left);
			}
		}
		catch (BufferFullException ex) {
			this.refused.add(rows.rows());
			throw ex;
		}
	}

	private boolean append(RowEncoder rows) {
		StorageException failure = this.failure;
		if (failure != null) {
			throw new StorageException(String.valueOf(failure.getMessage()), false, null);
		}
		if (rows.rows() > 0) {
			if (!this.buffer.append(rows)) {
				return false;
			}
			if (this.saturated) {
				this.saturated = false;
			}
		}
		dropExpired(rows.expired());
		return true;
	}

	/** After a wait in vain further calls do not wait, until there is room again. */
	private boolean waits(FullPolicy policy) {
		return policy == FullPolicy.BLOCK && !this.saturated;
	}

	private long awaitRoom(int rows, long bytes, long nanos) {
		try {
			return this.buffer.awaitRoom(rows, bytes, nanos);
		}
		catch (BufferFullException ex) {
			if (!Thread.currentThread().isInterrupted()) {
				this.saturated = true;
			}
			throw ex;
		}
	}

	private boolean drop(RowEncoder rows) {
		this.buffer.drop(DropReason.BUFFER_FULL, rows.rows());
		this.drops.bufferFull(rows, dropped(DropReason.BUFFER_FULL));
		dropExpired(rows.expired());
		return false;
	}

	private void dropExpired(long[] byTable) {
		if (byTable.length > 0) {
			this.buffer.drop(DropReason.EXPIRED, LongStream.of(byTable).sum());
			this.drops.expired(byTable, dropped(DropReason.EXPIRED));
		}
	}

	private long dropped(DropReason reason) {
		return this.buffer.tally().dropped().getOrDefault(reason, 0L);
	}

	/**
	 * Encodes the records of one call; called again when it had to wait for room.
	 */
	@FunctionalInterface
	public interface Encoding {

		void encode(RowEncoder rows);

	}

}
