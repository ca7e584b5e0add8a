package io.observatory.storage.buffer;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The memory that rows are buffered in, in chunks of one size that are reused. What is
 * kept for reuse never exceeds what the bound leaves beside the memory in use. Guarded by
 * the buffer's lock.
 */
final class ChunkPool {

	private static final int MAX_CHUNK_SIZE = 1 << 16;

	private static final int MIN_CHUNK_SIZE = 256;

	/**
	 * What is held may exceed what is counted by one in so many: at the end of each
	 * chunk, and in the open chunks of all queues.
	 */
	private static final int SLACK = 16;

	private final long maxBytes;

	private final int chunkSize;

	private final Deque<byte[]> free = new ArrayDeque<>();

	private long used;

	/**
	 * Makes an empty pool.
	 * @param queues how many queues have a chunk open
	 */
	ChunkPool(long maxBytes, int queues) {
		this.maxBytes = maxBytes;
		long fair = Long.highestOneBit(Math.max(1, maxBytes / queues / SLACK / 2));
		this.chunkSize = (int) Math.min(MAX_CHUNK_SIZE, Math.max(MIN_CHUNK_SIZE, fair));
	}

	int chunkSize() {
		return this.chunkSize;
	}

	/** Returns whether so many bytes leave more of a chunk unused than may be. */
	boolean isWasteful(int length) {
		return length < this.chunkSize - maxPooledRow();
	}

	/** A larger row has memory of its own size. */
	int maxPooledRow() {
		return this.chunkSize / SLACK;
	}

	/** Returns an empty chunk. */
	byte[] chunk() {
		byte[] chunk = this.free.pollLast();
		this.used += this.chunkSize;
		return (chunk != null) ? chunk : new byte[this.chunkSize];
	}

	/** Returns a copy of some bytes, in memory of their size. */
	byte[] copy(byte[] source, int from, int to) {
		this.used += to - from;
		while (!this.free.isEmpty() && this.used + kept() > this.maxBytes) {
			this.free.pollLast();
		}
		return Arrays.copyOfRange(source, from, to);
	}

	/** Takes memory back that is not in use any more. */
	void release(byte[] memory) {
		this.used -= memory.length;
		if (memory.length == this.chunkSize && this.used + kept() + this.chunkSize <= this.maxBytes) {
			this.free.addLast(memory);
		}
	}

	private long kept() {
		return (long) this.free.size() * this.chunkSize;
	}

}
