package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.observatory.storage.testing.Database;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL of a scenario's own, which may be killed, frozen, restarted and copied.
 * Its programs are those of the tests' embedded server; what it has committed outlives
 * it, and in full a failure of the power too.
 */
final class PostgresProcess implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Path directory;

	private final int port;

	private final List<String> settings;

	private final List<String> launcher;

	private String host = "127.0.0.1";

	private Process process;

	private PostgresProcess(Path directory, int port, List<String> launcher, List<String> settings) {
		this.directory = directory;
		this.port = port;
		this.launcher = launcher;
		this.settings = settings;
	}

	/** Makes a cluster, starts it, and migrates it. */
	static PostgresProcess migrated(String... settings) {
		PostgresProcess server = initialize(settings);
		server.start();
		Database.migrate(server.dataSource(), "observatory");
		return server;
	}

	/** Makes a cluster that is not running. */
	static PostgresProcess initialize(String... settings) {
		return initialize(List.of(), settings);
	}

	/**
	 * Makes a cluster that is not running.
	 * @param launcher a command that the server is started by, such as one that puts it
	 * into a network of its own
	 */
	static PostgresProcess initialize(List<String> launcher, String... settings) {
		Assumptions.assumeFalse(Database.isGiven(), "it starts servers of its own, without an extension");
		Path directory = temporaryDirectory();
		run(command(List.of(), "initdb", "-D", directory.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8",
				"--locale=C", "--no-sync"));
		return new PostgresProcess(directory, freePort(), launcher, List.of(settings));
	}

	/** Copies the files of this cluster, which must not be running, to a new one. */
	PostgresProcess copy(String... settings) {
		Path copy = temporaryDirectory();
		try {
			FileSystemUtils.copyRecursively(this.directory, copy);
			onlyForItsOwner(copy);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new PostgresProcess(copy, freePort(), this.launcher, List.of(settings));
	}

	/** Starts the server, and waits until it takes connections. */
	void start() {
		launch();
		awaitReady();
	}

	/** Starts the server without waiting. */
	void launch() {
		List<String> command = command(this.launcher, "postgres", "-D", this.directory.toString(), "-p",
				String.valueOf(this.port), "-k", "", "-c", "listen_addresses=*", "-c", "max_connections=100", "-c",
				"fsync=" + (Length.isFull() ? "on" : "off"), "-c", "synchronous_commit=on", "-c",
				"timezone=" + Database.TIME_ZONE);
		this.settings.forEach((setting) -> command.addAll(List.of("-c", setting)));
		try {
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Waits until the server takes connections. */
	void awaitReady() {
		Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(this::isReady);
	}

	private boolean isReady() {
		try (Connection connection = dataSource().getConnection()) {
			return connection.isValid(5);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/** Ends the server as an administrator would: connections are broken off. */
	void stop() {
		signal("INT", List.of(this.process.toHandle()));
		awaitEnd();
	}

	/** Ends the postmaster by {@code kill -9}, and waits until its children are gone. */
	void kill() {
		List<ProcessHandle> children = this.process.descendants().toList();
		signal("KILL", List.of(this.process.toHandle()));
		awaitEnd();
		Awaitility.await().atMost(PATIENCE).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
	}

	/** Ends one process of the server by {@code kill -9}, such as a backend. */
	void kill(long pid) {
		ProcessHandle.of(pid).ifPresent((handle) -> signal("KILL", List.of(handle)));
	}

	/**
	 * Stops all processes of the server by SIGSTOP: it keeps what it has, and is silent.
	 */
	void freeze() {
		signal("STOP", family());
	}

	/** Lets the frozen server go on. */
	void thaw() {
		signal("CONT", family());
	}

	/** Stops one process of the server by SIGSTOP. */
	void freeze(long pid) {
		ProcessHandle.of(pid).ifPresent((handle) -> signal("STOP", List.of(handle)));
	}

	Path directory() {
		return this.directory;
	}

	/** Returns the server's own log. */
	Path log() {
		return this.directory.resolve("server.log");
	}

	int port() {
		return this.port;
	}

	/** The address that clients use, when it is not loopback. */
	void reachableAt(String address) {
		this.host = address;
	}

	String host() {
		return this.host;
	}

	String jdbcUrl() {
		return "jdbc:postgresql://" + this.host + ":" + this.port + "/postgres?user=postgres";
	}

	/** Returns a data source without a pool. */
	DataSource dataSource() {
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setUrl(jdbcUrl());
		dataSource.setConnectTimeout(5);
		return dataSource;
	}

	JdbcTemplate jdbc() {
		return new JdbcTemplate(dataSource());
	}

	/** Ends the server for good and removes its files. */
	@Override
	public void close() {
		if (this.process != null && this.process.isAlive()) {
			thaw();
			List<ProcessHandle> children = this.process.descendants().toList();
			signal("QUIT", List.of(this.process.toHandle()));
			awaitEnd();
			children.forEach(ProcessHandle::destroyForcibly);
		}
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<ProcessHandle> family() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants()).toList();
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("The server has not ended; see " + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Sends a signal to processes of a server. */
	static void signal(String signal, List<ProcessHandle> processes) {
		List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
		processes.stream().filter(ProcessHandle::isAlive).forEach((each) -> command.add(String.valueOf(each.pid())));
		try {
			// one may end between the question and the signal
			new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	static void run(List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes());
			if (process.waitFor() != 0) {
				throw new IllegalStateException(command + ": " + output);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * PostgreSQL refuses to run as root; in a user namespace without a mapping nobody is.
	 */
	private static List<String> command(List<String> launcher, String program, String... arguments) {
		String programs = Database.get()
			.jdbc()
			.queryForObject("SELECT setting FROM pg_config WHERE name = 'BINDIR'", String.class);
		List<String> command = new ArrayList<>(launcher);
		if ("root".equals(System.getProperty("user.name"))) {
			command.addAll(List.of("unshare", "-U"));
		}
		command.add(programs + "/" + program);
		command.addAll(List.of(arguments));
		return command;
	}

	private static Path temporaryDirectory() {
		try {
			return Files.createTempDirectory("observatory-postgres");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void onlyForItsOwner(Path directory) throws IOException {
		Files.setPosixFilePermissions(directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
