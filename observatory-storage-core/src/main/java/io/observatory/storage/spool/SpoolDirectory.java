package io.observatory.storage.spool;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
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
 * processes may share it, on one machine or on a file system that knows locks. Nobody but
 * its owner may read it. Thread-safe.
 */
public final class SpoolDirectory {

	private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

	private final Path root;

	private final FileOpener opener;

	private SpoolDirectory(Path root, FileOpener opener) {
		this.root = root;
		this.opener = opener;
	}

	/**
	 * Makes the directory, if it is not there.
	 * @throws IOException when nothing can be written there
	 */
	public static SpoolDirectory open(Path root) throws IOException {
		return open(root, FileOpener.OWNER_ONLY);
	}

	static SpoolDirectory open(Path root, FileOpener opener) throws IOException {
		Path absolute = root.toAbsolutePath();
		createDirectories(absolute);
		if (FileOpener.isPosix(absolute) && !Files.getPosixFilePermissions(absolute).equals(OWNER_ONLY)) {
			Files.setPosixFilePermissions(absolute, OWNER_ONLY);
		}
		Files.delete(Files.createTempFile(absolute, "probe", ""));
		return new SpoolDirectory(absolute, opener);
	}

	static void createDirectories(Path directory) throws IOException {
		Files.createDirectories(directory, FileOpener.attributes(directory, "rwx------"));
	}

	/** Returns where it is. */
	public Path path() {
		return this.root;
	}

	/** Makes a new log for a writer, which this process owns. */
	public LogDirectory create(String writer) throws IOException {
		Path logs = logs(writer);
		while (true) {
			try {
				return LogDirectory.create(logs.resolve(UUID.randomUUID().toString()), this.opener);
			}
			catch (FileAlreadyExistsException ex) {
				// somebody else took it for an orphan while it was being made
			}
		}
	}

	/**
	 * Takes over the logs of a writer whose processes are dead.
	 * @throws IOException when there is one that cannot be taken over, and no other
	 */
	public List<LogDirectory> adopt(String writer) throws IOException {
		Path logs = logs(writer);
		if (!Files.isDirectory(logs)) {
			return List.of();
		}
		List<LogDirectory> adopted = new ArrayList<>();
		IOException failure = null;
		try (Stream<Path> all = Files.list(logs)) {
			for (Path log : all.filter(LogDirectory::isLog).toList()) {
				try {
					LogDirectory directory = LogDirectory.adopt(log, this.opener);
					if (directory != null) {
						adopted.add(directory);
					}
				}
				catch (IOException ex) {
					failure = ex;
				}
			}
		}
		if (adopted.isEmpty() && failure != null) {
			throw failure;
		}
		return adopted;
	}

	/** A writer may have any name, a directory may not. */
	private Path logs(String writer) {
		return this.root.resolve("writer-" + URLEncoder.encode(writer, StandardCharsets.UTF_8));
	}

	/** Returns how much room is left on the disk, in bytes. */
	public long usableBytes() throws IOException {
		return Files.getFileStore(this.root).getUsableSpace();
	}

	/** Returns how large the disk is, in bytes. */
	public long totalBytes() throws IOException {
		return Files.getFileStore(this.root).getTotalSpace();
	}

	/** Returns the type of the file system, as the operating system calls it. */
	public String fileSystem() throws IOException {
		return Files.getFileStore(this.root).type();
	}

}
