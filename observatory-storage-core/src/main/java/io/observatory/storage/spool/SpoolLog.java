package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.spool.FrameReader.StoredFrame;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the order in which they were accepted, on disk, numbered from 0. What
 * {@link #append} has returned for survives the death of the process and, if the log is
 * forced, of the machine. Only the process that made a log appends to it; whoever adopts
 * it reads.
 * <p>
 * Callers of a forced log that append at the same time share one write: the first of them
 * writes for all. In any other log a call copies its rows into memory that belongs to the
 * operating system, and only the one that finds it full writes it to a segment.
 * <p>
 * Thread-safe. No lock is held while something is written or read. An interrupt changes
 * nothing, and stays.
 */
public final class SpoolLog implements AutoCloseable {

	/** How much memory a log takes that is appended to, in bytes. */
	public static final int MEMORY = 2 * Staging.SIZE;

	private static final long NOTE_NANOS = Duration.ofMillis(250).toNanos();

	private final LogDirectory directory;

	private final LogSettings settings;

	private final Segments segments;

	private final LogNotes notes;

	private final ReentrantLock lock = new ReentrantLock();

	/** Something was written, or could not be. */
	private final Condition turn = this.lock.newCondition();

	/** Where the next rows go; null in a log that is only read. */
	private @Nullable Staging active;

	/** The other one, if it is empty. */
	private @Nullable Staging spare;

	/** The other one, if it has to be written. */
	private @Nullable Staging full;

	/** How many rows were appended. */
	private volatile long appended;

	/** How many of them are in segments. */
	private volatile long written;

	private boolean writing;

	/** Somebody writes rows that are more than what fits into memory. */
	private boolean exclusive;

	private int failures;

	private @Nullable IOException failure;

	private boolean closed;

	private volatile long stored;

	private volatile long notedNanos = System.nanoTime();

	private volatile Place place = Place.NONE;

	private SpoolLog(LogDirectory directory, LogSettings settings, Segments segments, LogNotes notes) {
		this.directory = directory;
		this.settings = settings;
		this.segments = segments;
		this.notes = notes;
	}

	/**
	 * Makes a log in a new directory, which is given up when that fails.
	 */
	public static SpoolLog create(LogDirectory directory, LogSettings settings) throws IOException {
		return orGiveUp(directory, () -> createIn(directory, settings));
	}

	private static SpoolLog createIn(LogDirectory directory, LogSettings settings) throws IOException {
		SpoolLog log = new SpoolLog(directory, settings, Segments.none(directory, settings.segmentBytes()),
				new LogNotes(directory));
		log.active = settings.forced() ? Staging.inMemory() : Staging.inFile(directory, 0);
		log.spare = settings.forced() ? Staging.inMemory() : Staging.inFile(directory, 1);
		return log;
	}

	/**
	 * Opens a log whose process is dead, to read what it has. Nothing is written. The
	 * directory is given up when it cannot be opened.
	 * @throws IOException when the disk does not answer, or the log is of a later version
	 * of this library
	 */
	public static SpoolLog open(LogDirectory directory, LogSettings settings) throws IOException {
		return orGiveUp(directory, () -> openIn(directory, settings));
	}

	private static SpoolLog openIn(LogDirectory directory, LogSettings settings) throws IOException {
		SpoolLog log = new SpoolLog(directory, settings, Segments.open(directory), new LogNotes(directory));
		log.stored = log.notes.stored();
		log.appended = log.segments.endRow();
		log.written = log.appended;
		return log;
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
		Frame frame = new Frame(rows);
		this.lock.lock();
		try {
			if (frame.size() > Staging.SIZE) {
				return appendAlone(frame);
			}
			long end = stage(frame);
			if (this.settings.forced()) {
				awaitWritten(end);
			}
			return end;
		}
		finally {
			this.lock.unlock();
		}
	}

	private long stage(Frame frame) throws IOException {
		while (this.exclusive || !active().fits(frame.size())) {
			int before = this.failures;
			writeOrWait();
			if (this.failures != before && !active().fits(frame.size())) {
				throw failed();
			}
		}
		long end = this.appended + frame.rows();
		active().put(frame, this.appended, this.settings.clock().millis());
		this.appended = end;
		return end;
	}

	private Staging active() throws IOException {
		if (this.closed || this.active == null) {
			throw new IOException("The log is closed");
		}
		return this.active;
	}

	/** Rows that do not fit into the memory are written by themselves. */
	private long appendAlone(Frame frame) throws IOException {
		while (this.exclusive) {
			this.turn.awaitUninterruptibly();
		}
		this.exclusive = true;
		try {
			writeUpTo(this.appended);
			active();
			long row = this.appended;
			List<ByteBuffer> bytes = frame.bytes(row, this.settings.clock().millis());
			unlocked(() -> this.segments.write(bytes, row, this.settings.forced()));
			this.appended = row + frame.rows();
			this.written = this.appended;
			return this.appended;
		}
		finally {
			this.exclusive = false;
			this.turn.signalAll();
		}
	}

	private void awaitWritten(long end) throws IOException {
		int before = this.failures;
		while (this.failures == before && this.written < end) {
			writeOrWait();
		}
		if (this.failures != before) {
			throw failed();
		}
	}

	/** Has rows in segments that may be in memory. */
	private void writeUpTo(long end) throws IOException {
		int before = this.failures;
		while (this.written < Math.min(end, this.appended)) {
			writeOrWait();
			if (this.failures != before && this.written < Math.min(end, this.appended)) {
				throw failed();
			}
		}
		while (this.writing) {
			this.turn.awaitUninterruptibly();
		}
	}

	private IOException failed() {
		IOException reason = this.failure;
		return new IOException("The log %s cannot be written: %s".formatted(this.directory.path(),
				(reason != null) ? reason.getMessage() : "unexpected failure"), reason);
	}

	/** One writes for all; whoever comes meanwhile is in the next turn. */
	private void writeOrWait() {
		if (this.writing || this.written == this.appended) {
			this.turn.awaitUninterruptibly();
		}
		else {
			writeNext();
		}
	}

	private void writeNext() {
		if (this.full == null) {
			this.full = this.active;
			this.active = this.spare;
			this.spare = null;
		}
		Staging next = Objects.requireNonNull(this.full);
		boolean done = next.isEmpty();
		try {
			if (!done) {
				unlocked(() -> this.segments.write(List.of(next.frames()), next.firstRow(), this.settings.forced()));
				this.written = next.endRow();
				done = true;
			}
		}
		catch (IOException ex) {
			this.failure = ex;
		}
		finally {
			settle(next, done);
		}
	}

	/**
	 * What callers still wait for is forgotten when it cannot be written: they are told.
	 * Other rows are kept.
	 */
	private void settle(Staging next, boolean done) {
		if (!done) {
			this.failures++;
		}
		if (!done && this.settings.forced()) {
			this.appended = this.written;
			Objects.requireNonNull(this.active).clear();
		}
		if (done || this.settings.forced()) {
			next.clear();
			this.full = null;
			try {
				unlocked(next::restore);
			}
			catch (IOException ex) {
				// it is tried again, and the old memory is as good until then
			}
			finally {
				this.spare = next;
			}
		}
	}

	/** Writes without the lock; nobody else does meanwhile. */
	private void unlocked(Writing work) throws IOException {
		this.writing = true;
		this.lock.unlock();
		try {
			work.run();
		}
		finally {
			this.lock.lock();
			this.writing = false;
			this.turn.signalAll();
		}
	}

	/**
	 * Has everything appended until now survive the death of the machine.
	 * @throws IOException when nobody knows whether it will; it survives that of the
	 * process all the same
	 */
	public void force() throws IOException {
		this.lock.lock();
		try {
			writeUpTo(this.appended);
			unlocked(this.segments::force);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns the number of the first row that is kept. */
	public long firstRow() {
		return this.segments.firstRow(this.written);
	}

	/** Returns the number of the row that is appended next. */
	public long endRow() {
		return this.settings.forced() ? this.written : this.appended;
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
		if (from + maxRows > this.written) {
			writeForReading(end);
		}
		while (!stretch.isFull() && stretch.to() < end) {
			if (stretch.to() < this.written) {
				readSegments(stretch);
			}
			else {
				readMemory(stretch, end);
			}
		}
		return stretch.build();
	}

	private void writeForReading(long end) {
		this.lock.lock();
		try {
			writeUpTo(end);
		}
		catch (IOException ex) {
			// then it is read from memory
		}
		finally {
			this.lock.unlock();
		}
	}

	private void readSegments(StretchBuilder stretch) throws IOException {
		long limit = this.written;
		Place begin = this.place;
		Segment segment = this.segments.of(stretch.to());
		while (segment != null && stretch.to() < limit) {
			Segment next = this.segments.after(segment);
			long end = (next != null) ? Math.min(limit, next.firstRow()) : limit;
			FrameReader frames = segment.reader(begin.isUseful(segment, stretch.to()) ? begin.place() : 0);
			StoredFrame frame = frames.next();
			while (frame != null && frame.header().rowsBefore() < end) {
				if (frame.header().endRow() > stretch.to()) {
					stretch.add(frame);
				}
				if (stretch.isFull()) {
					this.place = new Place(segment, frame.header().rowsBefore(), frame.place());
					return;
				}
				frame = frames.next();
			}
			stretch.skipTo(end);
			segment = next;
		}
		stretch.skipTo(limit);
	}

	/** What cannot be written is there all the same. */
	private void readMemory(StretchBuilder stretch, long end) throws IOException {
		List<byte[]> memory = framesInMemory(stretch.to());
		for (byte[] frames : memory) {
			FrameReader reader = new FrameReader((into, place) -> into.put(frames, (int) place, into.remaining()), 0,
					frames.length);
			StoredFrame frame = reader.next();
			while (frame != null && !stretch.isFull()) {
				stretch.add(frame);
				frame = reader.next();
			}
		}
		if (!memory.isEmpty() && !stretch.isFull()) {
			// somebody else has written into our memory
			stretch.skipTo(end);
		}
	}

	/** Returns nothing when the row has been written meanwhile. */
	private List<byte[]> framesInMemory(long row) {
		List<byte[]> frames = new ArrayList<>();
		this.lock.lock();
		try {
			if (this.written <= row) {
				for (Staging each : new Staging[] { this.full, this.active }) {
					if (each != null && !each.isEmpty()) {
						ByteBuffer bytes = each.frames();
						byte[] copy = new byte[bytes.remaining()];
						bytes.get(copy);
						frames.add(copy);
					}
				}
			}
			return frames;
		}
		finally {
			this.lock.unlock();
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

	/** Returns how many bytes it takes on disk. */
	public long bytes() {
		return this.segments.bytes() + ((this.active != null && !this.settings.forced()) ? MEMORY : 0);
	}

	/**
	 * Deletes what is stored for longer than it is to be kept, and puts right what
	 * somebody has removed. To be called from time to time.
	 */
	public void trim(Duration keepStored) throws IOException {
		noteStored();
		this.segments.trim(keepStored.toNanos(), Long.MAX_VALUE);
		restore();
	}

	/**
	 * Deletes what is stored, however short a time ago, until so many bytes are free.
	 * @return how many were freed
	 */
	public long makeRoom(long bytes) throws IOException {
		return this.segments.trim(0, bytes);
	}

	private void restore() throws IOException {
		this.lock.lock();
		try {
			for (int i = 0; i < 2 && this.active != null && !this.active.isInPlace(); i++) {
				writeUpTo(this.appended);
				unlocked(this.directory::restore);
				writeNext();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Keeps what it has, for whoever adopts it. */
	@Override
	public void close() throws IOException {
		this.lock.lock();
		try {
			this.closed = true;
			writeUpTo(this.appended);
		}
		catch (IOException ex) {
			// what survives a death survives this as well
		}
		finally {
			this.lock.unlock();
		}
		noteStored();
		this.segments.close();
		this.directory.close();
	}

	/** Deletes the log, of which nothing is left to send. */
	public void delete() throws IOException {
		this.lock.lock();
		this.closed = true;
		this.lock.unlock();
		this.segments.close();
		this.directory.delete();
	}

	/**
	 * Where a frame begins.
	 */
	private record Place(@Nullable Segment segment, long row, long place) {

		static final Place NONE = new Place(null, 0, 0);

		boolean isUseful(Segment segment, long from) {
			return segment == this.segment && this.row <= from;
		}

	}

	/**
	 * A way to get a log.
	 */
	@FunctionalInterface
	private interface Opening {

		SpoolLog run() throws IOException;

	}

	/**
	 * Something that is written.
	 */
	@FunctionalInterface
	private interface Writing {

		void run() throws IOException;

	}

}
