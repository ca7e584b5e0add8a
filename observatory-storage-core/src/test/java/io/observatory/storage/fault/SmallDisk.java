package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory (tmpfs), of a size that is soon used up. Only root may mount
 * one, and only Linux has it.
 */
public final class SmallDisk implements AutoCloseable {

	private final Path directory;

	private SmallDisk(Path directory) {
		this.directory = directory;
	}

	/**
	 * Mounts a disk.
	 * @throws IllegalStateException if that is not possible here
	 */
	public static SmallDisk mount(int megabytes) {
		try {
			Path directory = Files.createTempDirectory("observatory-disk");
			try {
				PostgresProcess.run(List.of("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + megabytes + "m", "tmpfs",
						directory.toString()));
				return new SmallDisk(directory);
			}
			catch (RuntimeException ex) {
				Files.delete(directory);
				throw new IllegalStateException("No file system can be mounted", ex);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public Path directory() {
		return this.directory;
	}

	public void resize(int megabytes) {
		PostgresProcess
			.run(List.of("mount", "-o", "remount,mode=0700,size=" + megabytes + "m", this.directory.toString()));
	}

	@Override
	public void close() {
		// lazily: a file that was mapped keeps it busy until its memory is collected
		PostgresProcess.run(List.of("umount", "-l", this.directory.toString()));
		try {
			Files.delete(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
