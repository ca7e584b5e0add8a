package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * A file of a log. Its first frame says where in the log it begins, and so does its name.
 */
final class Segment implements AutoCloseable {

	static final String SUFFIX = ".segment";

	private final Path directory;

	private final long start;

	private final FileChannel channel;

	private Segment(Path directory, long start, FileChannel channel) {
		this.directory = directory;
		this.start = start;
		this.channel = channel;
	}

	static Segment create(Path directory, long start) throws IOException {
		return new Segment(directory, start, FileChannel.open(directory.resolve(name(start)),
				StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
	}

	static Segment open(Path file) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
		ByteBuffer first = ByteBuffer.allocate(FrameHeader.SIZE);
		channel.read(first, 0);
		FrameHeader header = FrameHeader.read(first.flip(), 0);
		return new Segment(file.toAbsolutePath().getParent(), (header != null) ? header.offset() : start(file), channel);
	}

	private static String name(long start) {
		return HexFormat.of().toHexDigits(start) + SUFFIX;
	}

	/** Where a file begins whose first frame is damaged. */
	private static long start(Path file) {
		String name = file.getFileName().toString();
		return HexFormat.fromHexDigitsToLong(name.substring(0, name.indexOf(SUFFIX)));
	}

	/** Returns whether a file is one of a log. */
	static boolean isSegment(Path file) {
		return file.getFileName().toString().contains(SUFFIX);
	}

	/** Returns the file that it has, or should have. */
	Path file() {
		return this.directory.resolve(name(this.start));
	}

	/** Returns where in the log it begins. */
	long start() {
		return this.start;
	}

	/** Returns where in the log it ends. */
	long end() throws IOException {
		return this.start + this.channel.size();
	}

	/**
	 * Writes at a place of the log. What was written in part is taken back, so that the
	 * place can be written again.
	 */
	void write(ByteBuffer bytes, long offset) throws IOException {
		long position = offset - this.start;
		try {
			while (bytes.hasRemaining()) {
				position += this.channel.write(bytes, position);
			}
		}
		catch (IOException ex) {
			cut(offset, ex);
			throw ex;
		}
	}

	private void cut(long offset, IOException reason) {
		try {
			this.channel.truncate(offset - this.start);
		}
		catch (IOException ex) {
			reason.addSuppressed(ex);
		}
	}

	/** Forgets what stands behind a place of the log. */
	void truncate(long end) throws IOException {
		this.channel.truncate(end - this.start);
	}

	/** Reads from a place of the log, as much as there is and fits. */
	void read(ByteBuffer into, long offset) throws IOException {
		long position = offset - this.start;
		int count = 0;
		while (into.hasRemaining() && count >= 0) {
			count = this.channel.read(into, position);
			position += Math.max(count, 0);
		}
	}

	void force() throws IOException {
		this.channel.force(false);
	}

	void delete() throws IOException {
		close();
		Files.deleteIfExists(file());
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
