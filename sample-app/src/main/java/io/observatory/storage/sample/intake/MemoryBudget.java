package io.observatory.storage.sample.intake;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all requests share: their bodies, decompressed and not, the record that
 * is being read, and the rows that are not in a writer's buffer yet. Thread-safe.
 */
public final class MemoryBudget {

	private final long max;

	private final AtomicLong used = new AtomicLong();

	public MemoryBudget(long max) {
		this.max = max;
	}

	/** Returns the lease of one request, which must be closed. */
	public MemoryLease lease() {
		return new MemoryLease(this);
	}

	/** Returns how many bytes there are. */
	public long max() {
		return this.max;
	}

	/** Returns how many bytes are in use. */
	public long used() {
		return this.used.get();
	}

	/**
	 * Checks that there would be room now for bytes that are announced.
	 * @throws RequestException when they would not
	 */
	void check(long bytes) {
		if (bytes > this.max - this.used.get()) {
			throw inUse();
		}
	}

	static RequestException inUse() {
		return new RequestException(RefusalReason.NO_MEMORY,
				"The memory for requests is in use (sample.intake.max-memory): send it again later");
	}

	boolean take(long bytes) {
		long before;
		do {
			before = this.used.get();
			if (bytes > this.max - before) {
				return false;
			}
		}
		while (!this.used.compareAndSet(before, before + bytes));
		return true;
	}

	void giveBack(long bytes) {
		this.used.addAndGet(-bytes);
	}

}
