package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The lock of a log's directory. It ends with the process, however that ends.
 */
final class LogLock implements AutoCloseable {

	static final String FILE = "lock";

	private final Path file;

	private final FileChannel channel;

	private final @Nullable Object key;

	private LogLock(Path file, FileChannel channel, @Nullable Object key) {
		this.file = file;
		this.channel = channel;
		this.key = key;
	}

	/**
	 * Takes the lock.
	 * @param how whether to make the file
	 * @return null if somebody has it, or has just removed it
	 */
	static @Nullable LogLock take(Path directory, OpenOption how, FileOpener opener) throws IOException {
		Path file = directory.resolve(FILE);
		if (!claim(file)) {
			return null;
		}
		LogLock lock = null;
		try {
			// made by itself, so that its key can be read before it is opened
			opener.open(file, Set.of(how, StandardOpenOption.WRITE)).close();
			Object key = key(file);
			lock = lock(file, opener.open(file, Set.of(StandardOpenOption.WRITE)), key);
			return lock;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
		finally {
			if (lock == null) {
				unclaim(file);
			}
		}
	}

	/**
	 * The owner may remove the file while it is opened here, and somebody else may make
	 * it anew. The lock is on the old file then, and not held: its key is not that of the
	 * new one.
	 * @param key that of the file before it was opened
	 */
	private static @Nullable LogLock lock(Path file, FileChannel channel, @Nullable Object key) throws IOException {
		LogLock lock = null;
		try {
			if (channel.tryLock() != null) {
				LogLock taken = new LogLock(file, channel, key);
				lock = taken.isHeld() ? taken : null;
			}
			return lock;
		}
		finally {
			if (lock == null) {
				channel.close();
			}
		}
	}

	/**
	 * One process must not open a lock file twice: where locks are POSIX's, closing it
	 * ends all locks that the process has on it. System properties are the same for the
	 * whole process, also where several applications in it have this library.
	 */
	private static boolean claim(Path file) {
		return System.getProperties().putIfAbsent(property(file), "locked") == null;
	}

	private static void unclaim(Path file) {
		System.getProperties().remove(property(file));
	}

	private static String property(Path file) {
		return "io.observatory.storage.spool." + file;
	}

	private static @Nullable Object key(Path file) throws IOException {
		return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
	}

	/** Returns whether its file is still there. */
	boolean isHeld() {
		try {
			return Objects.equals(this.key, key(this.file));
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() throws IOException {
		if (this.channel.isOpen()) {
			try {
				this.channel.close();
			}
			finally {
				unclaim(this.file);
			}
		}
	}

}
