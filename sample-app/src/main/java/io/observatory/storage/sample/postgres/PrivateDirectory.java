package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.observatory.storage.sample.startup.StartException;

/**
 * Directories that only their owner can read (mode 0700). On Windows, where files have no
 * such mode, they inherit the rights of their parent.
 */
final class PrivateDirectory {

	static final boolean SUPPORTED = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

	private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

	private PrivateDirectory() {
	}

	/**
	 * Creates a directory, or closes an existing one.
	 */
	static Path create(Path directory) throws IOException {
		if (!SUPPORTED) {
			return Files.createDirectories(directory);
		}
		Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
		return Files.setPosixFilePermissions(directory, OWNER_ONLY);
	}

	/**
	 * Makes sure that all files of a directory belong to its owner: while it was open to
	 * everybody, anybody could put files there.
	 */
	static void requireOneOwner(Path directory) throws IOException {
		if (!SUPPORTED) {
			return;
		}
		UserPrincipal owner = Files.getOwner(directory);
		for (Path file : files(directory)) {
			UserPrincipal other = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
			if (!other.equals(owner)) {
				throw new StartException(file + " belongs to " + other.getName() + ", not to " + owner.getName(),
						"Find out who put it there, and remove it.", null);
			}
		}
	}

	static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.toList();
		}
	}

}
