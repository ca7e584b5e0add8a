package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The directory of one log. Whoever holds its lock owns the log; the lock ends with the
 * process, however that ends.
 */
public final class LogDirectory implements AutoCloseable {

	private static final String LOCK = "lock";

	private final Path path;

	private final FileChannel channel;

	private LogDirectory(Path path, FileChannel channel) {
		this.path = path;
		this.channel = channel;
	}

	static LogDirectory create(Path path) throws IOException {
		Files.createDirectories(path, PosixFilePermissions.asFileAttribute(SpoolDirectory.OWNER_ONLY));
		LogDirectory created = tryLock(path, StandardOpenOption.CREATE_NEW);
		if (created == null) {
			throw new IOException("The new log " + path + " is locked by somebody else");
		}
		return created;
	}

	/**
	 * Takes a log over, if its process is dead.
	 * @return null if somebody owns it, or it is gone
	 */
	static @Nullable LogDirectory adopt(Path path) throws IOException {
		try {
			LogDirectory adopted = tryLock(path, StandardOpenOption.WRITE);
			if (adopted != null && !Files.exists(path.resolve(LOCK))) {
				// its owner removed it between our opening and locking the file
				adopted.close();
				return null;
			}
			return adopted;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	private static @Nullable LogDirectory tryLock(Path path, StandardOpenOption how) throws IOException {
		FileChannel channel = FileChannel.open(path.resolve(LOCK), how, StandardOpenOption.WRITE);
		try {
			FileLock lock = channel.tryLock();
			if (lock != null) {
				return new LogDirectory(path, channel);
			}
		}
		catch (OverlappingFileLockException ex) {
			// owned by this process
		}
		channel.close();
		return null;
	}

	/** Returns where the segments are. */
	public Path path() {
		return this.path;
	}

	/**
	 * Removes the log, of which nothing is left to send.
	 */
	public void delete() throws IOException {
		try (Stream<Path> files = Files.list(this.path)) {
			for (Path file : files.filter(Segment::isSegment).toList()) {
				Files.delete(file);
			}
		}
		Files.delete(this.path.resolve(LOCK));
		close();
		Files.delete(this.path);
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
