package io.observatory.storage.buffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.observatory.storage.buffer.QueuedBatch.Taken;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.row.Rows;
import org.jspecify.annotations.Nullable;

/**
 * The buffer in memory.
 * <p>
 * A row with a route waits in the queue of the one slot that its key belongs to, any
 * other row in a queue that all slots share. A slot takes a batch when {@code batchSize}
 * rows or {@code maxBatchBytes} bytes wait for it, when a flush asks for it, or when a
 * write finds the buffer full; then it takes all that waits, up to the batch's bounds.
 * Rows and bytes count against the bounds until their batch is settled. The memory that
 * is held for them exceeds their bytes by an eighth at most.
 * <p>
 * Thread-safe. All state, the counters included, changes under one lock, which is held
 * for copying bytes and never across I/O or a callback.
 */
public final class RowBuffer implements Buffer {

	private final String writer;

	private final BufferLimits limits;

	private final int slots;

	private final int tables;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	private final Condition settled = this.lock.newCondition();

	private final WaitingSlots waiting;

	private final ChunkPool pool;

	private final List<RowQueue> queues;

	/** The rows of each slot. */
	private final List<QueueGroup> own = new ArrayList<>();

	/** The rows that any slot may take. */
	private final QueueGroup shared;

	private final @Nullable Batch[] inFlight;

	private final RowLedger ledger = new RowLedger();

	private int rotation;

	private boolean paused;

	private boolean closing;

	public RowBuffer(String writer, BufferLimits limits, int slots, int tables) {
		this.writer = writer;
		this.limits = limits;
		this.slots = slots;
		this.tables = tables;
		int count = (slots + 1) * tables;
		this.pool = new ChunkPool(limits.maxBytes(), count);
		this.queues = IntStream.range(0, count).mapToObj((i) -> new RowQueue(i, limits, this.pool)).toList();
		for (int slot = 0; slot < slots; slot++) {
			this.own.add(new QueueGroup(this.queues.subList(slot * tables, (slot + 1) * tables)));
		}
		this.shared = new QueueGroup(this.queues.subList(slots * tables, count));
		this.waiting = new WaitingSlots(this.lock, slots);
		this.inFlight = new Batch[slots];
	}

	@Override
	public boolean append(RowEncoder rows) {
		this.lock.lock();
		try {
			if (this.closing) {
				throw new WriterClosedException(this.writer);
			}
			if (!fits(rows.rows(), rows.length())) {
				checkSize(rows);
				flushAll();
				return false;
			}
			for (int i = 0; i < rows.rows(); i++) {
				group(rows.route(i)).queue(rows.table(i)).append(rows.bytes(), rows.start(i), rows.end(i));
			}
			this.ledger.buffer(rows);
			wakeSlots();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public long awaitRoom(int rows, long bytes, long nanos) {
		this.lock.lock();
		try {
			long left = nanos;
			while (!this.closing && !fits(rows, bytes)) {
				if (left <= 0) {
					throw full();
				}
				flushAll();
				left = this.room.awaitNanos(left);
			}
			return left;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw full();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean fits(int rows, long bytes) {
		return this.ledger.heldRows() + rows <= this.limits.maxRows()
				&& this.ledger.heldBytes() + bytes <= this.limits.maxBytes();
	}

	private void checkSize(RowEncoder rows) {
		if (rows.rows() > this.limits.maxRows() || rows.length() > this.limits.maxBytes()) {
			throw new TooLargeException(
					"The writer '%s' cannot take %d records of %d bytes at once: its buffer holds %d rows, %d bytes"
						.formatted(this.writer, rows.rows(), rows.length(), this.limits.maxRows(),
								this.limits.maxBytes()));
		}
	}

	private BufferFullException full() {
		return new BufferFullException("The buffer of the writer '%s' is full: %d of %d rows, %d of %d bytes".formatted(
				this.writer, this.ledger.heldRows(), this.limits.maxRows(), this.ledger.heldBytes(),
				this.limits.maxBytes()));
	}

	@Override
	public @Nullable Batch take(int slot) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (!isDue(slot)) {
				if (this.closing && !hasRows(slot)) {
					return null;
				}
				this.waiting.await(slot);
			}
			return seal(slot);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void settle(Batch batch, long storedRows, long deadLetteredRows) {
		locked(() -> {
			if (this.inFlight[batch.slot()] == batch) {
				this.inFlight[batch.slot()] = null;
				this.ledger.settle(batch, storedRows, deadLetteredRows);
				batch.tables().forEach((rows) -> rows.chunks().forEach((chunk) -> this.pool.release(chunk.array())));
				this.room.signalAll();
				this.settled.signalAll();
			}
			return true;
		});
	}

	@Override
	public FlushMark flush() {
		return locked(() -> {
			flushAll();
			return new QueueMark(this.queues.stream().mapToLong(RowQueue::appended).toArray(), this.ledger.heldRows());
		});
	}

	@Override
	public boolean isSettled(FlushMark mark) {
		long[] positions = ((QueueMark) mark).positions();
		return locked(() -> this.queues.stream().allMatch((queue) -> queue.taken() >= positions[queue.index()])
				&& Arrays.stream(this.inFlight).noneMatch((batch) -> batch != null && covers(mark, batch)));
	}

	@Override
	public boolean covers(FlushMark mark, Batch batch) {
		long[] positions = ((QueueMark) mark).positions();
		return ((QueuedBatch) batch).parts().stream().anyMatch((part) -> part.from() < positions[part.queue().index()]);
	}

	@Override
	public void pause(boolean pause) {
		locked(() -> {
			this.paused = pause && !this.closing;
			this.waiting.wakeAll();
			return true;
		});
	}

	@Override
	public void close() {
		locked(() -> {
			this.closing = true;
			this.paused = false;
			flushAll();
			this.room.signalAll();
			return true;
		});
	}

	@Override
	public boolean awaitEmpty(long nanos) {
		boolean interrupted = false;
		this.lock.lock();
		try {
			long deadline = System.nanoTime() + nanos;
			while (this.ledger.heldRows() > 0) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					return false;
				}
				try {
					this.settled.awaitNanos(left);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
			return true;
		}
		finally {
			this.lock.unlock();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public long[] abandon() {
		return locked(() -> {
			long[] byTable = new long[this.tables];
			for (RowQueue queue : this.queues) {
				byTable[queue.index() % this.tables] += queue.rows();
				while (queue.rows() > 0) {
					queue.take(Integer.MAX_VALUE, Long.MAX_VALUE, true);
				}
			}
			for (Batch batch : this.inFlight) {
				for (int table = 0; batch != null && table < this.tables; table++) {
					byTable[table] += batch.tables().get(table).count();
				}
			}
			Arrays.fill(this.inFlight, null);
			this.ledger.abandon(DropReason.CLOSED);
			this.waiting.wakeAll();
			this.settled.signalAll();
			return byTable;
		});
	}

	@Override
	public void drop(DropReason reason, long rows) {
		locked(() -> {
			this.ledger.drop(reason, rows);
			return true;
		});
	}

	@Override
	public BufferCounters tally() {
		return locked(this.ledger::snapshot);
	}

	private <T> T locked(Supplier<T> work) {
		this.lock.lock();
		try {
			return work.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	private QueueGroup group(int route) {
		return (route == RowEncoder.ANY_SLOT) ? this.shared : this.own.get(route % this.slots);
	}

	private void flushAll() {
		this.queues.forEach(RowQueue::flushAll);
		this.waiting.wakeAll();
	}

	/** Wakes the slots that have enough to do. */
	private void wakeSlots() {
		long sharedRows = this.shared.rows();
		long sharedBytes = this.shared.bytes();
		for (int slot = 0; slot < this.slots; slot++) {
			if (this.waiting.isWaiting(slot)) {
				QueueGroup rows = this.own.get(slot);
				if (isDue(rows, 0, 0)) {
					this.waiting.wake(slot);
				}
				else if (isDue(rows, sharedRows, sharedBytes)) {
					this.waiting.wakeForShared(slot);
				}
			}
		}
	}

	private boolean isDue(int slot) {
		return !this.paused && hasRows(slot)
				&& (isDue(this.own.get(slot), this.shared.rows(), this.shared.bytes()) || this.shared.mustFlush());
	}

	private boolean isDue(QueueGroup group, long moreRows, long moreBytes) {
		return group.rows() + moreRows >= this.limits.batchSize()
				|| group.bytes() + moreBytes >= this.limits.maxBatchBytes() || group.mustFlush();
	}

	private boolean hasRows(int slot) {
		return this.own.get(slot).rows() + this.shared.rows() > 0;
	}

	/**
	 * Takes what waits for the slot, its own queues and the shared ones, beginning with
	 * another one each time so that none has to wait behind the others for ever.
	 */
	private Batch seal(int slot) {
		List<Rows> byTable = new ArrayList<>(Collections.nCopies(this.tables, Rows.NONE));
		List<Taken> parts = new ArrayList<>();
		int rowsLeft = this.limits.maxBatchRows();
		long bytesLeft = this.limits.maxBatchBytes();
		this.rotation = (this.rotation + 1) % (2 * this.tables);
		for (int i = 0; i < 2 * this.tables; i++) {
			int next = (i + this.rotation) % (2 * this.tables);
			int table = next % this.tables;
			RowQueue queue = ((next < this.tables) ? this.own.get(slot) : this.shared).queue(table);
			long from = queue.taken();
			Rows rows = queue.take(rowsLeft, bytesLeft, parts.isEmpty());
			if (!rows.isEmpty()) {
				parts.add(new Taken(queue, from));
				byTable.set(table, byTable.get(table).and(rows));
				rowsLeft -= rows.count();
				bytesLeft -= rows.bytes();
			}
		}
		Batch batch = new QueuedBatch(slot, byTable, parts);
		this.waiting.hasCome(slot);
		this.inFlight[slot] = batch;
		this.ledger.send(batch);
		wakeSlots();
		return batch;
	}

	/**
	 * How many rows had been appended to each queue.
	 */
	@SuppressWarnings("ArrayRecordComponent") // nobody else gets it
	private record QueueMark(long[] positions, long rows) implements FlushMark {
	}

}
