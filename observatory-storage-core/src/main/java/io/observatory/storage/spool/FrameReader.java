package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * Reads frames one after the other, and finds its way again behind what is damaged. Used
 * by one thread.
 */
final class FrameReader {

	/** Small frames are read many at once. */
	private static final int BLOCK = 256 * 1024;

	private final Source source;

	private final long limit;

	private ByteBuffer block = ByteBuffer.allocate(0);

	/** Where the block begins. */
	private long blockStart;

	/** Where the next frame may begin. */
	private long next;

	/**
	 * @param from where the first frame begins
	 * @param limit where to stop
	 */
	FrameReader(Source source, long from, long limit) {
		this.source = source;
		this.next = from;
		this.limit = limit;
	}

	/**
	 * Returns the next frame that is whole, or null at the end.
	 */
	@Nullable StoredFrame next() throws IOException {
		while (this.limit - this.next >= FrameHeader.SIZE) {
			StoredFrame frame = at(this.next);
			this.next += (frame != null) ? frame.header().frameSize() : FrameHeader.ALIGNMENT;
			if (frame != null) {
				return frame;
			}
		}
		return null;
	}

	private @Nullable StoredFrame at(long place) throws IOException {
		int position = load(place, FrameHeader.SIZE);
		FrameHeader header = FrameHeader.read(this.block, position);
		if (header == null || header.length() > this.limit - place - FrameHeader.SIZE) {
			return null;
		}
		int start = load(place, FrameHeader.SIZE + header.length()) + FrameHeader.SIZE;
		boolean whole = header.checksum() == FrameHeader.checksum(this.block.array(), start, header.length());
		return whole ? new StoredFrame(header, place, this.block.array(), start) : null;
	}

	/**
	 * Has so many bytes in the block.
	 * @return where in the block they begin
	 */
	private int load(long place, int length) throws IOException {
		long position = place - this.blockStart;
		if (position + length <= this.block.limit()) {
			return (int) position;
		}
		int size = (int) Math.min(Math.max(BLOCK, length), this.limit - place);
		this.block = (size <= this.block.capacity()) ? this.block.clear().limit(size) : ByteBuffer.allocate(size);
		this.source.read(this.block, place);
		this.block.rewind();
		this.blockStart = place;
		return 0;
	}

	/**
	 * Where the bytes come from.
	 */
	@FunctionalInterface
	interface Source {

		/** Reads as much as there is and fits. */
		void read(ByteBuffer into, long position) throws IOException;

	}

	/**
	 * A frame that is whole and as it was written.
	 *
	 * @param header its header
	 * @param place where it begins in its file
	 * @param array the memory that it was read into, until the next one is read
	 * @param start where in that memory the header ends
	 */
	@SuppressWarnings("ArrayRecordComponent") // shared on purpose
	record StoredFrame(FrameHeader header, long place, byte[] array, int start) {
	}

}
