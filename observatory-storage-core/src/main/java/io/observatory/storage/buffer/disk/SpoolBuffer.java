package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.Buffer;
import io.observatory.storage.buffer.BufferCounters;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FlushMark;
import io.observatory.storage.buffer.Rewind;
import io.observatory.storage.buffer.RowLedger;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.error.TooLargeException;
import io.observatory.storage.error.WriterClosedException;
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
 * Thread-safe. All state, the counters included, changes under one lock, which is never
 * held across I/O or a callback.
 */
public final class SpoolBuffer implements Buffer {

	/** What is full, or does not work, is looked at again after so long. */
	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final String writer;

	private final SpoolSettings settings;

	private final List<Table<?>> tables;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	private final Condition settled = this.lock.newCondition();

	/** One for each slot. */
	private final Condition[] work;

	private final SpoolLogs logs;

	private final DiskState reading;

	private final RowLedger ledger = new RowLedger();

	private final SpoolUpkeep upkeep;

	private final Growth growth = new Growth();

	/** Calls that are at the logs. */
	private int appending;

	private boolean paused;

	private boolean closing;

	private boolean abandoned;

	/** The last attempt to send something failed. */
	private boolean failing;

	public SpoolBuffer(String writer, SpoolSettings settings, List<Table<?>> tables) {
		this.writer = writer;
		this.settings = settings;
		this.tables = List.copyOf(tables);
		this.logs = new SpoolLogs(writer, settings);
		this.reading = new DiskState(settings.clock());
		this.work = new Condition[settings.slots() + 1];
		Arrays.setAll(this.work, (slot) -> this.lock.newCondition());
		this.upkeep = new SpoolUpkeep(writer, settings, this, this.logs);
		this.logs.makeMissing();
	}

	@Override
	public boolean append(RowEncoder rows) {
		checkSize(rows);
		int shared = begin();
		CallRows call = new CallRows(rows, this.tables, this.settings.slots(), shared);
		boolean written = false;
		try {
			written = this.logs.hasRoom(rows.length()) && write(call, shared);
		}
		finally {
			end(rows, call, written);
		}
		return written;
	}

	private void checkSize(RowEncoder rows) {
		if (rows.length() > this.settings.maxBytes() / 2) {
			throw new TooLargeException(
					"The writer '%s' cannot take %d records of %d bytes at once: its spool holds %d bytes"
						.formatted(this.writer, rows.rows(), rows.length(), this.settings.maxBytes()));
		}
	}

	/** Returns the slot whose log gets the rows that have no route. */
	private int begin() {
		return locked(() -> {
			if (this.closing) {
				throw new WriterClosedException(this.writer);
			}
			this.appending++;
			return this.logs.sharedSlot(this.settings.limits().batchSize());
		});
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

	private void end(RowEncoder rows, CallRows call, boolean written) {
		long now = this.settings.clock().millis();
		locked(() -> {
			this.appending--;
			for (int slot = 0; slot < this.settings.slots(); slot++) {
				LogQueue queue = this.logs.own(slot);
				long bytes = call.bytes(slot);
				if (queue != null && bytes > 0) {
					queue.follow(this.ledger, written ? bytes : 0, now);
					wakeIfDue(slot, queue);
				}
			}
			if (written) {
				this.ledger.issues(rows);
			}
			else {
				flushAll();
			}
			if (this.closing) {
				this.settled.signalAll();
			}
			return true;
		});
	}

	@Override
	public long awaitRoom(int rows, long bytes, long nanos) {
		this.lock.lock();
		try {
			if (this.closing) {
				return nanos;
			}
			if (nanos <= 0) {
				throw full();
			}
			long wait = Math.min(nanos, RETRY_NANOS);
			return nanos - wait + this.room.awaitNanos(wait);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw full();
		}
		finally {
			this.lock.unlock();
		}
	}

	private BufferFullException full() {
		DiskFailure failure = this.logs.writing().failure();
		return new BufferFullException(
				"The spool of the writer '%s' in %s ".formatted(this.writer, this.logs.path()) + ((failure != null)
						? "cannot be written: " + failure.reason() : "is full: %d rows, %d of %d bytes on disk"
							.formatted(this.ledger.heldRows(), this.logs.count(), this.settings.maxBytes())));
	}

	@Override
	public @Nullable Batch take(int slot) throws InterruptedException {
		Batch batch = null;
		LogQueue queue = awaitDue(slot);
		while (queue != null && batch == null) {
			batch = read(slot, queue);
			if (batch == null) {
				awaitRetry(slot);
				queue = awaitDue(slot);
			}
		}
		return batch;
	}

	/** Returns null when nothing is left for the slot. */
	private @Nullable LogQueue awaitDue(int slot) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (!this.abandoned) {
				LogQueue due = this.paused ? null : this.logs.due(slot);
				if (due != null || (this.closing && this.appending == 0 && this.logs.isDrained(slot))) {
					return due;
				}
				this.work[slot].await();
			}
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitRetry(int slot) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			this.work[slot].awaitNanos(RETRY_NANOS);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Only the slot's own thread takes from its logs. */
	private @Nullable Batch read(int slot, LogQueue queue) {
		try {
			Stretch stretch = queue.log()
				.read(queue.next(), this.settings.limits().maxBatchRows(), this.settings.limits().maxBatchBytes());
			LogBatch batch = LogBatch.of(slot, queue, queue.settled(), stretch, this.tables);
			this.reading.works();
			return locked(() -> take(queue, batch));
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

	private @Nullable Batch take(LogQueue queue, LogBatch batch) {
		if (this.abandoned) {
			return null;
		}
		long now = this.settings.clock().millis();
		queue.follow(this.ledger, 0, now);
		queue.take(batch, this.ledger, now);
		return batch;
	}

	@Override
	public void settle(Batch batch, long storedRows, long deadLetteredRows) {
		LogBatch taken = (LogBatch) batch;
		locked(() -> {
			if (taken.log().inFlight() == taken) {
				taken.log().settle(taken);
				this.ledger.settle(batch, storedRows, deadLetteredRows);
				this.failing = false;
				this.room.signalAll();
				this.settled.signalAll();
			}
			return true;
		});
	}

	@Override
	public Rewind rewind(Batch batch, long next) {
		LogBatch taken = (LogBatch) batch;
		return locked(() -> {
			if (taken.log().inFlight() != taken) {
				return Rewind.NONE;
			}
			taken.log().takeBack(this.ledger);
			this.failing = false;
			return taken.log().moveTo(next, this.ledger);
		});
	}

	@Override
	public void failed(Batch batch) {
		locked(() -> {
			this.failing = true;
			this.settled.signalAll();
			return true;
		});
	}

	@Override
	public FlushMark flush() {
		return locked(() -> {
			Map<LogQueue, Long> ends = new HashMap<>();
			this.logs.all().forEach((queue) -> ends.put(queue, queue.end()));
			flushAll();
			return new LogMark(ends, this.ledger.heldRows());
		});
	}

	@Override
	public boolean isSettled(FlushMark mark) {
		return locked(() -> ((LogMark) mark).ends()
			.entrySet()
			.stream()
			.allMatch((each) -> each.getKey().settled() >= each.getValue()));
	}

	@Override
	public boolean covers(FlushMark mark, Batch batch) {
		LogBatch taken = (LogBatch) batch;
		Long end = ((LogMark) mark).ends().get(taken.log());
		return end != null && taken.stretch().from() < end;
	}

	@Override
	public void pause(boolean pause) {
		locked(() -> {
			this.paused = pause && !this.closing;
			wakeAll();
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

	/**
	 * It is of no use to wait when the last attempt to send something failed: all that is
	 * accepted is on disk.
	 */
	@Override
	public boolean awaitEmpty(long nanos) {
		boolean interrupted = false;
		this.lock.lock();
		try {
			long deadline = System.nanoTime() + nanos;
			while (this.appending > 0 || (this.ledger.heldRows() > 0 && !this.failing)) {
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
			return this.ledger.heldRows() == 0;
		}
		finally {
			this.lock.unlock();
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Nothing is lost: what is in flight is buffered again, and stays on disk. */
	@Override
	public long[] abandon() {
		return locked(() -> {
			this.abandoned = true;
			this.logs.all().forEach((queue) -> queue.takeBack(this.ledger));
			wakeAll();
			this.settled.signalAll();
			return new long[this.tables.size()];
		});
	}

	@Override
	public void release() {
		this.upkeep.end();
		this.logs.release();
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
		return locked(() -> {
			long oldest = this.logs.all().stream().mapToLong(LogQueue::oldestMillis).min().orElse(Long.MAX_VALUE);
			long age = (oldest != Long.MAX_VALUE) ? Math.max(0, this.settings.clock().millis() - oldest) : 0;
			BufferCounters tally = this.ledger.snapshot();
			return new SpoolStats(this.ledger.heldRows(), this.ledger.heldBytes(), this.logs.count(),
					this.settings.maxBytes(), Duration.ofMillis(age), this.growth.perSecond(),
					this.logs.adopted().size(), tally.dropped().getOrDefault(DropReason.DAMAGED, 0L));
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

	private void flushAll() {
		this.logs.all().forEach(LogQueue::flushAll);
		wakeAll();
	}

	private void wakeAll() {
		for (Condition condition : this.work) {
			condition.signal();
		}
	}

	private void wakeIfDue(int slot, LogQueue queue) {
		if (this.logs.isDue(queue)) {
			this.work[slot].signal();
		}
	}

	/** Notes how full the spool is now. */
	void sample() {
		this.growth.add(locked(this.ledger::heldBytes));
	}

	/** Returns whether what a log has stored for so long may be deleted. */
	boolean mayTrim(LogQueue queue, Duration keep) {
		return locked(() -> queue.mayTrim(keep.toNanos()));
	}

	/**
	 * Gives up the log of a dead process, if nothing is left of it. Has its lane looked
	 * at before.
	 * @return whether it is given up
	 */
	boolean forgets(LogQueue queue, Duration keep) {
		return locked(() -> {
			if (queue.probe(keep.toNanos())) {
				wakeAll();
			}
			boolean done = queue.isAdopted() && queue.isDone(keep.toNanos()) && this.logs.adopted().remove(queue);
			if (done) {
				queue.forget();
			}
			return done;
		});
	}

	/** Takes over a log of a dead process. */
	void adopt(LogQueue queue, long oldestMillis) {
		locked(() -> {
			this.logs.adopted().add(queue);
			queue.recover(this.ledger, oldestMillis);
			this.work[this.settings.slots()].signal();
			return true;
		});
	}

	<T> T locked(Supplier<T> change) {
		this.lock.lock();
		try {
			return change.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * How many rows each log had.
	 */
	private record LogMark(Map<LogQueue, Long> ends, long rows) implements FlushMark {
	}

}
