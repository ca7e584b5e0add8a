package io.observatory.storage.sample.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * The bytes of a request, in an array that grows within the request's
 * {@link MemoryLease}. Not thread-safe.
 */
public final class Body extends OutputStream {

	private static final int FIRST_SIZE = 16 * 1024;

	private final MemoryLease lease;

	private final long maxSize;

	private byte[] bytes = {};

	private int size;

	/**
	 * Makes an empty body.
	 * @param lease where its memory comes from
	 * @param maxSize the most bytes that it may have
	 */
	public Body(MemoryLease lease, long maxSize) {
		this.lease = lease;
		this.maxSize = Math.min(maxSize, Integer.MAX_VALUE - 8);
	}

	/**
	 * Announces the number of bytes, before any of them has been read.
	 * @throws RequestException when they are too many
	 */
	public void expect(long more) {
		if (more > this.maxSize - this.size) {
			throw RequestException.tooLarge(this.maxSize);
		}
	}

	/**
	 * Makes room for the bytes that can be read now.
	 * @throws RequestException when they are too many, or there is no memory
	 */
	public void allocate(int more) {
		expect(more);
		resize(this.size + more);
	}

	@Override
	public void write(int value) {
		room(1);
		this.bytes[this.size++] = (byte) value;
	}

	@Override
	public void write(byte[] source, int offset, int count) {
		room(count);
		System.arraycopy(source, offset, this.bytes, this.size, count);
		this.size += count;
	}

	/**
	 * Reads once from the stream, as much as there is room for.
	 * @return how many bytes were read, or -1 at the end; none where a stream that does
	 * not block was ready for what stands around a chunk, but no byte of it has come
	 */
	public int readFrom(InputStream in) throws IOException {
		if (this.size == this.bytes.length) {
			return readOne(in);
		}
		int count = in.read(this.bytes, this.size, this.bytes.length - this.size);
		this.size += Math.max(count, 0);
		return count;
	}

	/** Grows only if there is something to read: {@code read()} cannot say that not. */
	private int readOne(InputStream in) throws IOException {
		byte[] next = new byte[1];
		int count = in.read(next);
		if (count > 0) {
			write(next[0]);
		}
		return count;
	}

	/**
	 * Reads the stream to its end.
	 */
	public Body readAll(InputStream in) throws IOException {
		while (readFrom(in) >= 0) {
			continue;
		}
		return this;
	}

	private void room(int more) {
		expect(more);
		if (more > this.bytes.length - this.size) {
			long capacity = Math.max(this.size + (long) more, this.bytes.length * 2L);
			resize((int) Math.min(Math.max(capacity, FIRST_SIZE), this.maxSize));
		}
	}

	private void resize(int capacity) {
		this.lease.reserve(capacity);
		int before = this.bytes.length;
		this.bytes = Arrays.copyOf(this.bytes, capacity);
		this.lease.release(before);
	}

	/** Returns the array, which may be longer than the body. */
	public byte[] array() {
		return this.bytes;
	}

	/** Returns how many bytes there are. */
	public int size() {
		return this.size;
	}

	/** Releases the bytes and their memory. */
	public void clear() {
		this.lease.release(this.bytes.length);
		this.bytes = new byte[0];
		this.size = 0;
	}

}
