package io.observatory.storage.sample.intake;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The share of one request in the {@link MemoryBudget}. Bytes are reserved before they
 * are allocated. Thread-safe; nothing can be reserved after {@link #close()}.
 */
public final class MemoryLease implements AutoCloseable {

	private static final long CLOSED = -1;

	private final MemoryBudget budget;

	private final AtomicLong held = new AtomicLong();

	MemoryLease(MemoryBudget budget) {
		this.budget = budget;
	}

	/**
	 * Reserves more bytes.
	 * @throws RequestException when they are in use by other requests, or more than there
	 * are
	 */
	public void reserve(long bytes) {
		long before = this.held.get();
		if (before != CLOSED && bytes > this.budget.max() - before) {
			throw new RequestException(RefusalReason.TOO_LARGE,
					"The request takes more memory than all requests may have, %d bytes (sample.intake.max-memory): send fewer records at a time"
						.formatted(this.budget.max()));
		}
		if (before == CLOSED || !this.budget.take(bytes)) {
			throw MemoryBudget.inUse();
		}
		if (this.held.getAndUpdate((now) -> (now == CLOSED) ? CLOSED : now + bytes) == CLOSED) {
			this.budget.giveBack(bytes);
			throw MemoryBudget.inUse();
		}
	}

	/**
	 * Gives back bytes that were reserved.
	 */
	public void release(long bytes) {
		if (this.held.getAndUpdate((now) -> (now == CLOSED) ? CLOSED : now - bytes) != CLOSED) {
			this.budget.giveBack(bytes);
		}
	}

	boolean isOpen() {
		return this.held.get() != CLOSED;
	}

	/** Gives back all. Does nothing the second time. */
	@Override
	public void close() {
		long before = this.held.getAndSet(CLOSED);
		if (before != CLOSED) {
			this.budget.giveBack(before);
		}
	}

}
