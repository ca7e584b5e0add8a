package io.observatory.storage.sample.intake;

import java.time.Duration;

/**
 * A request from its first byte to its answer: its memory and its deadline. Must be
 * closed, which an {@link Intake} that takes it does.
 */
public final class Request implements AutoCloseable {

	/**
	 * What each record counts in addition to its bytes, because an empty record needs
	 * memory, too.
	 */
	public static final int RECORD_BYTES = 256;

	private final Source source;

	private final MemoryLease lease;

	private final long maxSize;

	private final long deadline;

	Request(Source source, MemoryLease lease, IntakeProperties properties) {
		this.source = source;
		this.lease = lease;
		this.maxSize = properties.maxRequestSize().toBytes();
		this.deadline = System.nanoTime() + properties.requestTimeout().toNanos();
	}

	public Source source() {
		return this.source;
	}

	public MemoryLease lease() {
		return this.lease;
	}

	/** Returns an empty body for it. */
	public Body newBody() {
		return new Body(this.lease, this.maxSize);
	}

	/**
	 * Checks the number of its records, before any is taken.
	 * @throws RequestException when they are too many
	 */
	public void checkRecords(long records, int bytes) {
		if (records * RECORD_BYTES + bytes > this.maxSize) {
			throw new RequestException(RefusalReason.TOO_LARGE,
					"The request is larger than %d bytes, each of its %d records counted with %d more (sample.intake.max-request-size): send fewer records at a time"
						.formatted(this.maxSize, records, RECORD_BYTES));
		}
	}

	/** Returns how long it may still take; not negative. */
	public Duration timeLeft() {
		return Duration.ofNanos(Math.max(0, this.deadline - System.nanoTime()));
	}

	/** Returns whether it has not been answered yet. */
	public boolean isOpen() {
		return this.lease.isOpen();
	}

	@Override
	public void close() {
		this.lease.close();
	}

}
