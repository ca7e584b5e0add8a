package io.observatory.storage.sample.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.DigestUtils;

/**
 * The server's programs, which the embedded PostgreSQL unpacks into a directory named by
 * the checksum of their archive.
 */
final class ServerBinaries implements PgBinaryResolver {

	private final Path directory;

	private @Nullable Path unpacked;

	/**
	 * Binaries to be unpacked.
	 * @param directory the target directory; nobody else may have write access to it, or
	 * their programs could be run
	 */
	ServerBinaries(Path directory) {
		this.directory = directory;
		// The library also looks for servers of earlier runs there, by default in a
		// directory of /tmp that anybody may own. This is the only way to set another
		// one.
		System.setProperty("ot.epg.working-dir", directory.toString());
	}

	@Override
	public InputStream getPgBinary(String system, String machineHardware) throws IOException {
		try (InputStream stream = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machineHardware)) {
			byte[] archive = stream.readAllBytes();
			this.unpacked = this.directory.resolve("PG-" + DigestUtils.md5DigestAsHex(archive));
			return new ByteArrayInputStream(archive);
		}
	}

	/**
	 * Returns the command that runs a program, which must have been unpacked. The server
	 * refuses to run as root, so it is run without root rights, as the library does.
	 */
	List<String> command(String program, String... arguments) {
		Assert.state(this.unpacked != null, "The binaries are not unpacked");
		List<String> command = new ArrayList<>();
		if (LinuxUtils.isUnshareAvailable()) {
			command.addAll(List.of("unshare", "-U"));
		}
		command.add(this.unpacked.resolve("bin").resolve(program).toString());
		command.addAll(List.of(arguments));
		return command;
	}

}
