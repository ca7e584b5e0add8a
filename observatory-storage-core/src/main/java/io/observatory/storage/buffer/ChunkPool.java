package io.observatory.storage.buffer;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory that rows are buffered in, in pieces of one size that are reused. Guarded by
 * the buffer's lock.
 */
final class ChunkPool {

	static final int CHUNK_SIZE = 1 << 16;

	/**
	 * A row larger than this has memory of its own size, so that at most an eighth of a
	 * chunk is left unused at its end.
	 */
	static final int MAX_POOLED_ROW = CHUNK_SIZE / 8;

	private final Deque<byte[]> free = new ArrayDeque<>();

	private final int maxFree;

	ChunkPool(long maxBytes) {
		this.maxFree = (int) Math.min(maxBytes / CHUNK_SIZE / 4, 256);
	}

	byte[] get() {
		byte[] chunk = this.free.pollLast();
		return (chunk != null) ? chunk : new byte[CHUNK_SIZE];
	}

	void release(byte[] chunk) {
		if (chunk.length == CHUNK_SIZE && this.free.size() < this.maxFree) {
			this.free.addLast(chunk);
		}
	}

}
