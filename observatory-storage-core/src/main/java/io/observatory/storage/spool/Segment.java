package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

import io.observatory.storage.spool.FrameReader.StoredFrame;

/**
 * A file with the frames of a log from a row on, up to where the next segment begins. One
 * thread at a time appends; others may read meanwhile.
 */
final class Segment implements AutoCloseable {

	private final SpoolFile file;

	private final long firstRow;

	/** Where in the file its first frame begins. */
	private final long start;

	private volatile long end;

	/** Up to where it is on the disk. */
	private long forcedEnd;

	/** What stands behind the last frame could not be cut off. */
	private boolean torn;

	private volatile long storedNanos;

	private volatile boolean stored;

	Segment(SpoolFile file, long firstRow, long start, long end) {
		this.file = file;
		this.firstRow = firstRow;
		this.start = start;
		this.end = end;
	}

	long firstRow() {
		return this.firstRow;
	}

	long end() {
		return this.end;
	}

	/** Returns how many bytes it has. */
	long bytes() {
		return this.end - this.start;
	}

	FrameReader reader(long place) {
		return new FrameReader(this.file::read, Math.max(place, this.start), this.end);
	}

	/** Returns the number of the row behind its last frame. */
	long endRow() throws IOException {
		FrameReader reader = reader(this.start);
		long row = this.firstRow;
		for (StoredFrame frame = reader.next(); frame != null; frame = reader.next()) {
			row = Math.max(row, frame.header().endRow());
		}
		return row;
	}

	/**
	 * Returns whether something can be appended.
	 */
	boolean isWritable(long maxBytes) {
		return !this.torn && this.end < maxBytes && this.file.exists();
	}

	/**
	 * Appends frames. What was written in part is taken back.
	 */
	void append(List<ByteBuffer> frames) throws IOException {
		long place = this.end;
		try {
			for (ByteBuffer piece : frames) {
				this.file.write(piece, place);
				place += piece.remaining();
			}
			this.end = place;
		}
		catch (IOException ex) {
			cut(this.end, ex);
			throw ex;
		}
	}

	/** Forgets what stands behind a place. */
	void cut(long place, IOException reason) {
		this.end = place;
		try {
			this.file.truncate(place);
		}
		catch (IOException ex) {
			this.torn = true;
			reason.addSuppressed(ex);
		}
	}

	/** Returns where it ended when it was forced. */
	long forcedEnd() {
		return this.forcedEnd;
	}

	void force() throws IOException {
		long forcing = this.end;
		this.file.force();
		this.forcedEnd = forcing;
	}

	/** Says whether all of its rows are stored, and if so since when. */
	void stored(boolean all) {
		if (all != this.stored) {
			this.storedNanos = System.nanoTime();
			this.stored = all;
		}
	}

	boolean isStoredFor(long nanos) {
		return this.stored && System.nanoTime() - this.storedNanos >= nanos;
	}

	void delete() throws IOException {
		this.file.delete();
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

}
