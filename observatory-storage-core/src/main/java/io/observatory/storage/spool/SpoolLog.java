package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Rows in the order in which they were accepted, on disk. What {@link #append} has
 * returned for survives the death of the process or, if it is forced, of the machine.
 * <p>
 * Callers that append at the same time share one write, and one force: the first of them
 * writes for all. Thread-safe; no lock is held while something is written or read.
 */
public final class SpoolLog implements AutoCloseable {

	private static final int STAGING = 1024 * 1024;

	private final Segments segments;

	private final boolean forced;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition written = this.lock.newCondition();

	/** Frames that wait to be written. */
	private ByteBuffer staged = ByteBuffer.allocateDirect(STAGING);

	private ByteBuffer spare = ByteBuffer.allocateDirect(STAGING);

	/** Where the next frame will begin, and how many rows stand before it. */
	private Place next;

	/** Up to where everything is written. */
	private volatile Place end;

	/** Frames staged before a failure are gone. */
	private int failures;

	private @Nullable IOException failure;

	private boolean writing;

	private boolean closed;

	private SpoolLog(Segments segments, boolean forced, Place end) {
		this.segments = segments;
		this.forced = forced;
		this.next = end;
		this.end = end;
	}

	/**
	 * Opens a log, or makes it.
	 * @param directory where its segments are; nobody else may have it open
	 * @param segmentBytes about how large a segment gets
	 * @param forced whether an append waits for the disk
	 * @param seals is given each seal, the oldest first
	 * @return the log and what was damaged
	 */
	public static Opened open(Path directory, long segmentBytes, boolean forced, Consumer<Seal> seals)
			throws IOException {
		Segments segments = Segments.open(directory, segmentBytes);
		LogScan scan = LogScan.of(segments, seals);
		return new Opened(new SpoolLog(segments, forced, scan.end()), scan.start(), scan.lostRows(),
				scan.damagedBytes());
	}

	/**
	 * Appends rows of a table, as one frame.
	 * @return where the frame ends
	 * @throws IOException when they could not be written; none of them are in the log
	 */
	public long append(int table, int version, int rows, byte[] bytes, int from, int length) throws IOException {
		return append(FrameHeader.Kind.ROWS, table, version, rows, ByteBuffer.wrap(bytes, from, length));
	}

	/**
	 * Appends a seal.
	 */
	public long append(Seal seal) throws IOException {
		return append(FrameHeader.Kind.SEAL, 0, 0, 0, seal.bytes());
	}

	private long append(FrameHeader.Kind kind, int table, int version, int rows, ByteBuffer bytes) throws IOException {
		int checksum = FrameHeader.checksum(bytes.duplicate());
		this.lock.lock();
		try {
			int size = FrameHeader.frameSize(bytes.remaining());
			while (this.staged.position() > 0 && this.staged.remaining() < size) {
				writeOrWait();
			}
			if (this.closed) {
				throw new IOException("The log is closed");
			}
			int before = this.failures;
			stage(new FrameHeader(kind, table, version, rows, bytes.remaining(), this.next.offset(), this.next.rows(),
					checksum), bytes);
			long end = this.next.offset();
			while (this.failures == before && this.end.offset() < end) {
				writeOrWait();
			}
			if (this.failures != before) {
				throw new IOException("The log could not be written", this.failure);
			}
			return end;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void stage(FrameHeader header, ByteBuffer bytes) {
		int size = FrameHeader.frameSize(bytes.remaining());
		if (size > this.staged.capacity()) {
			// it is empty, see above; such a frame is rare, and its memory is not kept
			this.staged = ByteBuffer.allocateDirect(size);
		}
		int start = this.staged.position();
		header.write(this.staged);
		this.staged.put(bytes);
		while (this.staged.position() < start + size) {
			this.staged.put((byte) 0);
		}
		this.next = new Place(header.end(), header.rowsBefore() + header.rows());
	}

	/** One writes for all; whoever comes meanwhile is in the next turn. */
	private void writeOrWait() {
		if (this.writing) {
			this.written.awaitUninterruptibly();
			return;
		}
		this.writing = true;
		ByteBuffer bytes = this.staged.flip();
		this.staged = this.spare;
		Place from = this.end;
		Place to = this.next;
		IOException failed = null;
		this.lock.unlock();
		try {
			this.segments.write(bytes, from.offset(), this.forced);
		}
		catch (IOException ex) {
			failed = ex;
		}
		finally {
			this.lock.lock();
			this.spare = (bytes.capacity() > STAGING) ? ByteBuffer.allocateDirect(STAGING) : bytes.clear();
			this.writing = false;
			settle(failed, to);
			this.written.signalAll();
		}
	}

	/** After a failure the frames that were staged meanwhile have no place any more. */
	private void settle(@Nullable IOException failed, Place to) {
		if (failed == null) {
			this.end = to;
			return;
		}
		this.failure = failed;
		this.failures++;
		this.staged.clear();
		this.next = this.end;
	}

	/**
	 * Returns where the log ends: what is appended next will begin there.
	 */
	public Place end() {
		return this.end;
	}

	/**
	 * Reads rows, frame by frame, until there are enough of them or the log ends.
	 * @param from where a frame begins
	 * @param limit where to stop, at most the {@link #end}
	 * @return what was read
	 */
	public Stretch read(long from, long limit, int maxRows, long maxBytes) throws IOException {
		return Stretch.read(this.segments, from, Math.min(limit, this.end.offset()), maxRows, maxBytes);
	}

	/** Returns how many bytes it takes on disk. */
	public long bytes() throws IOException {
		return this.segments.bytes();
	}

	/** Deletes the segments that end before a place. */
	public void trim(long before) throws IOException {
		this.segments.trim(before);
	}

	@Override
	public void close() throws IOException {
		this.lock.lock();
		try {
			this.closed = true;
			while (this.writing) {
				this.written.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
		this.segments.close();
	}

	/**
	 * A place of a log.
	 *
	 * @param offset how many bytes of frames stand before it
	 * @param rows how many rows stand before it
	 */
	public record Place(long offset, long rows) {
	}

	/**
	 * A log that was opened.
	 *
	 * @param log the log
	 * @param start where its first frame begins
	 * @param lostRows how many rows are damaged or gone
	 * @param damagedBytes how many bytes are of no use
	 */
	public record Opened(SpoolLog log, long start, long lostRows, long damagedBytes) {
	}

}
