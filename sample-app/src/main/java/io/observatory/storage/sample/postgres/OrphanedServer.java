package io.observatory.storage.sample.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the server that a killed process has left running on a data directory. The server
 * is durable, so it can be killed if it does not end by itself.
 */
final class OrphanedServer {

	private static final Logger logger = LoggerFactory.getLogger(OrphanedServer.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

	private final ProcessHandle process;

	private final Path data;

	private OrphanedServer(ProcessHandle process, Path data) {
		this.process = process;
		this.data = data;
	}

	/**
	 * Ends the server of a data directory, if there is one.
	 */
	static void end(Path data) throws IOException {
		Path pidFile = data.resolve("postmaster.pid");
		Optional<ProcessHandle> process = process(pidFile);
		if (process.isPresent()) {
			new OrphanedServer(process.get(), data).end();
			// the process id belongs to another process now, and a new server would not
			// start because of it
			Files.deleteIfExists(pidFile);
		}
	}

	private static Optional<ProcessHandle> process(Path pidFile) throws IOException {
		if (!Files.exists(pidFile)) {
			return Optional.empty();
		}
		List<String> lines = Files.readAllLines(pidFile);
		try {
			return lines.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
		}
		catch (NumberFormatException ex) {
			return Optional.empty();
		}
	}

	private void end() {
		if (!isRunning()) {
			return;
		}
		logger.info("Ending the PostgreSQL server (process {}) that an earlier run has left", this.process.pid());
		List<ProcessHandle> processes = Stream.concat(Stream.of(this.process), this.process.descendants()).toList();
		this.process.destroy();
		if (!endsInTime()) {
			processes.forEach(ProcessHandle::destroyForcibly);
			if (!endsInTime()) {
				throw new IllegalStateException("PostgreSQL (process " + this.process.pid() + ") does not end");
			}
		}
	}

	/**
	 * Returns whether the process is the server, and not another one with the same
	 * process id, or a zombie process.
	 */
	private boolean isRunning() {
		String command = this.process.info().commandLine().orElse("");
		return command.contains("postgres") && command.contains(this.data.toString());
	}

	private boolean endsInTime() {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (isRunning() && System.nanoTime() < deadline) {
			pause();
		}
		return !isRunning();
	}

	private static void pause() {
		try {
			Thread.sleep(POLL_INTERVAL.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while PostgreSQL ends", ex);
		}
	}

}
