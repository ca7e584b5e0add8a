package io.observatory.storage.sample.pages.export;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import io.observatory.storage.writer.Writer;

import org.springframework.dao.QueryTimeoutException;

/**
 * Lets an export give way to the writers: while they store much, the export rests four
 * times as long as it has kept the database busy. Otherwise it does not rest. For one
 * export, which one thread runs.
 */
final class Pace {

	/** Of all writers of this process; fewer leave the processors to the export. */
	static final int BUSY_RECORDS_A_SECOND = 1000;

	private static final int REST = 4;

	private static final long LOOK_EVERY = Duration.ofSeconds(1).toNanos();

	/** Shorter rests are put together. */
	private static final long SHORTEST_REST = Duration.ofMillis(20).toNanos();

	/** In a longer one the server or the client could take the export for dead. */
	private static final long LONGEST_REST = Duration.ofSeconds(10).toNanos();

	private final LongSupplier stored;

	private final LongSupplier nanoTime;

	private final LongConsumer sleep;

	private long lookedAt;

	private long storedThen;

	/** Until the first look it is not known. */
	private boolean busy = true;

	private long owed;

	/**
	 * Begins.
	 * @param stored number of records that the writers have stored
	 * @param nanoTime the time
	 * @param sleep waits for a number of nanoseconds
	 */
	Pace(LongSupplier stored, LongSupplier nanoTime, LongConsumer sleep) {
		this.stored = stored;
		this.nanoTime = nanoTime;
		this.sleep = sleep;
		this.lookedAt = nanoTime.getAsLong();
		this.storedThen = stored.getAsLong();
	}

	/** Begins, beside writers of this process. */
	static Pace beside(List<Writer> writers) {
		return new Pace(() -> writers.stream().mapToLong((writer) -> writer.writeStats().stored()).sum(),
				System::nanoTime, Pace::sleep);
	}

	private static void sleep(long nanos) {
		try {
			TimeUnit.NANOSECONDS.sleep(nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new QueryTimeoutException("The export was interrupted");
		}
	}

	/** Moves to the next row, and rests if that is due. */
	boolean next(ResultSet rows) throws SQLException {
		long begun = this.nanoTime.getAsLong();
		boolean found = rows.next();
		after(this.nanoTime.getAsLong() - begun);
		return found;
	}

	/**
	 * Rests if that is due.
	 * @param worked how long the database has worked since the last call, in nanoseconds
	 */
	void after(long worked) {
		look();
		this.owed = this.busy ? this.owed + REST * worked : 0;
		if (this.owed >= SHORTEST_REST) {
			this.sleep.accept(Math.min(this.owed, LONGEST_REST));
			this.owed = 0;
		}
	}

	private void look() {
		long passed = this.nanoTime.getAsLong() - this.lookedAt;
		if (passed >= LOOK_EVERY) {
			long now = this.stored.getAsLong();
			this.busy = (now - this.storedThen) * (double) LOOK_EVERY / passed >= BUSY_RECORDS_A_SECOND;
			this.storedThen = now;
			this.lookedAt += passed;
		}
	}

}
