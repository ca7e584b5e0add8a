package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Memory for frames that are to be written together. It may be that of a file: then what
 * is in it has survived the death of the process before it is written anywhere else, at
 * the price of copying it. The file has its size from the beginning, so that a full disk
 * cannot get in the way of a copy (POSIX, mmap, SIGBUS).
 * <p>
 * Guarded by the log's lock, but for {@link #frames} and {@link #restore}.
 */
final class Staging implements AutoCloseable {

	/** How large it is, in bytes. */
	static final int SIZE = 1024 * 1024;

	private static final String PREFIX = "staging-";

	private final @Nullable LogDirectory directory;

	private final String name;

	private @Nullable SpoolFile file;

	private ByteBuffer memory;

	private long firstRow;

	private long endRow;

	private Staging(@Nullable LogDirectory directory, String name, ByteBuffer memory) {
		this.directory = directory;
		this.name = name;
		this.memory = memory;
	}

	/** Returns memory that ends with the process. */
	static Staging inMemory() {
		return new Staging(null, "", ByteBuffer.allocateDirect(SIZE));
	}

	/** Returns the memory of a new file. */
	static Staging inFile(LogDirectory directory, int number) throws IOException {
		Staging staging = new Staging(directory, PREFIX + number, ByteBuffer.allocate(0));
		staging.map(directory);
		return staging;
	}

	/** Returns whether a file of a log is one of these. */
	static boolean isStaging(String file) {
		return file.startsWith(PREFIX);
	}

	private void map(LogDirectory directory) throws IOException {
		SpoolFile created = directory.createFile(this.name);
		try {
			created.write(ByteBuffer.allocate(SIZE), 0);
			this.memory = created.call((channel) -> channel.map(MapMode.READ_WRITE, 0, SIZE));
			this.file = created;
		}
		catch (IOException ex) {
			created.delete();
			throw ex;
		}
	}

	boolean fits(int size) {
		return size <= this.memory.remaining();
	}

	boolean isEmpty() {
		return size() == 0;
	}

	/** Returns how many bytes its frames have. */
	int size() {
		return this.memory.position();
	}

	long firstRow() {
		return this.firstRow;
	}

	long endRow() {
		return this.endRow;
	}

	/**
	 * Adds a frame that fits.
	 * @throws IOException when the memory is gone, as when somebody cuts the file
	 */
	void put(Frame frame, long row, long millis) throws IOException {
		int before = this.memory.position();
		try {
			frame.put(this.memory, row, millis);
		}
		catch (InternalError ex) {
			this.memory.position(before);
			throw new IOException("The log's file " + this.name + " was changed by somebody else", ex);
		}
		if (before == 0) {
			this.firstRow = row;
		}
		this.endRow = row + frame.rows();
	}

	/** Returns the bytes of its frames. */
	ByteBuffer frames() {
		return this.memory.duplicate().flip();
	}

	/** Forgets its frames, which are written. */
	void clear() {
		this.memory.clear();
	}

	/**
	 * Makes its file again, if somebody has removed it. It must have no frames that are
	 * not written.
	 */
	void restore() throws IOException {
		if (this.directory != null && !isInPlace()) {
			map(this.directory);
		}
	}

	/** Returns whether its file, if it has one, is still there. */
	boolean isInPlace() {
		return this.file == null || this.file.exists();
	}

	@Override
	public void close() throws IOException {
		if (this.file != null) {
			this.file.close();
		}
	}

}
