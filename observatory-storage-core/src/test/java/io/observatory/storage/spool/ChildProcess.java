package io.observatory.storage.spool;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of the tests, which is killed at the end if it still runs.
 */
final class ChildProcess implements AutoCloseable {

	private final Process process;

	private final BufferedReader output;

	private ChildProcess(Process process) {
		this.process = process;
		this.output = process.inputReader();
	}

	static ChildProcess start(Class<?> main, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(arguments));
		return new ChildProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	long pid() {
		return this.process.pid();
	}

	String readLine() throws IOException {
		return this.output.readLine();
	}

	/** Lets it go on that waits for input. */
	void go() throws IOException {
		this.process.outputWriter().append("go\n").flush();
	}

	/** Waits for its end, and returns all that it still said. */
	List<String> awaitEnd() throws InterruptedException {
		List<String> rest = this.output.lines().toList();
		if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The process has not ended");
		}
		return rest;
	}

	/** Kills it, as {@code kill -9} does. */
	@Override
	public void close() throws InterruptedException {
		this.process.destroyForcibly();
		if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
			throw new IllegalStateException("The process cannot be killed");
		}
	}

}
