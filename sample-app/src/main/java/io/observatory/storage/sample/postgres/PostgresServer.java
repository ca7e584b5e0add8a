package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;

import io.observatory.storage.sample.startup.ListenPort;
import io.observatory.storage.sample.startup.StartException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that runs as long as this process. It is durable, and its rows are
 * kept when it stops. A server that a killed process has left running is ended first.
 * <p>
 * Other users of the machine have access neither to its directory nor, without the
 * password, to its databases.
 */
final class PostgresServer implements AutoCloseable {

	static final String USER = "postgres";

	/** After a crash the server replays its log before it accepts connections. */
	static final Duration START_TIMEOUT = Duration.ofMinutes(2);

	private static final Logger logger = LoggerFactory.getLogger(PostgresServer.class);

	/**
	 * A program that has taken the server's port cannot answer this, and does not learn
	 * the password.
	 */
	private static final String AUTHENTICATION = "scram-sha-256";

	private final DirectoryLock lock;

	private final EmbeddedPostgres server;

	private final String password;

	private PostgresServer(DirectoryLock lock, EmbeddedPostgres server, String password) {
		this.lock = lock;
		this.server = server;
		this.password = password;
	}

	/**
	 * Starts a server.
	 * @param directory its directory; closed to all other users of the machine
	 * @param port its port, 0 for any that is free
	 * @throws StartException when it cannot be started
	 */
	static PostgresServer start(Path directory, int port) {
		PostgresHome home = PostgresHome.open(directory);
		DirectoryLock lock = DirectoryLock.of(home.path());
		try {
			OrphanedServer.end(home.data());
			new ListenPort("sample.postgres.port", InetAddress.getLoopbackAddress(), port).requireFree();
			home.deleteOldPrograms();
			String password = PasswordFile.readOrCreate(home.path());
			PostgresServer server = new PostgresServer(lock, start(home, port, password), password);
			logger.info("PostgreSQL is at {}, its data, log and password in {}", server.jdbcUrl(), home.path());
			return server;
		}
		catch (StartException ex) {
			lock.close();
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			lock.close();
			throw new StartException("PostgreSQL does not start in " + home.path() + ": " + ex.getMessage(),
					"Look into " + home.log() + ". Data of another major version needs another "
							+ "sample.postgres.directory.",
					ex);
		}
	}

	private static EmbeddedPostgres start(PostgresHome home, int port, String password) throws IOException {
		ServerBinaries binaries = new ServerBinaries(PrivateDirectory.create(home.programs()));
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
			.setPort(port)
			.setPgBinaryResolver(binaries)
			.setDataDirectory(home.data())
			.setDataDirectoryCustomizer((data) -> secure(home, binaries, password))
			.setConnectConfig("password", password)
			.setConnectConfig("requireAuth", AUTHENTICATION)
			.setCleanDataDirectory(false)
			// the library's shutdown hook would stop it while the writers still flush
			.setRegisterShutdownHook(false)
			.setPGStartupWait(START_TIMEOUT)
			// it allows any encoding, whatever the environment says
			.setLocaleConfig("locale", "C")
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("shared_buffers", "256MB")
			.setServerConfig("max_wal_size", "2GB")
			// no record content in the server's log
			.setServerConfig("log_error_verbosity", "terse")
			.setServerConfig("log_min_error_statement", "panic")
			.setOutputRedirector(Redirect.appendTo(home.log().toFile()));
		if (PrivateDirectory.SUPPORTED) {
			PrivateDirectory.create(home.sockets());
			// relative to the data directory, because an absolute path may be too long
			// for a socket
			builder.setServerConfig("unix_socket_directories", "../" + home.sockets().getFileName());
		}
		return builder.start();
	}

	/** Between initdb and the start. */
	private static void secure(PostgresHome home, ServerBinaries binaries, String password) {
		try {
			// unpacking has opened it to others
			PrivateDirectory.create(home.programs());
			new PasswordAccess(binaries, home.log()).require(home.data(), password);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex.getMessage(), ex);
		}
	}

	/**
	 * Returns the address of its database. Errors come without the server's detail, which
	 * may show record content.
	 */
	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.server.getPort() + "/postgres?user=" + USER + "&requireAuth="
				+ AUTHENTICATION + "&logServerErrorDetail=false";
	}

	/**
	 * Returns the password of {@link #USER}.
	 */
	String password() {
		return this.password;
	}

	@Override
	public void close() throws IOException {
		try {
			this.server.close();
		}
		finally {
			this.lock.close();
		}
	}

}
