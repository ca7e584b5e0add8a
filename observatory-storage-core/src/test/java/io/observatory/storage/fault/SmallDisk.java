package io.observatory.storage.fault;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.springframework.util.Assert;

/**
 * A file system of a size that is soon used up: in memory (tmpfs), or in a file (ext4),
 * whose errors can be made. Only root may mount one, and only Linux has them.
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
		return mount((directory) -> mountMemory(directory, megabytes));
	}

	/**
	 * Mounts a disk that can fail.
	 * @throws IllegalStateException if that is not possible here
	 */
	static SmallDisk mountFile(int megabytes) {
		SmallDisk disk = mount((directory) -> mountImage(directory, megabytes));
		try {
			Assert.state(Files.isWritable(trigger(disk.directory)), "No error can be made");
			return disk;
		}
		catch (IOException | IllegalStateException ex) {
			disk.close();
			throw new IllegalStateException(ex);
		}
	}

	private static void mountImage(Path directory, int megabytes) throws IOException {
		Path image = Files.createTempFile("observatory-disk", ".img");
		try {
			try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
				file.setLength(megabytes * 1024L * 1024);
			}
			PostgresProcess.run(List.of("mkfs.ext4", "-q", "-F", image.toString()));
			PostgresProcess
				.run(List.of("mount", "-o", "loop,errors=remount-ro", image.toString(), directory.toString()));
		}
		finally {
			// it stays as long as it is mounted
			Files.delete(image);
		}
	}

	private static void mountMemory(Path directory, int megabytes) {
		PostgresProcess.run(List.of("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + megabytes + "m", "tmpfs",
				directory.toString()));
	}

	private static SmallDisk mount(Mounting mounting) {
		try {
			Path directory = Files.createTempDirectory("observatory-disk");
			try {
				mounting.on(directory);
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

	/**
	 * Makes an error that turns the disk read-only, whoever has files open.
	 */
	void fail() throws IOException {
		Files.writeString(trigger(this.directory), "1");
	}

	private static Path trigger(Path directory) throws IOException {
		String device = Files.getFileStore(directory).name();
		return Path.of("/sys/fs/ext4", Path.of(device).getFileName().toString(), "trigger_fs_error");
	}

	/** Puts another, empty disk in place of one that has failed. */
	void replace(int megabytes) {
		unmount();
		mountMemory(this.directory, megabytes);
	}

	public void resize(int megabytes) {
		PostgresProcess
			.run(List.of("mount", "-o", "remount,mode=0700,size=" + megabytes + "m", this.directory.toString()));
	}

	/** Lazily: a file that was mapped keeps it busy until its memory is collected. */
	private void unmount() {
		PostgresProcess.run(List.of("umount", "-l", this.directory.toString()));
	}

	@Override
	public void close() {
		unmount();
		try {
			Files.delete(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private interface Mounting {

		void on(Path directory) throws IOException;

	}

}
