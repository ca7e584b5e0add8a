package io.observatory.storage.spool;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Rows in the order in which they were accepted, on disk, numbered from 0. What
 * {@link #append} has returned for survives the death of the process and, if the log is
 * forced, of the machine. Only the process that made a log appends to it; whoever adopts
 * it reads.
 * <p>
 * Thread-safe. No lock is held while something is written or read. An interrupt changes
 * nothing, and stays.
 */
public final class SpoolLog implements AutoCloseable {

	/** How much memory a log takes that is appended to, in bytes. */
	public static final int MEMORY = 2 * Staging.FILE_SIZE;

	/** How many bytes a call takes besides its rows, at most. */
	public static final int OVERHEAD = 256;

	private static final long NOTE_NANOS = Duration.ofMillis(250).toNanos();

	private final LogDirectory directory;

	/** How many bytes on disk belong to the memory of the appender. */
	private final long memory;

	private final Segments segments;

	private final LogNotes notes;

	private volatile long stored;

	private volatile long notedNanos = System.nanoTime();

	private final LogReader reader;

	/** Null in a log that is only read. */
	private final @Nullable Appender appender;

	/** How many rows a log has that is only read. */
	private final long rows;

	/** Makes one that is appended to. */
	private SpoolLog(LogDirectory directory, LogSettings settings) throws IOException {
		this.directory = directory;
		this.segments = Segments.none(directory, settings.segmentBytes());
		this.notes = new LogNotes(directory);
		this.reader = new LogReader(this.segments);
		this.appender = new Appender(directory, settings, this.segments);
		this.memory = settings.forced() ? 0 : MEMORY;
		this.rows = 0;
	}

	/** Opens one that is only read. */
	private SpoolLog(LogDirectory directory) throws IOException {
		this.directory = directory;
		this.notes = new LogNotes(directory);
		this.stored = this.notes.stored();
		this.segments = Segments.open(directory);
		this.reader = new LogReader(this.segments);
		this.appender = null;
		this.memory = 0;
		this.rows = endRow(this.segments);
	}

	private static long endRow(Segments segments) throws IOException {
		try {
			return segments.endRow();
		}
		catch (IOException ex) {
			segments.close();
			throw ex;
		}
	}

	/**
	 * Makes a log in a new directory, which is given up when that fails.
	 */
	public static SpoolLog create(LogDirectory directory, LogSettings settings) throws IOException {
		return orGiveUp(directory, () -> new SpoolLog(directory, settings));
	}

	/**
	 * Opens a log whose process is dead, to read what it has. The directory is given up
	 * when it cannot be opened.
	 * @throws IOException when the disk does not answer, or the log is of a later version
	 * of this library
	 */
	public static SpoolLog open(LogDirectory directory) throws IOException {
		return orGiveUp(directory, () -> new SpoolLog(directory));
	}

	private static SpoolLog orGiveUp(LogDirectory directory, Opening opening) throws IOException {
		SpoolLog log = null;
		try {
			log = opening.run();
			return log;
		}
		finally {
			if (log == null) {
				directory.close();
			}
		}
	}

	/** Returns the log's identity, which is that of its lane as well. */
	public UUID id() {
		return this.directory.id();
	}

	/** Returns its directory. */
	public LogDirectory directory() {
		return this.directory;
	}

	/**
	 * Appends the rows of one call, all of them or none.
	 * @param rows at most 255 tables
	 * @return how many rows the log has now: the number of the row that comes next
	 * @throws IOException when they could not be written; the next call tries again
	 */
	public long append(List<TableRows> rows) throws IOException {
		return appender().append(rows);
	}

	private Appender appender() throws IOException {
		if (this.appender == null) {
			throw new IOException("The log " + this.directory.path() + " was made by another process");
		}
		return this.appender;
	}

	/**
	 * Has everything appended until now survive the death of the machine.
	 * @throws IOException when nobody knows whether it will; it survives that of the
	 * process all the same
	 */
	public void force() throws IOException {
		appender().force();
	}

	/** Returns the number of the first row that is kept. */
	public long firstRow() {
		return this.segments.firstRow(written());
	}

	/** Returns the number of the row that is appended next. */
	public long endRow() {
		return (this.appender != null) ? this.appender.accepted() : this.rows;
	}

	/** Returns the number of the first row that is not in a segment. */
	private long written() {
		return (this.appender != null) ? this.appender.written() : this.rows;
	}

	/** Returns the number of the first row that is not known to be stored. */
	public long storedRow() {
		return this.stored;
	}

	/** Returns how many rows are not known to be stored, damaged ones included. */
	public long pendingRows() {
		return Math.max(0, endRow() - Math.max(this.stored, firstRow()));
	}

	/**
	 * Reads rows until there are enough of them or the log ends: at least one, if there
	 * is any. Damaged ones are passed over.
	 * @param from the number of the first row
	 * @throws IOException when the disk does not answer, or the log is of a later version
	 */
	public Stretch read(long from, int maxRows, long maxBytes) throws IOException {
		StretchBuilder stretch = new StretchBuilder(from, maxRows, maxBytes);
		long end = endRow();
		if (this.appender != null && from + maxRows > written()) {
			writeForReading(this.appender);
		}
		while (!stretch.isFull() && stretch.to() < end) {
			if (this.appender == null || stretch.to() < written()) {
				this.reader.read(stretch, written());
			}
			else {
				this.appender.read(stretch, end);
			}
		}
		return stretch.build();
	}

	private static void writeForReading(Appender appender) {
		try {
			appender.write();
		}
		catch (IOException ex) {
			// then it is read from memory
		}
	}

	/**
	 * Says that all rows before this one are stored. It may go back, after the server has
	 * lost some. That is noted from time to time, for whoever adopts the log.
	 */
	public void storedUpTo(long row) {
		this.stored = row;
		this.segments.storedUpTo(row);
		if (System.nanoTime() - this.notedNanos >= NOTE_NANOS) {
			noteStored();
		}
	}

	private void noteStored() {
		this.notedNanos = System.nanoTime();
		try {
			this.notes.stored(this.stored);
		}
		catch (IOException ex) {
			// that it is late does no harm
		}
	}

	/** Notes which database the log's lane is in; afterwards that is known for good. */
	public void bind(UUID database) throws IOException {
		this.notes.database(database);
	}

	/** Returns the database that the log is bound to, if it is. */
	public @Nullable UUID database() throws IOException {
		return this.notes.database();
	}

	/** Returns how many bytes it takes on disk, with what is still to be written. */
	public long bytes() {
		// first what is not written yet: it may be written now
		long staged = (this.appender != null) ? this.appender.staged() : 0;
		return staged + this.segments.bytes() + this.memory;
	}

	/**
	 * Deletes what is stored for longer than it is to be kept, and puts right what
	 * somebody has removed. To be called from time to time.
	 */
	public void trim(Duration keepStored) throws IOException {
		noteStored();
		this.segments.trim(keepStored.toNanos(), Long.MAX_VALUE);
		if (this.appender != null) {
			this.appender.restore();
		}
	}

	/**
	 * Deletes what is stored, however short a time ago, until so many bytes are free.
	 * @return how many were freed
	 */
	public long makeRoom(long bytes) throws IOException {
		return this.segments.trim(0, bytes);
	}

	/** Keeps what it has, for whoever adopts it. */
	@Override
	public void close() throws IOException {
		closeAppender();
		noteStored();
		this.segments.close();
		this.directory.close();
	}

	private void closeAppender() {
		try {
			if (this.appender != null) {
				this.appender.close();
			}
		}
		catch (IOException ex) {
			// what survives a death survives this as well
		}
	}

	/** Deletes the log, of which nothing is left to send. */
	public void delete() throws IOException {
		closeAppender();
		this.segments.close();
		this.directory.delete();
	}

	/**
	 * A way to get a log.
	 */
	@FunctionalInterface
	private interface Opening {

		SpoolLog run() throws IOException;

	}

}
