package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A PostgreSQL of a test's own, which may be frozen, and be started again on its data
 * after it was stopped.
 */
final class OwnServer implements AutoCloseable {

	private final EmbeddedPostgres server;

	private final ProcessHandle postmaster;

	private OwnServer(EmbeddedPostgres server, ProcessHandle postmaster) {
		this.server = server;
		this.postmaster = postmaster;
	}

	static OwnServer start(Path data) {
		try {
			EmbeddedPostgres server = EmbeddedPostgres.builder()
				.setDataDirectory(data)
				.setCleanDataDirectory(false)
				.start();
			long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0));
			return new OwnServer(server, ProcessHandle.of(pid).orElseThrow());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	TestDatabase database() {
		return TestDatabase.at(this.server.getJdbcUrl("postgres", "postgres"));
	}

	/** Stops all of its processes by SIGSTOP: it keeps what it has, and is silent. */
	void freeze() {
		signal("STOP");
	}

	void thaw() {
		signal("CONT");
	}

	@Override
	public void close() {
		thaw();
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void signal(String signal) {
		List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
		Stream.concat(Stream.of(this.postmaster), this.postmaster.descendants())
			.filter(ProcessHandle::isAlive)
			.forEach((process) -> command.add(String.valueOf(process.pid())));
		if (command.size() > 2) {
			run(command);
		}
	}

	private static void run(List<String> command) {
		try {
			assertThat(new ProcessBuilder(command).start().waitFor()).as("%s", command).isNotNegative();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
