package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server that runs as long as this process. It is durable, as a real one,
 * and its rows stay when it stops. A server that a killed process has left running is
 * ended first.
 */
final class PostgresServer implements AutoCloseable {

	static final String USER = "postgres";

	private static final Logger logger = LoggerFactory.getLogger(PostgresServer.class);

	/** After a crash the server replays its log before it serves. */
	private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

	private final DirectoryLock lock;

	private final EmbeddedPostgres server;

	private PostgresServer(DirectoryLock lock, EmbeddedPostgres server) {
		this.lock = lock;
		this.server = server;
	}

	/**
	 * Starts a server.
	 * @param directory where it lives
	 * @param port its port, 0 for any that is free
	 * @throws PostgresStartException when it cannot be started
	 */
	static PostgresServer start(Path directory, int port) {
		Path home = create(directory);
		DirectoryLock lock = DirectoryLock.of(home);
		try {
			Path data = home.resolve("pgdata");
			OrphanedServer.end(data);
			PostgresServer server = new PostgresServer(lock, start(home, data, port));
			logger.info("PostgreSQL is at {}, its data and log in {}", server.jdbcUrl(), home);
			return server;
		}
		catch (IOException | RuntimeException ex) {
			lock.close();
			throw new PostgresStartException("PostgreSQL does not start in " + home + ": " + ex.getMessage(),
					"Look into " + home.resolve("postgres.log") + ". Data of another major version needs another "
							+ "sample.postgres.directory.",
					ex);
		}
	}

	private static Path create(Path directory) {
		try {
			return Files.createDirectories(directory.toAbsolutePath().normalize()).toRealPath();
		}
		catch (IOException ex) {
			throw DirectoryLock.notWritable(directory, ex);
		}
	}

	private static EmbeddedPostgres start(Path home, Path data, int port) throws IOException {
		return EmbeddedPostgres.builder()
			.setPort(port)
			.setOverrideWorkingDirectory(home.toFile())
			.setDataDirectory(data)
			.setCleanDataDirectory(false)
			// its own hook would stop it while the writers still flush
			.setRegisterShutdownHook(false)
			.setPGStartupWait(START_TIMEOUT)
			// any encoding goes with it, whatever the environment says
			.setLocaleConfig("locale", "C")
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.setServerConfig("shared_buffers", "256MB")
			.setServerConfig("max_wal_size", "2GB")
			// no record content in the server's log
			.setServerConfig("log_error_verbosity", "terse")
			.setServerConfig("log_min_error_statement", "panic")
			.setOutputRedirector(Redirect.appendTo(home.resolve("postgres.log").toFile()))
			.start();
	}

	/**
	 * Returns the address of its database. Errors come without the server's detail, which
	 * may show record content.
	 */
	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.server.getPort() + "/postgres?user=" + USER
				+ "&logServerErrorDetail=false";
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
