package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.observatory.storage.sample.startup.StartException;

/**
 * Makes sure that only one process uses a directory. A server that is found running there
 * then belongs to no living process. The operating system releases the lock when the
 * process ends, in whatever way.
 */
final class DirectoryLock implements AutoCloseable {

	/** Of the file that is locked. */
	static final String NAME = "lock";

	private final FileChannel channel;

	private DirectoryLock(FileChannel channel) {
		this.channel = channel;
	}

	static DirectoryLock of(Path directory) {
		try {
			FileChannel channel = FileChannel.open(directory.resolve(NAME), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
			if (isLocked(channel)) {
				return new DirectoryLock(channel);
			}
			channel.close();
		}
		catch (IOException ex) {
			throw notWritable(directory, ex);
		}
		throw new StartException("Another process uses the embedded PostgreSQL in " + directory,
				"End that process, or set sample.postgres.directory to another directory.", null);
	}

	static StartException notWritable(Path directory, IOException ex) {
		return new StartException("The directory of the embedded PostgreSQL cannot be written: " + directory,
				"Set sample.postgres.directory to a directory that can be written.", ex);
	}

	private static boolean isLocked(FileChannel channel) throws IOException {
		try {
			return channel.tryLock() != null;
		}
		catch (OverlappingFileLockException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
