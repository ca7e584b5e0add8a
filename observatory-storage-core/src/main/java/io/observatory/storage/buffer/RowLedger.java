package io.observatory.storage.buffer;

import java.util.EnumMap;
import java.util.Map;

import io.observatory.storage.row.RowEncoder;

/**
 * Counts what becomes of the rows: each is in one place at any time. Guarded by the
 * buffer's lock.
 */
public final class RowLedger {

	private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);

	private long accepted;

	private long recovered;

	private long stored;

	private long deadLettered;

	private long bufferedRows;

	private long bufferedBytes;

	private long inFlightRows;

	private long inFlightBytes;

	private long replaced;

	private long truncated;

	public RowLedger() {
		for (DropReason reason : DropReason.values()) {
			this.dropped.put(reason, 0L);
		}
	}

	/** Returns how many rows are buffered or in flight. */
	public long heldRows() {
		return this.bufferedRows + this.inFlightRows;
	}

	/** Returns how many bytes they have. */
	public long heldBytes() {
		return this.bufferedBytes + this.inFlightBytes;
	}

	void buffer(RowEncoder rows) {
		buffer(rows.rows(), rows.length());
		issues(rows);
	}

	/** Buffers rows that are accepted. */
	public void buffer(long rows, long bytes) {
		this.accepted += rows;
		this.bufferedRows += rows;
		this.bufferedBytes += bytes;
	}

	/** Counts what was replaced and cut in rows that are accepted. */
	public void issues(RowEncoder rows) {
		this.replaced += rows.replaced();
		this.truncated += rows.truncated();
	}

	/** Buffers rows that were accepted before, and are accepted once more. */
	public void recover(long rows, long bytes) {
		buffer(rows, bytes);
		this.recovered += rows;
	}

	public void send(Batch batch) {
		this.bufferedRows -= batch.rows();
		this.bufferedBytes -= batch.bytes();
		this.inFlightRows += batch.rows();
		this.inFlightBytes += batch.bytes();
	}

	/** Takes back that a batch was sent. */
	public void takeBack(Batch batch) {
		this.bufferedRows += batch.rows();
		this.bufferedBytes += batch.bytes();
		this.inFlightRows -= batch.rows();
		this.inFlightBytes -= batch.bytes();
	}

	public void settle(Batch batch, long storedRows, long deadLetteredRows) {
		this.inFlightRows -= batch.rows();
		this.inFlightBytes -= batch.bytes();
		this.stored += storedRows;
		this.deadLettered += deadLetteredRows;
	}

	/** Counts buffered rows that turned out to be stored. */
	public void foundStored(long rows, long bytes) {
		this.bufferedRows -= rows;
		this.bufferedBytes -= bytes;
		this.stored += rows;
	}

	/** Drops rows that had never been buffered. */
	public void drop(DropReason reason, long rows) {
		this.accepted += rows;
		this.dropped.merge(reason, rows, Long::sum);
	}

	/** Drops rows that are buffered. */
	public void dropBuffered(DropReason reason, long rows) {
		this.bufferedRows -= rows;
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

	/** Returns how many rows were dropped for a reason. */
	public long dropped(DropReason reason) {
		return this.dropped.getOrDefault(reason, 0L);
	}

	public BufferCounters snapshot() {
		return new BufferCounters(this.accepted, this.recovered, this.stored, this.deadLettered,
				Map.copyOf(this.dropped), this.bufferedRows, Math.max(0, this.bufferedBytes), this.inFlightRows,
				this.inFlightBytes, this.replaced, this.truncated);
	}

}
