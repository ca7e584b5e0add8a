package io.observatory.storage.buffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;

/**
 * Rows of one table that wait for a slot, first in, first out. Each row has a position:
 * how many were appended before it. Guarded by the buffer's lock.
 */
final class RowQueue {

	private static final byte[] NONE = {};

	private final int index;

	private final int maxChunkRows;

	private final int maxChunkBytes;

	private final ChunkPool pool;

	private final Deque<Chunk> full = new ArrayDeque<>();

	private byte[] open = NONE;

	private int openLength;

	private int openRows;

	private long appended;

	private long taken;

	private long bytes;

	/** Rows before this position must go, however few they are. */
	private long flushTo;

	RowQueue(int index, BufferLimits limits, ChunkPool pool) {
		this.index = index;
		this.maxChunkRows = limits.maxBatchRows();
		this.maxChunkBytes = (int) Math.min(limits.maxBatchBytes(), pool.chunkSize());
		this.pool = pool;
	}

	/** Returns its number among all queues of the buffer. */
	int index() {
		return this.index;
	}

	long rows() {
		return this.appended - this.taken;
	}

	long bytes() {
		return this.bytes;
	}

	long appended() {
		return this.appended;
	}

	long taken() {
		return this.taken;
	}

	boolean mustFlush() {
		return this.taken < this.flushTo;
	}

	void flushAll() {
		this.flushTo = this.appended;
	}

	void append(byte[] source, int from, int to) {
		int length = to - from;
		if (length > this.pool.maxPooledRow() || length > this.maxChunkBytes) {
			closeChunk();
			this.full.addLast(new Chunk(this.pool.copy(source, from, to), 0, length, 1));
		}
		else {
			if (this.open == NONE || this.openLength + length > this.maxChunkBytes
					|| this.openRows == this.maxChunkRows) {
				closeChunk();
				this.open = this.pool.chunk();
			}
			System.arraycopy(source, from, this.open, this.openLength, length);
			this.openLength += length;
			this.openRows++;
		}
		this.appended++;
		this.bytes += length;
	}

	/**
	 * Takes what fits into a batch: whole chunks, and at least one when the batch is
	 * still empty.
	 */
	Rows take(int maxRows, long maxBytes, boolean batchIsEmpty) {
		List<Chunk> chunks = new ArrayList<>();
		long rowsLeft = maxRows;
		long bytesLeft = maxBytes;
		while (!isEmpty() && (fits(rowsLeft, bytesLeft) || (batchIsEmpty && chunks.isEmpty()))) {
			Chunk next = this.full.isEmpty() ? endChunk() : this.full.removeFirst();
			chunks.add(next);
			rowsLeft -= next.rows();
			bytesLeft -= next.length();
		}
		Rows rows = new Rows(chunks);
		this.taken += rows.count();
		this.bytes -= rows.bytes();
		return rows;
	}

	private boolean isEmpty() {
		return this.full.isEmpty() && this.openRows == 0;
	}

	/** Returns whether the next chunk fits; the open one stays open when it does not. */
	private boolean fits(long rowsLeft, long bytesLeft) {
		Chunk next = this.full.peekFirst();
		return (next != null) ? next.rows() <= rowsLeft && next.length() <= bytesLeft
				: this.openRows <= rowsLeft && this.openLength <= bytesLeft;
	}

	/**
	 * A chunk that would waste memory gives it back for a piece of its rows' size, so
	 * that what is held stays near what is counted. One that goes into a batch at once
	 * does not: a slot has one batch, which gives the memory back.
	 */
	private void closeChunk() {
		if (this.openRows == 0) {
			return;
		}
		Chunk rows = endChunk();
		if (this.pool.isWasteful(rows.length())) {
			byte[] memory = rows.array();
			rows = new Chunk(this.pool.copy(memory, 0, rows.length()), 0, rows.length(), rows.rows());
			this.pool.release(memory);
		}
		this.full.addLast(rows);
	}

	private Chunk endChunk() {
		Chunk rows = new Chunk(this.open, 0, this.openLength, this.openRows);
		this.open = NONE;
		this.openLength = 0;
		this.openRows = 0;
		return rows;
	}

}
