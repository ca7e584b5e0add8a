package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The directory of one log, and the right to it: whoever has one owns the log.
 */
public final class LogDirectory implements AutoCloseable {

	private final Path path;

	private final FileOpener opener;

	private volatile LogLock lock;

	private LogDirectory(Path path, FileOpener opener, LogLock lock) {
		this.path = path;
		this.opener = opener;
		this.lock = lock;
	}

	static LogDirectory create(Path path, FileOpener opener) throws IOException {
		return new LogDirectory(path, opener, newLock(path, opener));
	}

	private static LogLock newLock(Path path, FileOpener opener) throws IOException {
		SpoolDirectory.createDirectories(path);
		LogLock lock = LogLock.take(path, StandardOpenOption.CREATE_NEW, opener);
		if (lock == null) {
			throw new FileAlreadyExistsException(path.toString(), null, "Somebody else owns this log");
		}
		Path writer = Objects.requireNonNull(path.getParent());
		force(writer, opener);
		force(Objects.requireNonNull(writer.getParent()), opener);
		return lock;
	}

	/**
	 * Takes a log over, if its process is dead.
	 * @return null if somebody owns it, or it is gone
	 */
	static @Nullable LogDirectory adopt(Path path, FileOpener opener) throws IOException {
		LogLock lock = LogLock.take(path, StandardOpenOption.CREATE, opener);
		return (lock != null) ? new LogDirectory(path, opener, lock) : null;
	}

	/** Returns whether it may be the directory of a log. */
	static boolean isLog(Path directory) {
		try {
			UUID.fromString(String.valueOf(directory.getFileName()));
			return Files.isDirectory(directory);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/** Returns the identity of the log, which is that of its lane as well. */
	public UUID id() {
		return UUID.fromString(String.valueOf(this.path.getFileName()));
	}

	/** Returns where its files are. */
	public Path path() {
		return this.path;
	}

	SpoolFile createFile(String name) throws IOException {
		return SpoolFile.create(this.path.resolve(name), this.opener);
	}

	SpoolFile openFile(String name) throws IOException {
		return SpoolFile.open(this.path.resolve(name), this.opener);
	}

	/** Returns the names of its files, in their order. */
	List<String> files() throws IOException {
		try (Stream<Path> files = Files.list(this.path)) {
			return files.map((file) -> String.valueOf(file.getFileName())).sorted().toList();
		}
	}

	/** Has the names of its files survive the death of the machine. */
	void force() throws IOException {
		force(this.path, this.opener);
	}

	private static void force(Path directory, FileOpener opener) throws IOException {
		try (SpoolFile file = SpoolFile.openDirectory(directory, opener)) {
			file.force();
		}
	}

	/**
	 * Makes it again, if somebody has removed it.
	 * @return whether that was so
	 * @throws IOException when that cannot be done, or somebody else owns it by now
	 */
	boolean restore() throws IOException {
		if (this.lock.isHeld()) {
			return false;
		}
		this.lock.close();
		this.lock = newLock(this.path, this.opener);
		return true;
	}

	/**
	 * Removes the log, of which nothing is left to send. The lock goes last.
	 */
	public void delete() throws IOException {
		for (String file : files()) {
			if (!file.equals(LogLock.FILE)) {
				Files.deleteIfExists(this.path.resolve(file));
			}
		}
		Files.deleteIfExists(this.path.resolve(LogLock.FILE));
		close();
		try {
			Files.deleteIfExists(this.path);
		}
		catch (DirectoryNotEmptyException ex) {
			// somebody is just trying to adopt it, and will find it empty
		}
	}

	/** Gives the log up, to whoever adopts it. */
	@Override
	public void close() throws IOException {
		this.lock.close();
	}

}
