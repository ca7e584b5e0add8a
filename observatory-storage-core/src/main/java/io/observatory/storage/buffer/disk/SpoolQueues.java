package io.observatory.storage.buffer.disk;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.BufferCounters;
import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.FlushMark;
import io.observatory.storage.buffer.Rewind;
import io.observatory.storage.buffer.RowLedger;
import io.observatory.storage.error.WriterClosedException;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.stats.SpoolStats;
import org.jspecify.annotations.Nullable;

/**
 * What of the logs waits for a slot, is in flight or settled, and who waits for it. All
 * of it, the counters included, changes under one lock, which is never held across I/O or
 * a callback.
 * <p>
 * Thread-safe.
 */
final class SpoolQueues {

	/** What is full, or does not work, is looked at again after so long. */
	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final SpoolSettings settings;

	private final SpoolLogs logs;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	private final Condition settled = this.lock.newCondition();

	/** One for each slot. */
	private final Condition[] work;

	private final RowLedger ledger = new RowLedger();

	private final Growth growth = new Growth();

	/** Calls that are at the logs. Counted without the lock, as all calls do it. */
	private final AtomicInteger appending = new AtomicInteger();

	private boolean paused;

	private volatile boolean closing;

	private boolean abandoned;

	/** The last attempt to send something failed. */
	private boolean failing;

	SpoolQueues(SpoolSettings settings, SpoolLogs logs) {
		this.settings = settings;
		this.logs = logs;
		this.work = new Condition[settings.slots() + 1];
		Arrays.setAll(this.work, (slot) -> this.lock.newCondition());
	}

	/**
	 * Begins to append the rows of a call.
	 * @return the slot whose log gets the rows that have no route
	 * @throws WriterClosedException when the buffer is closing
	 */
	int begin(String writer) {
		this.appending.incrementAndGet();
		if (this.closing) {
			change(this::left);
			throw new WriterClosedException(writer);
		}
		return this.logs.sharedSlot();
	}

	/** A call is not at the logs any more: the last one's rows go, too. */
	private void left() {
		if (this.appending.decrementAndGet() == 0 && this.closing) {
			flushAll();
			this.settled.signalAll();
		}
	}

	/**
	 * Counts what a call has appended.
	 * @param written whether all of its rows are in the logs
	 */
	void end(RowEncoder rows, CallRows call, boolean written) {
		long now = this.settings.clock().millis();
		change(() -> {
			for (int slot = 0; slot < this.settings.slots(); slot++) {
				follow(slot, call.bytes(slot), written, now);
			}
			this.logs.share(this.settings.limits().batchSize());
			if (written) {
				this.ledger.issues(rows);
			}
			else {
				flushAll();
			}
			left();
		});
	}

	private void follow(int slot, long bytes, boolean written, long now) {
		LogQueue queue = this.logs.own(slot);
		if (queue != null && bytes > 0) {
			queue.follow(this.ledger, written ? bytes : 0, now);
			if (this.logs.isDue(queue)) {
				this.work[slot].signal();
			}
		}
	}

	/**
	 * Waits until there may be room.
	 * @return how many of the nanoseconds are left
	 */
	long awaitRoom(long nanos) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			if (this.closing) {
				return nanos;
			}
			long wait = Math.min(nanos, RETRY_NANOS);
			return nanos - wait + this.room.awaitNanos(wait);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns null when nothing is left for the slot. */
	@Nullable LogQueue awaitDue(int slot) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (!this.abandoned) {
				LogQueue due = this.paused ? null : this.logs.due(slot);
				if (due != null || (this.closing && this.appending.get() == 0 && this.logs.isDrained(slot))) {
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

	/** Waits before something that failed is tried again. */
	void awaitRetry(int slot) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			this.work[slot].awaitNanos(RETRY_NANOS);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes a batch, unless what is left is given up. */
	@Nullable Batch take(LogQueue queue, LogBatch batch) {
		return locked(() -> {
			if (this.abandoned) {
				return null;
			}
			long now = this.settings.clock().millis();
			queue.follow(this.ledger, 0, now);
			queue.take(batch, this.ledger, now);
			return batch;
		});
	}

	void settle(LogBatch batch, long storedRows, long deadLetteredRows) {
		change(() -> {
			if (batch.log().inFlight() == batch) {
				batch.log().settle(batch);
				this.ledger.settle(batch, storedRows, deadLetteredRows);
				this.failing = false;
				this.room.signalAll();
				this.settled.signalAll();
			}
		});
	}

	Rewind rewind(LogBatch batch, long next) {
		return locked(() -> {
			if (batch.log().inFlight() != batch) {
				return Rewind.NONE;
			}
			batch.log().takeBack(this.ledger);
			this.failing = false;
			return batch.log().moveTo(next, this.ledger);
		});
	}

	void failed() {
		change(() -> {
			this.failing = true;
			this.settled.signalAll();
		});
	}

	FlushMark flush() {
		return locked(() -> {
			Map<LogQueue, Long> ends = new HashMap<>();
			this.logs.all().forEach((queue) -> ends.put(queue, queue.end()));
			flushAll();
			return new LogMark(ends, this.ledger.heldRows());
		});
	}

	boolean isSettled(LogMark mark) {
		return locked(
				() -> mark.ends().entrySet().stream().allMatch((each) -> each.getKey().settled() >= each.getValue()));
	}

	void pause(boolean pause) {
		change(() -> {
			this.paused = pause && !this.closing;
			wakeAll();
		});
	}

	void close() {
		change(() -> {
			this.closing = true;
			this.paused = false;
			flushAll();
			this.room.signalAll();
		});
	}

	/**
	 * Waits until nothing is held, or the last attempt to send something failed.
	 * @return whether nothing is held
	 */
	boolean awaitEmpty(long nanos) {
		boolean interrupted = false;
		this.lock.lock();
		try {
			long deadline = System.nanoTime() + nanos;
			while (this.appending.get() > 0 || (this.ledger.heldRows() > 0 && !this.failing)) {
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

	/** What is in flight is buffered again, and nothing is taken any more. */
	void abandon() {
		change(() -> {
			this.abandoned = true;
			this.logs.all().forEach((queue) -> queue.takeBack(this.ledger));
			wakeAll();
			this.settled.signalAll();
		});
	}

	void drop(DropReason reason, long rows) {
		change(() -> this.ledger.drop(reason, rows));
	}

	BufferCounters tally() {
		return locked(this.ledger::snapshot);
	}

	SpoolStats stats() {
		return locked(() -> {
			long oldest = this.logs.all().stream().mapToLong(LogQueue::oldestMillis).min().orElse(Long.MAX_VALUE);
			long age = (oldest != Long.MAX_VALUE) ? Math.max(0, this.settings.clock().millis() - oldest) : 0;
			long bytes = this.ledger.heldBytes();
			double perSecond = this.growth.perSecond();
			return new SpoolStats(this.ledger.heldRows(), bytes, this.logs.count(), this.settings.maxBytes(),
					Duration.ofMillis(age), perSecond, SpoolStats.lasts(this.settings.maxBytes() - bytes, perSecond),
					this.logs.adopted().size(), this.ledger.dropped(DropReason.DAMAGED));
		});
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
		change(() -> {
			this.logs.adopted().add(queue);
			queue.recover(this.ledger, oldestMillis);
			this.work[this.settings.slots()].signal();
		});
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

	private void change(Runnable change) {
		this.lock.lock();
		try {
			change.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	private <T> T locked(Supplier<T> change) {
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
	record LogMark(Map<LogQueue, Long> ends, long rows) implements FlushMark {
	}

}
