package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An open file. An interrupt closes a channel, also that of other threads; here it is
 * opened again, the operation is done, and the interrupt stays for whoever looks at it.
 */
final class SpoolFile implements AutoCloseable {

	/** The JDK keeps memory of that size for each thread. */
	private static final int MAX_TRANSFER = 64 * 1024;

	private static final Set<OpenOption> READ_AND_WRITE = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

	private static final Set<OpenOption> READ_ONLY = Set.of(StandardOpenOption.READ);

	private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE_NEW);

	private final Path path;

	private final FileOpener opener;

	/** How it is opened again. */
	private final Set<OpenOption> options;

	private final AtomicReference<FileChannel> channel;

	private volatile boolean closed;

	private SpoolFile(Path path, FileOpener opener, Set<OpenOption> options, FileChannel channel) {
		this.path = path;
		this.opener = opener;
		this.options = options;
		this.channel = new AtomicReference<>(channel);
	}

	static SpoolFile create(Path path, FileOpener opener) throws IOException {
		return new SpoolFile(path, opener, READ_AND_WRITE, opener.open(path, NEW));
	}

	static SpoolFile open(Path path, FileOpener opener) throws IOException {
		return new SpoolFile(path, opener, READ_AND_WRITE, opener.open(path, READ_AND_WRITE));
	}

	/** Opens a directory, which can be forced and nothing else. */
	static SpoolFile openDirectory(Path path, FileOpener opener) throws IOException {
		return new SpoolFile(path, opener, READ_ONLY, opener.open(path, READ_ONLY));
	}

	Path path() {
		return this.path;
	}

	/** Returns whether it still is where it was made. */
	boolean exists() {
		return Files.exists(this.path);
	}

	void write(ByteBuffer bytes, long position) throws IOException {
		ByteBuffer slice = bytes.duplicate();
		long start = position - bytes.position();
		while (slice.position() < bytes.limit()) {
			slice.limit(bytes.isDirect() ? bytes.limit() : Math.min(bytes.limit(), slice.position() + MAX_TRANSFER));
			call((open) -> open.write(slice, start + slice.position()));
		}
	}

	private FileChannel channel() {
		return Objects.requireNonNull(this.channel.get());
	}

	/** Reads as much as there is and fits. */
	void read(ByteBuffer into, long position) throws IOException {
		long start = position - into.position();
		int limit = into.limit();
		int count = 0;
		while (into.position() < limit && count >= 0) {
			into.limit(Math.min(limit, into.position() + MAX_TRANSFER));
			count = call((open) -> open.read(into, start + into.position()));
		}
		into.limit(limit);
	}

	long size() throws IOException {
		return call(FileChannel::size);
	}

	void truncate(long size) throws IOException {
		call((open) -> open.truncate(size));
	}

	void force() throws IOException {
		call((open) -> {
			open.force(false);
			return true;
		});
	}

	<T> T call(Operation<T> operation) throws IOException {
		boolean interrupted = false;
		try {
			while (true) {
				FileChannel open = channel();
				try {
					return operation.apply(open);
				}
				catch (ClosedChannelException ex) {
					// otherwise somebody else was interrupted
					interrupted |= ex instanceof ClosedByInterruptException && Thread.interrupted();
					if (this.closed) {
						throw ex;
					}
					reopen(open);
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void reopen(FileChannel broken) throws IOException {
		if (channel() == broken) {
			FileChannel again = this.opener.open(this.path, this.options);
			if (!this.channel.compareAndSet(broken, again)) {
				again.close();
			}
		}
	}

	void delete() throws IOException {
		close();
		Files.deleteIfExists(this.path);
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		channel().close();
	}

	/**
	 * Something to do with the open file, which can be done again.
	 *
	 * @param <T> what it returns
	 */
	@FunctionalInterface
	interface Operation<T> {

		T apply(FileChannel open) throws IOException;

	}

}
