package io.observatory.storage.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.RowBuffer;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sending.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The flushes that somebody waits for. A flush is done when all batches with rows from
 * before it are settled, and fails when one of them failed a retry cycle.
 */
final class PendingFlushes {

	private final RowBuffer buffer;

	private final List<PendingFlush> tickets = new CopyOnWriteArrayList<>();

	/**
	 * A batch is counted for all flushes that it is part of, or settled before they
	 * begin.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable StorageException abandoned;

	PendingFlushes(RowBuffer buffer) {
		this.buffer = buffer;
	}

	PendingFlush begin() {
		this.lock.lock();
		try {
			PendingFlush ticket = new PendingFlush(this.buffer.flush());
			this.tickets.add(ticket);
			ticket.future().whenComplete((result, failure) -> this.tickets.remove(ticket));
			completeIfSettled(ticket);
			return ticket;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Settles a batch, and counts it for all flushes that began before.
	 */
	void settle(Batch batch, Outcome outcome) {
		this.lock.lock();
		try {
			for (PendingFlush ticket : this.tickets) {
				if (this.buffer.covers(ticket.mark(), batch)) {
					ticket.add(outcome);
				}
			}
			this.buffer.settle(batch, outcome.stored(), outcome.deadLettered());
		}
		finally {
			this.lock.unlock();
		}
		completeSettled();
	}

	void completeSettled() {
		this.tickets.forEach(this::completeIfSettled);
	}

	private void completeIfSettled(PendingFlush ticket) {
		if (this.buffer.isSettled(ticket.mark())) {
			StorageException failure = this.abandoned;
			if (failure != null) {
				ticket.fail(failure);
			}
			else {
				ticket.complete();
			}
		}
	}

	void failed(Batch batch, StorageException failure) {
		for (PendingFlush ticket : this.tickets) {
			if (this.buffer.covers(ticket.mark(), batch)) {
				ticket.fail(failure);
			}
		}
	}

	/**
	 * From now on flushes only fail: what is settled may have been given up.
	 */
	void abandon(StorageException failure) {
		this.abandoned = failure;
	}

	void failAll(StorageException failure) {
		this.tickets.forEach((ticket) -> ticket.fail(failure));
	}

}
