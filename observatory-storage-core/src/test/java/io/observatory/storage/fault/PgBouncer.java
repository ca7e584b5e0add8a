package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * A PgBouncer in transaction mode in front of a server, with fewer connections to it than
 * its clients have, so that these change hands. It listens on loopback and asks for no
 * password.
 */
final class PgBouncer implements AutoCloseable {

	private final Path directory;

	private final int port;

	private final Process process;

	private PgBouncer(Path directory, int port, Process process) {
		this.directory = directory;
		this.port = port;
		this.process = process;
	}

	/** Returns where the program is, if it is installed. */
	static Optional<Path> program() {
		String path = System.getenv("PATH");
		return Stream
			.concat(Stream.of((path != null) ? path.split(":") : new String[0]),
					Stream.of("/usr/sbin", "/usr/local/sbin"))
			.map((folder) -> Path.of(folder, "pgbouncer"))
			.filter(Files::isExecutable)
			.findFirst();
	}

	/**
	 * Starts it.
	 * @param serverConnections how many connections to the server each user may have
	 */
	static PgBouncer start(Path program, PostgresProcess server, int serverConnections, String... users) {
		try {
			Path directory = Files.createTempDirectory("observatory-pgbouncer");
			// it runs as nobody when the tests run as root
			Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
			int port = freePort();
			Files.write(directory.resolve("users.txt"),
					Stream.of(users).map((user) -> "\"" + user + "\" \"\"").toList());
			Files.write(directory.resolve("pgbouncer.ini"), configuration(directory, server, port, serverConnections));
			List<String> command = new ArrayList<>(List.of(program.toString()));
			if ("root".equals(System.getProperty("user.name"))) {
				command.addAll(List.of("-u", "nobody"));
			}
			command.add(directory.resolve("pgbouncer.ini").toString());
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(directory.resolve("pgbouncer.log").toFile())
				.start();
			PgBouncer bouncer = new PgBouncer(directory, port, process);
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> bouncer.isReady(users[0]));
			return bouncer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What {@code docs/reliability.md} says, and what the test is to meet. */
	private static List<String> configuration(Path directory, PostgresProcess server, int port, int serverConnections) {
		return List.of("[databases]", "postgres = host=%s port=%d".formatted(server.host(), server.port()),
				"[pgbouncer]", "listen_addr = 127.0.0.1", "listen_port = " + port, "unix_socket_dir =",
				"auth_type = trust", "auth_file = " + directory.resolve("users.txt"), "pool_mode = transaction",
				"ignore_startup_parameters = extra_float_digits", "default_pool_size = " + serverConnections,
				"max_client_conn = 200", "server_login_retry = 1");
	}

	String jdbcUrl(String user) {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres?user=" + user;
	}

	private boolean isReady(String user) {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(jdbcUrl(user));
		try (Connection connection = dataSource.getConnection()) {
			return connection.isValid(5);
		}
		catch (SQLException ex) {
			if (!this.process.isAlive()) {
				throw new IllegalStateException("pgbouncer has ended: " + log());
			}
			return false;
		}
	}

	private String log() {
		try {
			return Files.readString(this.directory.resolve("pgbouncer.log"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
