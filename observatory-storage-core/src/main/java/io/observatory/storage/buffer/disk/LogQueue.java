package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.buffer.DropReason;
import io.observatory.storage.buffer.Rewind;
import io.observatory.storage.buffer.RowLedger;
import io.observatory.storage.spool.SpoolLog;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one log that wait for a slot. The log is the truth, and this follows it.
 * Guarded by the buffer's lock, but for the log itself.
 */
public final class LogQueue {

	/** A lane that moved so short a time ago stands where it should. */
	private static final long PROOF_NANOS = TimeUnit.SECONDS.toNanos(2);

	private final SpoolLog log;

	private final boolean adopted;

	private volatile @Nullable UUID database;

	/** The number of the row that the database is taken to expect. */
	private volatile long expected;

	/** The number of the row that is taken next. */
	private long next;

	/** How many rows the log was seen to have. */
	private long end;

	/** Rows before this one must go, however few they are. */
	private long flushTo;

	private long bytes;

	private @Nullable LogBatch inFlight;

	/** When the oldest row that is not settled was accepted, at the earliest. */
	private long oldestMillis = Long.MAX_VALUE;

	/** When the last batch was taken: what comes after it is younger. */
	private long takenMillis;

	/** When rows were sent last. */
	private long sentNanos = System.nanoTime();

	/** When the lane was last seen to stand where it should. */
	private long provenNanos = this.sentNanos;

	private boolean probe;

	private volatile boolean forgotten;

	private LogQueue(SpoolLog log, boolean adopted, @Nullable UUID database) {
		this.log = log;
		this.adopted = adopted;
		this.database = database;
		this.expected = log.storedRow();
		this.next = Math.min(Math.max(this.expected, log.firstRow()), log.endRow());
		this.end = this.next;
	}

	/** Returns the queue of a log that this process appends to. */
	static LogQueue own(SpoolLog log) {
		return new LogQueue(log, false, null);
	}

	/** Returns the queue of a log whose process is dead. */
	static LogQueue adopted(SpoolLog log) throws IOException {
		return new LogQueue(log, true, log.database());
	}

	/** Returns the log's id, which is that of its lane as well. */
	public UUID id() {
		return this.log.id();
	}

	/** Returns whether the log is deleted. */
	public boolean isForgotten() {
		return this.forgotten;
	}

	void forget() {
		this.forgotten = true;
	}

	/** Returns which database the log's rows go to, or null when none was sent yet. */
	public @Nullable UUID database() {
		return this.database;
	}

	/** Keeps which database the log's rows go to. */
	public void bind(UUID identity) {
		this.database = identity;
		try {
			this.log.bind(identity);
		}
		catch (IOException ex) {
			// the next process to open it binds it
		}
	}

	SpoolLog log() {
		return this.log;
	}

	boolean isAdopted() {
		return this.adopted;
	}

	long rows() {
		return this.end - this.next;
	}

	/** Returns how many rows before the one with this number are settled. */
	long settled() {
		return this.expected;
	}

	long next() {
		return this.next;
	}

	long end() {
		return this.end;
	}

	long bytes() {
		return this.bytes;
	}

	@Nullable LogBatch inFlight() {
		return this.inFlight;
	}

	long oldestMillis() {
		return (rows() > 0 || this.inFlight != null) ? this.oldestMillis : Long.MAX_VALUE;
	}

	boolean isDrained() {
		return rows() == 0 && this.inFlight == null;
	}

	/**
	 * Counts what was appended since.
	 * @param appended how many bytes the caller has appended
	 */
	void follow(RowLedger ledger, long appended, long nowMillis) {
		long more = this.log.endRow() - this.end;
		if (more > 0 && isDrained()) {
			this.oldestMillis = nowMillis;
		}
		this.end += more;
		this.bytes += appended;
		ledger.buffer(more, appended);
	}

	/** Counts what a log of a dead process has. */
	void recover(RowLedger ledger, long oldest) {
		this.oldestMillis = oldest;
		this.end = this.log.endRow();
		long all = this.end - this.log.firstRow();
		this.bytes = (rows() > 0) ? this.log.bytes() * rows() / Math.max(1, all) : 0;
		ledger.recover(rows(), this.bytes);
	}

	void flushAll() {
		this.flushTo = this.end;
	}

	boolean isDue(int batchRows, long batchBytes) {
		return this.inFlight == null && (this.probe || (rows() > 0
				&& (rows() >= batchRows || this.bytes >= batchBytes || this.next < this.flushTo || this.adopted)));
	}

	/**
	 * Returns whether what is stored for so long may be deleted: the lane was seen to
	 * stand behind it since.
	 */
	boolean mayTrim(long keepNanos) {
		return isProven(keepNanos) || System.nanoTime() - this.provenNanos < PROOF_NANOS;
	}

	/** Returns whether nothing is left to send, nor will be after a failover. */
	boolean isDone(long keepNanos) {
		return isDrained() && isProven(keepNanos);
	}

	private boolean isProven(long keepNanos) {
		return this.provenNanos - this.sentNanos >= keepNanos;
	}

	/**
	 * Has an empty batch sent when the lane has to be looked at before anything is
	 * deleted.
	 * @return whether that is so
	 */
	boolean probe(long keepNanos) {
		this.probe = isDrained() && !isProven(keepNanos) && System.nanoTime() - this.sentNanos >= keepNanos;
		return this.probe;
	}

	/** Takes a batch, and counts what of it is damaged. */
	void take(LogBatch batch, RowLedger ledger, long nowMillis) {
		long covered = batch.stretch().to() - this.next;
		ledger.dropBuffered(DropReason.DAMAGED, covered - batch.rows());
		ledger.send(batch);
		this.inFlight = batch;
		this.probe = false;
		this.next += covered;
		this.bytes = (rows() > 0) ? Math.max(0, this.bytes - batch.bytes()) : 0;
		this.oldestMillis = (batch.rows() > 0) ? batch.stretch().acceptedMillis() : nowMillis;
		this.takenMillis = nowMillis;
	}

	/** Settles the batch in flight. */
	void settle(LogBatch batch) {
		this.inFlight = null;
		this.expected = batch.to();
		this.oldestMillis = this.takenMillis;
		this.provenNanos = System.nanoTime();
		if (batch.rows() > 0) {
			this.sentNanos = this.provenNanos;
		}
	}

	/** Gives the batch in flight back, as if it had not been taken. */
	void takeBack(RowLedger ledger) {
		LogBatch batch = this.inFlight;
		if (batch != null) {
			long covered = batch.stretch().to() - batch.stretch().from();
			this.inFlight = null;
			this.next -= covered;
			this.bytes += batch.bytes();
			ledger.takeBack(batch);
			ledger.recover(covered - batch.rows(), 0);
		}
	}

	/**
	 * Goes to where the database stands, be that before or behind.
	 */
	Rewind moveTo(long row, RowLedger ledger) {
		long known = this.next;
		this.expected = row;
		this.next = Math.min(Math.max(row, this.log.firstRow()), this.end);
		long again = Math.max(0, known - this.next);
		ledger.recover(again, 0);
		ledger.foundStored(Math.max(0, this.next - known), 0);
		this.flushTo = Math.max(this.flushTo, known);
		return new Rewind(again, Math.max(0, this.next - row));
	}

	@Override
	public String toString() {
		return this.log.id().toString();
	}

}
