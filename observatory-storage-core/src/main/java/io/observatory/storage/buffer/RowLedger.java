package io.observatory.storage.buffer;

import java.util.EnumMap;
import java.util.Map;

import io.observatory.storage.row.RowEncoder;

/**
 * Counts what becomes of the rows: each is in one place at any time. Guarded by the
 * buffer's lock.
 */
final class RowLedger {

	private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);

	private long accepted;

	private long stored;

	private long deadLettered;

	private long bufferedRows;

	private long bufferedBytes;

	private long inFlightRows;

	private long inFlightBytes;

	private long replaced;

	private long truncated;

	RowLedger() {
		for (DropReason reason : DropReason.values()) {
			this.dropped.put(reason, 0L);
		}
	}

	/** Returns how many rows are buffered or in flight. */
	long heldRows() {
		return this.bufferedRows + this.inFlightRows;
	}

	/** Returns how many bytes they have. */
	long heldBytes() {
		return this.bufferedBytes + this.inFlightBytes;
	}

	void buffer(RowEncoder rows) {
		this.accepted += rows.rows();
		this.bufferedRows += rows.rows();
		this.bufferedBytes += rows.length();
		this.replaced += rows.replaced();
		this.truncated += rows.truncated();
	}

	void send(Batch batch) {
		this.bufferedRows -= batch.rows();
		this.bufferedBytes -= batch.bytes();
		this.inFlightRows += batch.rows();
		this.inFlightBytes += batch.bytes();
	}

	void settle(Batch batch, long storedRows, long deadLetteredRows) {
		this.inFlightRows -= batch.rows();
		this.inFlightBytes -= batch.bytes();
		this.stored += storedRows;
		this.deadLettered += deadLetteredRows;
	}

	/** Drops rows that had never been buffered. */
	void drop(DropReason reason, long rows) {
		this.accepted += rows;
		this.dropped.merge(reason, rows, Long::sum);
	}

	/** Drops all that is held. */
	void abandon(DropReason reason) {
		this.dropped.merge(reason, heldRows(), Long::sum);
		this.bufferedRows = 0;
		this.bufferedBytes = 0;
		this.inFlightRows = 0;
		this.inFlightBytes = 0;
	}

	BufferCounters snapshot() {
		return new BufferCounters(this.accepted, this.stored, this.deadLettered, Map.copyOf(this.dropped),
				this.bufferedRows, this.bufferedBytes, this.inFlightRows, this.inFlightBytes, this.replaced,
				this.truncated);
	}

}
