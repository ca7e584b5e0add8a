package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Makes a server require a password from everybody, over TCP and over its Unix sockets.
 * <p>
 * It is set up before the server starts, so that nobody can ever connect without a
 * password: by the file {@code pg_hba.conf}, and by the server's single-user mode, which
 * reads only its standard input (PostgreSQL manual, "postgres", "Single-User Mode"). A
 * data directory that trusted all users until now is treated like a new one.
 */
final class PasswordAccess {

	private static final String RULES = """
			# Written at each start.
			# TYPE  DATABASE  USER  ADDRESS       METHOD
			local   all       all                 scram-sha-256
			host    all       all   127.0.0.1/32  scram-sha-256
			host    all       all   ::1/128       scram-sha-256
			""";

	private final ServerBinaries binaries;

	private final Path log;

	PasswordAccess(ServerBinaries binaries, Path log) {
		this.binaries = binaries;
		this.log = log;
	}

	/**
	 * Sets up a data directory on which no server runs.
	 * @throws IOException when that does not succeed; the log says why
	 */
	void require(Path data, String password) throws IOException {
		Files.writeString(data.resolve("pg_hba.conf"), RULES);
		execute(data, "ALTER ROLE " + PostgresServer.USER + " PASSWORD '" + password + "'");
	}

	private void execute(Path data, String statement) throws IOException {
		Process process = new ProcessBuilder(this.binaries.command("postgres", "--single", "-D", data.toString(), "-c",
				"password_encryption=scram-sha-256", "-c", "log_min_error_statement=panic", "postgres"))
			.redirectErrorStream(true)
			.redirectOutput(Redirect.appendTo(this.log.toFile()))
			.start();
		try (Writer input = process.outputWriter()) {
			input.write(statement + "\n");
		}
		if (!ends(process) || process.exitValue() != 0) {
			process.destroyForcibly();
			throw new IOException("the password could not be set");
		}
	}

	/** After a crash it replays the server's log first. */
	private static boolean ends(Process process) {
		try {
			return process.waitFor(PostgresServer.START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
