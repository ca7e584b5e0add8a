package io.observatory.storage.buffer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.buffer.Batch.Part;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.row.Rows;
import org.jspecify.annotations.Nullable;

/**
 * The bounded buffer between the callers and the slots: rows in, sealed batches out.
 * <p>
 * A row with a route waits in the queue of the one slot that its key belongs to, any
 * other row in a queue that all slots share. A slot takes a batch when {@code batchSize}
 * rows or {@code maxBatchBytes} bytes wait for it, when a flush asks for it, or when a
 * write finds the buffer full; then it takes all that waits, up to the batch's bounds.
 * Rows and bytes count against the bounds until their batch is settled.
 * <p>
 * Thread-safe. All state, the counters included, changes under one lock, which is held
 * for copying bytes and never across I/O or a callback.
 */
public final class RowBuffer {

	private final String writer;

	private final BufferLimits limits;

	private final int slots;

	private final int tables;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	private final Condition settled = this.lock.newCondition();

	private final Condition[] work;

	private final boolean[] waiting;

	private final ChunkPool pool;

	/** For each slot and then for all slots, a queue for each table. */
	private final RowQueue[] queues;

	private final @Nullable Batch[] inFlight;

	private long accepted;

	private long stored;

	private long deadLettered;

	private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);

	private long bufferedRows;

	private long bufferedBytes;

	private long inFlightRows;

	private long inFlightBytes;

	private long replaced;

	private long truncated;

	private int rotation;

	/** The slot that was woken for the shared rows and has not come yet, or -1. */
	private int sharedSlot = -1;

	private boolean saturated;

	private boolean paused;

	private boolean closing;

	public RowBuffer(String writer, BufferLimits limits, int slots, int tables) {
		this.writer = writer;
		this.limits = limits;
		this.slots = slots;
		this.tables = tables;
		this.pool = new ChunkPool(limits.maxBytes());
		this.queues = new RowQueue[(slots + 1) * tables];
		Arrays.setAll(this.queues,
				(i) -> new RowQueue(i % tables, limits.maxBatchRows(), limits.maxBatchBytes(), this.pool));
		this.work = new Condition[slots];
		Arrays.setAll(this.work, (i) -> this.lock.newCondition());
		this.waiting = new boolean[slots];
		this.inFlight = new Batch[slots];
		for (DropReason reason : DropReason.values()) {
			this.dropped.put(reason, 0L);
		}
	}

	/**
	 * Takes all rows of an encoder or none of them.
	 * @return whether they were taken; if not, the policy is to drop them, and they are
	 * counted
	 * @throws BufferFullException when there is no room and the policy is to say so
	 * @throws WriterClosedException when the buffer is closing
	 */
	public boolean append(RowEncoder rows) {
		return append(rows, this.limits.fullPolicy());
	}

	/**
	 * As {@link #append}, but whatever the policy is: never waits, and drops the rows
	 * when there is no room.
	 */
	public boolean offer(RowEncoder rows) {
		return append(rows, FullPolicy.DROP_NEWEST);
	}

	/**
	 * As {@link #append}, but whatever the policy is: waits for room as long as it is
	 * told, even when those before it have waited in vain.
	 */
	public void append(RowEncoder rows, Duration wait) {
		this.lock.lock();
		try {
			checkSize(rows);
			awaitRoom(rows, wait);
			take(rows, FullPolicy.REJECT);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean append(RowEncoder rows, FullPolicy fullPolicy) {
		this.lock.lock();
		try {
			checkSize(rows);
			if (fullPolicy == FullPolicy.BLOCK && !this.saturated) {
				awaitRoom(rows, this.limits.blockTimeout());
			}
			return take(rows, fullPolicy);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean take(RowEncoder rows, FullPolicy fullPolicy) {
		if (!hasRoom(rows, fullPolicy)) {
			return false;
		}
		for (int i = 0; i < rows.rows(); i++) {
			queue(rows.route(i), rows.table(i)).append(rows.bytes(), rows.start(i), rows.end(i));
		}
		this.accepted += rows.rows();
		this.bufferedRows += rows.rows();
		this.bufferedBytes += rows.length();
		this.replaced += rows.replaced();
		this.truncated += rows.truncated();
		wakeSlots();
		return true;
	}

	/**
	 * Waits until the slot has something to do, and takes it.
	 * @return a batch, or null when the buffer is closed and nothing is left for the slot
	 */
	public @Nullable Batch take(int slot) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (!isDue(slot)) {
				if (this.closing && !hasRows(slot)) {
					return null;
				}
				this.waiting[slot] = true;
				leaveShared(slot);
				this.work[slot].await();
				this.waiting[slot] = false;
			}
			return seal(slot);
		}
		finally {
			this.waiting[slot] = false;
			this.lock.unlock();
		}
	}

	/**
	 * Settles a batch: its outcome is known, and its memory is free again. Does nothing
	 * when the batch has been abandoned by {@link #abandon()}.
	 */
	public void settle(Batch batch, long storedRows, long deadLetteredRows) {
		this.lock.lock();
		try {
			if (this.inFlight[batch.slot()] != batch) {
				return;
			}
			release(batch);
			this.stored += storedRows;
			this.deadLettered += deadLetteredRows;
			batch.tables().forEach((rows) -> rows.chunks().forEach((chunk) -> this.pool.release(chunk.array())));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Marks all that was accepted until now, and makes the slots take it.
	 */
	public FlushMark flush() {
		this.lock.lock();
		try {
			long[] positions = new long[this.queues.length];
			for (int i = 0; i < positions.length; i++) {
				this.queues[i].flushAll();
				positions[i] = this.queues[i].appended();
			}
			wakeAll();
			return new FlushMark(positions, this.bufferedRows + this.inFlightRows);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns whether all that was marked is settled. */
	public boolean isSettled(FlushMark mark) {
		this.lock.lock();
		try {
			for (int i = 0; i < this.queues.length; i++) {
				if (this.queues[i].taken() < mark.position(i)) {
					return false;
				}
			}
			return Arrays.stream(this.inFlight).noneMatch((batch) -> batch != null && covers(mark, batch));
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns whether the batch has rows that were marked. */
	public boolean covers(FlushMark mark, Batch batch) {
		for (Part part : batch.parts()) {
			if (part.from() < mark.position(indexOf(part.queue()))) {
				return true;
			}
		}
		return false;
	}

	/** Stops the slots from taking batches, or lets them go on. */
	public void pause(boolean paused) {
		this.lock.lock();
		try {
			this.paused = paused && !this.closing;
			wakeAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Refuses further rows, and lets the slots take all that is left. */
	public void close() {
		this.lock.lock();
		try {
			this.closing = true;
			this.paused = false;
			for (RowQueue queue : this.queues) {
				queue.flushAll();
			}
			wakeAll();
			this.room.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until the closed buffer is empty and nothing is in flight; an interrupt does
	 * not end the wait.
	 * @return whether it is
	 */
	public boolean awaitEmpty(long nanos) {
		boolean interrupted = false;
		this.lock.lock();
		try {
			long deadline = System.nanoTime() + nanos;
			while (this.bufferedRows + this.inFlightRows > 0) {
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

	/**
	 * Gives up what is buffered or in flight, counted as {@link DropReason#CLOSED}.
	 * @return how many rows of each table these were
	 */
	public long[] abandon() {
		this.lock.lock();
		try {
			long[] byTable = new long[this.tables];
			for (RowQueue queue : this.queues) {
				byTable[queue.table()] += queue.rows();
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
			this.dropped.merge(DropReason.CLOSED, this.bufferedRows + this.inFlightRows, Long::sum);
			this.bufferedRows = 0;
			this.bufferedBytes = 0;
			this.inFlightRows = 0;
			this.inFlightBytes = 0;
			wakeAll();
			this.settled.signalAll();
			return byTable;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Counts rows that were accepted only to be dropped. */
	public void drop(DropReason reason, long rows) {
		this.lock.lock();
		try {
			this.accepted += rows;
			this.dropped.merge(reason, rows, Long::sum);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns all counters at one moment. */
	public BufferCounters tally() {
		this.lock.lock();
		try {
			return new BufferCounters(this.accepted, this.stored, this.deadLettered, Map.copyOf(this.dropped),
					this.bufferedRows, this.bufferedBytes, this.inFlightRows, this.inFlightBytes, this.replaced,
					this.truncated);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void checkSize(RowEncoder rows) {
		if (rows.rows() > this.limits.maxRows() || rows.length() > this.limits.maxBytes()) {
			throw new TooLargeException(
					"The writer '%s' cannot take %d records of %d bytes at once: its buffer holds %d rows, %d bytes"
						.formatted(this.writer, rows.rows(), rows.length(), this.limits.maxRows(),
								this.limits.maxBytes()));
		}
	}

	private boolean hasRoom(RowEncoder rows, FullPolicy fullPolicy) {
		if (this.closing) {
			throw new WriterClosedException(this.writer);
		}
		if (fits(rows)) {
			this.saturated = false;
			return true;
		}
		flushWhenFull();
		if (fullPolicy == FullPolicy.DROP_NEWEST) {
			drop(DropReason.BUFFER_FULL, rows.rows());
			return false;
		}
		throw new BufferFullException("The buffer of the writer '%s' is full: %d of %d rows, %d of %d bytes".formatted(
				this.writer, this.bufferedRows + this.inFlightRows, this.limits.maxRows(),
				this.bufferedBytes + this.inFlightBytes, this.limits.maxBytes()));
	}

	private boolean fits(RowEncoder rows) {
		return this.bufferedRows + this.inFlightRows + rows.rows() <= this.limits.maxRows()
				&& this.bufferedBytes + this.inFlightBytes + rows.length() <= this.limits.maxBytes();
	}

	private void awaitRoom(RowEncoder rows, Duration wait) {
		if (this.closing || fits(rows)) {
			return;
		}
		long left = wait.toNanos();
		try {
			while (!fits(rows) && !this.closing && left > 0) {
				flushWhenFull();
				left = this.room.awaitNanos(left);
			}
			this.saturated = !fits(rows);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void flushWhenFull() {
		for (RowQueue queue : this.queues) {
			queue.flushAll();
		}
		wakeAll();
	}

	private void leaveShared(int slot) {
		if (this.sharedSlot == slot) {
			this.sharedSlot = -1;
		}
	}

	private RowQueue queue(int route, int table) {
		int group = (route == RowEncoder.ANY_SLOT) ? this.slots : route % this.slots;
		return this.queues[group * this.tables + table];
	}

	/**
	 * Wakes the slots that have enough to do; for the shared rows only one, and the next
	 * when that one has gone to work.
	 */
	private void wakeSlots() {
		long sharedRows = rows(this.slots);
		long sharedBytes = bytes(this.slots);
		for (int slot = 0; slot < this.slots; slot++) {
			if (this.waiting[slot] && isDue(slot, 0, 0)) {
				wake(slot);
			}
			else if (this.waiting[slot] && this.sharedSlot < 0 && isDue(slot, sharedRows, sharedBytes)) {
				this.sharedSlot = slot;
				wake(slot);
			}
		}
	}

	private void wake(int slot) {
		this.waiting[slot] = false;
		this.work[slot].signal();
	}

	private void wakeAll() {
		for (Condition condition : this.work) {
			condition.signal();
		}
	}

	private boolean isDue(int slot) {
		return !this.paused && hasRows(slot)
				&& (isDue(slot, rows(this.slots), bytes(this.slots)) || mustFlush(this.slots));
	}

	private boolean isDue(int group, long moreRows, long moreBytes) {
		if (rows(group) + moreRows >= this.limits.batchSize()
				|| bytes(group) + moreBytes >= this.limits.maxBatchBytes()) {
			return true;
		}
		return mustFlush(group);
	}

	private boolean mustFlush(int group) {
		for (int i = group * this.tables; i < (group + 1) * this.tables; i++) {
			if (this.queues[i].mustFlush()) {
				return true;
			}
		}
		return false;
	}

	private boolean hasRows(int slot) {
		return rows(slot) + rows(this.slots) > 0;
	}

	private long rows(int group) {
		long rows = 0;
		for (int i = group * this.tables; i < (group + 1) * this.tables; i++) {
			rows += this.queues[i].rows();
		}
		return rows;
	}

	private long bytes(int group) {
		long bytes = 0;
		for (int i = group * this.tables; i < (group + 1) * this.tables; i++) {
			bytes += this.queues[i].bytes();
		}
		return bytes;
	}

	/**
	 * Takes what waits for the slot, its own queues and the shared ones, beginning with
	 * another one each time so that none has to wait behind the others for ever.
	 */
	private Batch seal(int slot) {
		List<Rows> byTable = new ArrayList<>();
		for (int i = 0; i < this.tables; i++) {
			byTable.add(Rows.NONE);
		}
		List<Part> parts = new ArrayList<>();
		int rowsLeft = this.limits.maxBatchRows();
		long bytesLeft = this.limits.maxBatchBytes();
		this.rotation = (this.rotation + 1) % (2 * this.tables);
		for (int i = 0; i < 2 * this.tables; i++) {
			int next = (i + this.rotation) % (2 * this.tables);
			RowQueue queue = this.queues[((next < this.tables) ? slot : this.slots) * this.tables + next % this.tables];
			long from = queue.taken();
			Rows rows = queue.take(rowsLeft, bytesLeft, parts.isEmpty());
			if (!rows.isEmpty()) {
				parts.add(new Part(queue, from, rows));
				byTable.set(queue.table(), byTable.get(queue.table()).and(rows));
				rowsLeft -= rows.count();
				bytesLeft -= rows.bytes();
			}
		}
		Batch batch = new Batch(slot, byTable, parts);
		leaveShared(slot);
		this.inFlight[slot] = batch;
		this.bufferedRows -= batch.rows();
		this.bufferedBytes -= batch.bytes();
		this.inFlightRows += batch.rows();
		this.inFlightBytes += batch.bytes();
		wakeSlots();
		return batch;
	}

	private void release(Batch batch) {
		this.inFlight[batch.slot()] = null;
		this.inFlightRows -= batch.rows();
		this.inFlightBytes -= batch.bytes();
		this.room.signalAll();
		this.settled.signalAll();
	}

	private int indexOf(RowQueue queue) {
		for (int i = 0; i < this.queues.length; i++) {
			if (this.queues[i] == queue) {
				return i;
			}
		}
		throw new IllegalStateException("Not a queue of this buffer");
	}

}
