package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.observatory.storage.sample.startup.StartException;

import org.springframework.util.FileSystemUtils;

/**
 * The directory of an embedded PostgreSQL: its data, programs, sockets, password and log.
 * Other users of the machine have no access to it.
 *
 * @param path the directory
 */
record PostgresHome(Path path) {

	private static final String SPOOL = "spool";

	/**
	 * Creates the directory, or closes an existing one to other users.
	 * @throws StartException when it cannot be used
	 */
	static PostgresHome open(Path directory) {
		Path path = directory.toAbsolutePath().normalize();
		try {
			requireOwn(path);
			PostgresHome home = new PostgresHome(PrivateDirectory.create(path).toRealPath());
			PrivateDirectory.requireOneOwner(home.path());
			return home;
		}
		catch (IOException ex) {
			throw DirectoryLock.notWritable(directory, ex);
		}
	}

	/**
	 * A directory with other things, such as /tmp, is not closed, because others may need
	 * it. The writers' spool may have come first, when another database was used.
	 */
	private static void requireOwn(Path path) throws IOException {
		if (Files.exists(path) && Files.notExists(path.resolve(DirectoryLock.NAME))
				&& !PrivateDirectory.files(path).stream().allMatch((file) -> file.endsWith(SPOOL))) {
			throw new StartException("The directory of the embedded PostgreSQL holds other files: " + path,
					"Set sample.postgres.directory to a directory of its own.", null);
		}
	}

	/**
	 * Deletes the programs that earlier versions unpacked where others could replace
	 * them.
	 */
	void deleteOldPrograms() throws IOException {
		for (Path file : PrivateDirectory.files(this.path)) {
			if (file.getFileName().toString().startsWith("PG-")) {
				FileSystemUtils.deleteRecursively(file);
			}
		}
	}

	Path data() {
		return this.path.resolve("pgdata");
	}

	Path programs() {
		return this.path.resolve("programs");
	}

	Path sockets() {
		return this.path.resolve("sockets");
	}

	Path log() {
		return this.path.resolve("postgres.log");
	}

}
