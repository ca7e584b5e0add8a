package io.observatory.storage.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.buffer.Batch;
import io.observatory.storage.buffer.BatchSource;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.sending.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The flushes that somebody waits for. A flush is done when all batches with rows from
 * before it are settled, and fails when one of them failed a retry cycle.
 */
final class PendingFlushes {

	private final BatchSource batches;

	private final List<PendingFlush> pending = new CopyOnWriteArrayList<>();

	/**
	 * A batch is counted for all flushes that it is part of, or settled before they
	 * begin.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable StorageException abandoned;

	PendingFlushes(BatchSource batches) {
		this.batches = batches;
	}

	PendingFlush begin() {
		this.lock.lock();
		try {
			PendingFlush flush = new PendingFlush(this.batches.flush());
			this.pending.add(flush);
			flush.future().whenComplete((result, failure) -> this.pending.remove(flush));
			completeIfSettled(flush);
			return flush;
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
			for (PendingFlush flush : this.pending) {
				if (this.batches.covers(flush.mark(), batch)) {
					flush.add(outcome);
				}
			}
			this.batches.settle(batch, outcome.stored(), outcome.deadLettered());
		}
		finally {
			this.lock.unlock();
		}
		completeSettled();
	}

	void completeSettled() {
		this.pending.forEach(this::completeIfSettled);
	}

	private void completeIfSettled(PendingFlush flush) {
		if (this.batches.isSettled(flush.mark())) {
			StorageException failure = this.abandoned;
			if (failure != null) {
				flush.fail(failure);
			}
			else {
				flush.complete();
			}
		}
	}

	void failed(Batch batch, StorageException failure) {
		this.batches.failed(batch);
		for (PendingFlush flush : this.pending) {
			if (this.batches.covers(flush.mark(), batch)) {
				flush.fail(failure);
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
		this.pending.forEach((flush) -> flush.fail(failure));
	}

}
