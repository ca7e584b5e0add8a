package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.observatory.storage.spool.FrameReader.StoredFrame;
import org.jspecify.annotations.Nullable;

/**
 * Appends to a log. Rows are staged in one of two pieces of memory while the other one is
 * written to a segment, by one caller for all.
 * <p>
 * Where the disk is not waited for, rows are accepted when they are staged, in memory
 * that survives the process; they are kept until they can be written. Otherwise they are
 * accepted when they are on the disk, and forgotten when they cannot be written.
 * <p>
 * Thread-safe. No lock is held while something is written.
 */
final class Appender {

	private final LogDirectory directory;

	private final LogSettings settings;

	private final Segments segments;

	private final ReentrantLock lock = new ReentrantLock();

	/** Something was written, or could not be. */
	private final Condition turn = this.lock.newCondition();

	/** Where the next rows go. */
	private Staging active;

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

	Appender(LogDirectory directory, LogSettings settings, Segments segments) throws IOException {
		this.directory = directory;
		this.settings = settings;
		this.segments = segments;
		this.active = settings.forced() ? Staging.inMemory() : Staging.inFile(directory, 0);
		this.spare = settings.forced() ? Staging.inMemory() : Staging.inFile(directory, 1);
	}

	/** Returns how many rows were accepted. */
	long accepted() {
		return this.settings.forced() ? this.written : this.appended;
	}

	/** Returns how many of them are in segments. */
	long written() {
		return this.written;
	}

	/** Returns how many bytes are still to be written to segments. */
	long staged() {
		this.lock.lock();
		try {
			return this.active.size() + ((this.full != null) ? this.full.size() : 0);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Appends the rows of one call, all of them or none. */
	long append(List<TableRows> rows) throws IOException {
		long end = extend(rows);
		return (end > 0) ? end : append(new Frame(rows));
	}

	/** Returns 0 when the rows need a frame of their own. */
	private long extend(List<TableRows> rows) throws IOException {
		this.lock.lock();
		try {
			if (rows.size() != 1 || this.exclusive || !active().extend(rows.get(0))) {
				return 0;
			}
			return appended(this.active.endRow());
		}
		finally {
			this.lock.unlock();
		}
	}

	private long append(Frame frame) throws IOException {
		this.lock.lock();
		try {
			return (frame.size() > Staging.SIZE) ? appendAlone(frame) : appended(stage(frame));
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Rows are staged. */
	private long appended(long end) throws IOException {
		this.appended = end;
		if (this.settings.forced()) {
			awaitWritten(end);
		}
		return end;
	}

	private long stage(Frame frame) throws IOException {
		while (this.exclusive || !active().fits(frame.size())) {
			int before = this.failures;
			writeOrWait();
			if (this.failures != before && !active().fits(frame.size())) {
				throw failed();
			}
		}
		active().put(frame, this.appended, this.settings.clock().millis());
		return this.active.endRow();
	}

	private Staging active() throws IOException {
		if (this.closed) {
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
			this.active = Objects.requireNonNull(this.spare);
			this.spare = null;
		}
		Staging next = Objects.requireNonNull(this.full);
		boolean done = next.isEmpty();
		try {
			if (!done) {
				next.closeFrame();
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
			this.active.clear();
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

	/** Writes what is staged, and does something with the segments. */
	private void written(Writing then) throws IOException {
		this.lock.lock();
		try {
			writeUpTo(this.appended);
			unlocked(then);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Writes what is staged. */
	void write() throws IOException {
		written(() -> {
		});
	}

	/** Writes what is staged, and waits until all is on the disk. */
	void force() throws IOException {
		written(this.segments::force);
	}

	/**
	 * Takes rows from memory, where those are that cannot be written; nothing when the
	 * next one has been written meanwhile.
	 * @param end the number of the row to stop before
	 */
	void read(StretchBuilder stretch, long end) throws IOException {
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

	private List<byte[]> framesInMemory(long row) throws IOException {
		List<byte[]> frames = new ArrayList<>();
		this.lock.lock();
		try {
			if (this.written <= row) {
				for (Staging each : new Staging[] { this.full, this.active }) {
					if (each != null && !each.isEmpty()) {
						each.closeFrame();
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

	/** Makes its files again, if somebody has removed them. */
	void restore() throws IOException {
		for (int i = 0; i < 2 && !isInPlace(); i++) {
			this.lock.lock();
			try {
				writeUpTo(this.appended);
				unlocked(this.directory::restore);
				writeNext();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	private boolean isInPlace() {
		this.lock.lock();
		Staging next = this.active;
		this.lock.unlock();
		return next.isInPlace();
	}

	/** Accepts nothing more, and writes what is staged. */
	void close() throws IOException {
		this.lock.lock();
		this.closed = true;
		this.lock.unlock();
		write();
	}

	/**
	 * Something that is written.
	 */
	@FunctionalInterface
	private interface Writing {

		void run() throws IOException;

	}

}
