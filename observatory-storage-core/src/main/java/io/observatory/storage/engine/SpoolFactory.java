package io.observatory.storage.engine;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import io.observatory.storage.buffer.disk.SpoolBuffer;
import io.observatory.storage.buffer.disk.SpoolSettings;
import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.SpoolConfig.Level;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.SpoolUnusableException;
import io.observatory.storage.spool.SpoolDirectory;
import io.observatory.storage.table.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes buffers on disk, where that is possible.
 */
final class SpoolFactory {

	private static final Logger logger = LoggerFactory.getLogger(SpoolFactory.class);

	/** Neither locks nor mapped files can be relied on there. */
	private static final Set<String> REMOTE = Set.of("nfs", "nfs4", "cifs", "smbfs", "smb2", "smb3", "afs", "9p");

	private SpoolFactory() {
	}

	/**
	 * Makes a buffer.
	 * @throws SpoolUnusableException saying why the directory cannot be used
	 */
	static SpoolBuffer create(String writer, WriterConfig config, SpoolConfig spool, List<Table<?>> tables) {
		try {
			SpoolDirectory directory = SpoolDirectory.open(spool.directory());
			check(writer, spool, directory);
			return new SpoolBuffer(writer,
					new SpoolSettings(directory, spool.level() == Level.MACHINE, spool.syncInterval(), spool.maxBytes(),
							spool.keepSent(), config.bufferLimits(), config.maxConcurrency(), Clock.systemUTC()),
					tables);
		}
		catch (IOException ex) {
			throw unusable(spool, ex.getClass().getSimpleName() + ": " + ex.getMessage());
		}
	}

	private static void check(String writer, SpoolConfig spool, SpoolDirectory directory) throws IOException {
		String fileSystem = directory.fileSystem().toLowerCase(Locale.ROOT);
		if (REMOTE.contains(fileSystem)) {
			throw unusable(spool, "it is on a file system of the type " + fileSystem + ", and not on a local disk");
		}
		if (directory.totalBytes() < spool.maxBytes()) {
			throw unusable(spool, "its disk has %d bytes in all, and the spool of each writer may take %d"
				.formatted(directory.totalBytes(), spool.maxBytes()));
		}
		long room = directory.usableBytes();
		if (room < spool.maxBytes()) {
			logger.warn("The spool of the writer '{}' may take {} bytes, but the disk has only {} left: {}", writer,
					spool.maxBytes(), room, directory.path());
		}
	}

	private static SpoolUnusableException unusable(SpoolConfig spool, String reason) {
		return new SpoolUnusableException(
				"The spool's directory " + spool.directory().toAbsolutePath() + " cannot be used: " + reason);
	}

}
