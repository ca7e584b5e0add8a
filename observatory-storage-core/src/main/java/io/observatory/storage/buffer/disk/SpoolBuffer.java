package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.util.List;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.Buffer;
import io.observatory.storage.buffer.BufferCounters;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FlushMark;
import io.observatory.storage.buffer.Rewind;
import io.observatory.storage.buffer.disk.SpoolQueues.LogMark;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.spool.Stretch;
import io.observatory.storage.spool.TableRows;
import io.observatory.storage.stats.SpoolStats;
import io.observatory.storage.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * The buffer on disk. Each slot has a log of its own; one more slot, the last, sends what
 * the logs of dead processes have left. Rows are in memory only while they are in flight.
 * <p>
 * Rows with a route go to the logs of their slots, all others of a call to one log, which
 * is written last: when the disk fails in the middle of a call, what is in by then are
 * rows that have a key, and the same rows written again are merged with them.
 * <p>
 * Thread-safe. No lock of its own is held while a log is written or read.
 */
public final class SpoolBuffer implements Buffer {

	private final String writer;

	private final SpoolSettings settings;

	private final List<Table<?>> tables;

	private final SpoolLogs logs;

	private final SpoolQueues queues;

	private final DiskState reading;

	private final SpoolUpkeep upkeep;

	public SpoolBuffer(String writer, SpoolSettings settings, List<Table<?>> tables) {
		this.writer = writer;
		this.settings = settings;
		this.tables = List.copyOf(tables);
		this.logs = new SpoolLogs(writer, settings);
		this.queues = new SpoolQueues(settings, this.logs);
		this.reading = new DiskState(settings.clock());
		this.upkeep = new SpoolUpkeep(writer, settings, this.queues, this.logs);
		this.logs.makeMissing();
	}

	@Override
	public boolean append(RowEncoder rows) {
		int shared = this.queues.begin(this.writer);
		CallRows call = new CallRows(rows, this.tables, this.settings.slots(), shared);
		boolean written = false;
		try {
			written = this.logs.hasRoom(call.size()) && write(call, shared);
		}
		finally {
			this.queues.end(rows, call, written);
		}
		return written;
	}

	private boolean write(CallRows rows, int shared) {
		try {
			for (int i = 1; i <= this.settings.slots(); i++) {
				int slot = (shared + i) % this.settings.slots();
				List<TableRows> part = rows.of(slot);
				if (!part.isEmpty()) {
					append(part, this.logs.own(slot));
				}
			}
			this.logs.writing().works();
			return true;
		}
		catch (IOException ex) {
			this.logs.writing().fails(DiskState.reason(ex));
			return false;
		}
	}

	private static void append(List<TableRows> rows, @Nullable LogQueue queue) throws IOException {
		if (queue == null) {
			throw new IOException("there is no log yet");
		}
		queue.log().append(rows);
	}

	@Override
	public long awaitRoom(int rows, long bytes, long nanos) {
		try {
			if (nanos <= 0) {
				throw full();
			}
			return this.queues.awaitRoom(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw full();
		}
	}

	private BufferFullException full() {
		DiskFailure failure = this.logs.writing().failure();
		return new BufferFullException(
				"The spool of the writer '%s' in %s ".formatted(this.writer, this.logs.path()) + ((failure != null)
						? "cannot be written: " + failure.reason() : "is full: %d rows, %d of %d bytes on disk"
							.formatted(this.queues.tally().held(), this.logs.count(), this.settings.maxBytes())));
	}

	@Override
	public @Nullable Batch take(int slot) throws InterruptedException {
		Batch batch = null;
		LogQueue queue = this.queues.awaitDue(slot);
		while (queue != null && batch == null) {
			batch = read(slot, queue);
			if (batch == null) {
				this.queues.awaitRetry(slot);
				queue = this.queues.awaitDue(slot);
			}
		}
		return batch;
	}

	/** Only the slot's own thread takes from its logs. */
	private @Nullable Batch read(int slot, LogQueue queue) {
		try {
			Stretch stretch = queue.log()
				.read(queue.next(), this.settings.limits().maxBatchRows(), this.settings.limits().maxBatchBytes());
			LogBatch batch = LogBatch.of(slot, queue, queue.settled(), stretch, this.tables);
			this.reading.works();
			return this.queues.take(queue, batch);
		}
		catch (IOException ex) {
			unreadable(queue, DiskState.reason(ex));
		}
		catch (RuntimeException | Error ex) {
			// such as no memory left; its message might hold anything
			unreadable(queue, ex.getClass().getName());
		}
		return null;
	}

	private void unreadable(LogQueue queue, String reason) {
		this.reading.fails("the log %s cannot be read: %s".formatted(queue.log().directory().path(), reason));
	}

	@Override
	public void settle(Batch batch, long storedRows, long deadLetteredRows) {
		this.queues.settle((LogBatch) batch, storedRows, deadLetteredRows);
	}

	@Override
	public Rewind rewind(Batch batch, long next) {
		return this.queues.rewind((LogBatch) batch, next);
	}

	@Override
	public void failed(Batch batch) {
		this.queues.failed();
	}

	@Override
	public FlushMark flush() {
		return this.queues.flush();
	}

	@Override
	public boolean isSettled(FlushMark mark) {
		return this.queues.isSettled((LogMark) mark);
	}

	@Override
	public boolean covers(FlushMark mark, Batch batch) {
		LogBatch taken = (LogBatch) batch;
		Long end = ((LogMark) mark).ends().get(taken.log());
		return end != null && taken.stretch().from() < end;
	}

	@Override
	public void pause(boolean pause) {
		this.queues.pause(pause);
	}

	@Override
	public void close() {
		this.queues.close();
	}

	/**
	 * It is of no use to wait when the last attempt to send something failed: all that is
	 * accepted is on disk.
	 */
	@Override
	public boolean awaitEmpty(long nanos) {
		return this.queues.awaitEmpty(nanos);
	}

	/** Nothing is lost: what is in flight is buffered again, and stays on disk. */
	@Override
	public long[] abandon() {
		this.queues.abandon();
		return new long[this.tables.size()];
	}

	@Override
	public void release() {
		this.upkeep.end();
		this.logs.release();
	}

	@Override
	public void drop(DropReason reason, long rows) {
		this.queues.drop(reason, rows);
	}

	@Override
	public BufferCounters tally() {
		return this.queues.tally();
	}

	/** Returns what is to run on a thread of its own until the buffer is released. */
	public Runnable upkeep() {
		return this.upkeep;
	}

	/** Returns what is wrong with the disk, or null. */
	public @Nullable DiskFailure failure() {
		DiskFailure failure = this.logs.writing().failure();
		return (failure != null) ? failure : this.reading.failure();
	}

	/** Returns how full the spool is. */
	public SpoolStats stats() {
		return this.queues.stats();
	}

}
