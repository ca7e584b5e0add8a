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

	/** How many bytes of frames it holds. */
	static final int SIZE = 1024 * 1024 - Long.BYTES;

	/** How large it is, with the mark of the open frame behind the frames. */
	static final int FILE_SIZE = SIZE + Long.BYTES;

	private static final String PREFIX = "staging-";

	private final @Nullable LogDirectory directory;

	private final String name;

	private @Nullable SpoolFile file;

	private ByteBuffer memory;

	/** The last frame, if it can take more rows. */
	private @Nullable OpenFrame open;

	private long firstRow;

	private long endRow;

	private Staging(@Nullable LogDirectory directory, String name, ByteBuffer memory) {
		this.directory = directory;
		this.name = name;
		this.memory = memory;
	}

	/** Returns memory that ends with the process. */
	static Staging inMemory() {
		return new Staging(null, "", ByteBuffer.allocateDirect(FILE_SIZE));
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

	/** Opens the file of a dead process, to read its frames. */
	static SpoolFile open(LogDirectory directory, String name) throws IOException {
		SpoolFile file = directory.openFile(name);
		try {
			OpenFrame.close(file);
			return file;
		}
		catch (IOException ex) {
			file.close();
			throw ex;
		}
	}

	private void map(LogDirectory directory) throws IOException {
		SpoolFile created = directory.createFile(this.name);
		try {
			created.write(ByteBuffer.allocate(FILE_SIZE), 0);
			this.memory = created.call((channel) -> channel.map(MapMode.READ_WRITE, 0, FILE_SIZE));
			this.file = created;
		}
		catch (IOException ex) {
			created.delete();
			throw ex;
		}
	}

	boolean fits(int size) {
		return size <= SIZE - this.memory.position();
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
		closeFrame();
		int start = this.memory.position();
		change(() -> {
			frame.put(this.memory, row, millis);
			TableRows only = frame.only();
			this.open = (only != null)
					? new OpenFrame(this.memory, only, start, this.memory.position() - frame.padding()) : null;
		});
		if (start == 0) {
			this.firstRow = row;
		}
		this.endRow = row + frame.rows();
	}

	/**
	 * Adds rows to the last frame, if they fit and are of its table.
	 * @return whether they do
	 * @throws IOException when the memory is gone
	 */
	boolean extend(TableRows rows) throws IOException {
		OpenFrame frame = this.open;
		if (frame == null || !frame.takes(rows) || !fits(FrameHeader.frameSize((int) rows.rows().bytes()))) {
			return false;
		}
		change(() -> {
			frame.add(rows);
			this.memory.position(frame.next());
		});
		this.endRow += rows.rows().count();
		return true;
	}

	/**
	 * Closes its last frame, so that its frames are whole.
	 * @throws IOException when the memory is gone
	 */
	void closeFrame() throws IOException {
		OpenFrame frame = this.open;
		if (frame != null) {
			change(frame::close);
			this.open = null;
		}
	}

	private void change(Runnable change) throws IOException {
		int before = this.memory.position();
		try {
			change.run();
		}
		catch (InternalError ex) {
			this.memory.position(before);
			this.open = null;
			throw new IOException("The log's file " + this.name + " was changed by somebody else", ex);
		}
	}

	/** Returns the bytes of its frames, which are closed. */
	ByteBuffer frames() {
		return this.memory.duplicate().flip();
	}

	/** Forgets its frames, which are written. */
	void clear() {
		this.open = null;
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
