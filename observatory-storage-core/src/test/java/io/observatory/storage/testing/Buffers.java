package io.observatory.storage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.WriterConfig;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;

/**
 * Where the writers of a test buffer: in memory, or on disk, each in a spool of its own.
 * The system property {@code it.buffer} has all of them on disk.
 */
public final class Buffers {

	private static final boolean ALL_ON_DISK = "disk".equals(System.getProperty("it.buffer"));

	private static boolean onDisk = ALL_ON_DISK;

	private Buffers() {
	}

	public static boolean areOnDisk() {
		return onDisk;
	}

	public static WriterConfig.Builder logs() {
		return in(WriterConfig.logs());
	}

	public static WriterConfig.Builder metrics() {
		return in(WriterConfig.metrics());
	}

	public static WriterConfig.Builder traces() {
		return in(WriterConfig.traces());
	}

	private static WriterConfig.Builder in(WriterConfig.Builder config) {
		return onDisk ? config.spool(SpoolConfig.in(newDirectory())) : config;
	}

	private static Path newDirectory() {
		try {
			Path directory = Files.createTempDirectory("observatory-spool");
			Runtime.getRuntime()
				.addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(directory.toFile())));
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Has the tests of a class buffer on disk.
	 */
	public static final class OnDisk implements BeforeAllCallback, AfterAllCallback {

		@Override
		public void beforeAll(ExtensionContext context) {
			onDisk = true;
		}

		@Override
		public void afterAll(ExtensionContext context) {
			onDisk = ALL_ON_DISK;
		}

	}

}
