package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Reads the frames of a segment one after the other, and finds its way again behind what
 * is damaged. Used by one thread.
 */
final class FrameReader {

	/** Small frames are read many at once. */
	private static final int BLOCK = 256 * 1024;

	private final Segment segment;

	private final long limit;

	private ByteBuffer block = ByteBuffer.allocate(0);

	/** Where in the log the block begins. */
	private long blockStart;

	/** Where in the log the next frame begins. */
	private long next;

	/** Where the last frame that is whole ends. */
	private long end;

	private long damagedBytes;

	/**
	 * @param from where the first frame begins
	 * @param limit where in the log to stop
	 */
	FrameReader(Segment segment, long from, long limit) {
		this.segment = segment;
		this.limit = limit;
		this.next = from;
		this.end = from;
	}

	/** Returns where the last frame that is whole ends. */
	long end() {
		return this.end;
	}

	/** Returns how many bytes before {@link #end} are damaged. */
	long damagedBytes() {
		return this.damagedBytes;
	}

	/**
	 * Returns the next frame that is whole, or null at the end.
	 */
	@Nullable Frame next() throws IOException {
		while (this.next < this.limit) {
			Frame frame = at(this.next);
			if (frame != null) {
				this.damagedBytes += this.next - this.end;
				this.next = frame.header().end();
				this.end = this.next;
				return frame;
			}
			this.next += FrameHeader.ALIGNMENT;
		}
		return null;
	}

	private @Nullable Frame at(long offset) throws IOException {
		int position = load(offset, FrameHeader.SIZE);
		FrameHeader header = FrameHeader.read(this.block, position);
		if (header == null || header.offset() != offset || header.end() > this.limit) {
			return null;
		}
		int rows = load(offset, FrameHeader.SIZE + header.length()) + FrameHeader.SIZE;
		boolean whole = header.length() <= this.block.limit() - rows && header
			.checksum() == FrameHeader.checksum(this.block.duplicate().limit(rows + header.length()).position(rows));
		return whole ? new Frame(header, this.block.array(), rows) : null;
	}

	/**
	 * Has so many bytes in the block, if the segment has them.
	 * @return where in the block they begin
	 */
	private int load(long offset, int length) throws IOException {
		long position = offset - this.blockStart;
		if (position + length > this.block.limit()) {
			// frames that were returned keep the old one
			this.block = ByteBuffer.allocate((int) Math.min(Math.max(BLOCK, length), this.limit - offset));
			this.segment.read(this.block, offset);
			this.block.flip();
			this.blockStart = offset;
			return 0;
		}
		return (int) position;
	}

}
