package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where the logs are: one directory for each writer, in it one for each log. Several
 * processes may share it. Nobody but its owner may read it.
 */
public final class SpoolDirectory {

	static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

	private final Path root;

	private SpoolDirectory(Path root) {
		this.root = root;
	}

	/**
	 * Makes the directory, if it is not there.
	 * @throws IOException when nothing can be written there
	 */
	public static SpoolDirectory open(Path root) throws IOException {
		Files.createDirectories(root, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
		if (!Files.getPosixFilePermissions(root).equals(OWNER_ONLY)) {
			Files.setPosixFilePermissions(root, OWNER_ONLY);
		}
		Files.delete(Files.createTempFile(root, "probe", ""));
		return new SpoolDirectory(root);
	}

	/** Makes a new log for a writer. */
	public LogDirectory create(String writer) throws IOException {
		return LogDirectory.create(this.root.resolve(writer).resolve(UUID.randomUUID().toString()));
	}

	/**
	 * Takes over the logs of a writer whose processes are dead.
	 */
	public List<LogDirectory> adopt(String writer) throws IOException {
		Path logs = this.root.resolve(writer);
		List<LogDirectory> adopted = new ArrayList<>();
		if (Files.isDirectory(logs)) {
			try (Stream<Path> all = Files.list(logs)) {
				for (Path log : all.toList()) {
					LogDirectory directory = LogDirectory.adopt(log);
					if (directory != null) {
						adopted.add(directory);
					}
				}
			}
		}
		return adopted;
	}

	/** Returns how much room is left on the disk, in bytes. */
	public long usableBytes() throws IOException {
		return Files.getFileStore(this.root).getUsableSpace();
	}

}
