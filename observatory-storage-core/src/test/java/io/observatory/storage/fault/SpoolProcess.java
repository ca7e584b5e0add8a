package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import io.observatory.storage.fault.SpoolChild.Point;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A {@link SpoolChild} that is started, killed and started again, and what its deaths
 * have left to compare with what is stored. Several may share a spool.
 */
final class SpoolProcess {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private String jdbcUrl;

	private final Path spool;

	private final Path file;

	private final Path output;

	private final Acknowledged acknowledged;

	/** The number of the first record. */
	private final long first;

	/** Records that were being written when the process was killed. */
	private final Map<Subject, List<Long>> doubtful = new EnumMap<>(Subject.class);

	private final List<String> options = new ArrayList<>(
			List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));

	private Process process;

	SpoolProcess(String jdbcUrl, Path directory, int number) {
		this.jdbcUrl = jdbcUrl;
		this.spool = directory.resolve("spool");
		this.file = directory.resolve("acknowledged-" + number);
		this.output = directory.resolve("output-" + number);
		this.first = number * 10_000_000L;
		try {
			this.acknowledged = Acknowledged.in(this.file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		for (Subject subject : SpoolChild.SUBJECTS) {
			this.acknowledged.begun(subject, this.first);
			this.acknowledged.accepted(subject, this.first);
			this.doubtful.put(subject, new ArrayList<>());
		}
	}

	/** From the next start on, its database is there, or thought to be. */
	SpoolProcess on(String url) {
		this.jdbcUrl = url;
		return this;
	}

	/** Adds options of the virtual machine. */
	SpoolProcess with(String... more) {
		this.options.addAll(List.of(more));
		return this;
	}

	/** Starts the process; it stops to be killed when it is somewhere so many times. */
	SpoolProcess start(Point point, int times) {
		this.acknowledged.ready(false);
		this.acknowledged.atPoint(false);
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), SpoolChild.class.getName(), this.jdbcUrl,
				this.spool.toString(), this.file.toString(), point.name(), String.valueOf(times)));
		try {
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(Redirect.appendTo(this.output.toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return this;
	}

	/** Waits until the process writes, or is where it is to be killed. */
	SpoolProcess awaitReady() {
		await(() -> this.acknowledged.isReady() || this.acknowledged.isAtPoint(), PATIENCE);
		return this;
	}

	/**
	 * Waits until the process is where it is to be killed, but not for ever.
	 * @return whether it is there
	 */
	boolean awaitPoint(Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		while (!this.acknowledged.isAtPoint() && System.nanoTime() < end) {
			LockSupport.parkNanos(200_000);
		}
		return this.acknowledged.isAtPoint();
	}

	private void await(java.util.function.BooleanSupplier condition, Duration patience) {
		long end = System.nanoTime() + patience.toNanos();
		while (!condition.getAsBoolean()) {
			if (!this.process.isAlive() || System.nanoTime() > end) {
				throw new IllegalStateException("The process does not get there: " + said());
			}
			LockSupport.parkNanos(200_000);
		}
	}

	/** Ends the process by SIGKILL, and notes what it had written. */
	void kill() {
		this.process.destroyForcibly();
		ended();
	}

	/**
	 * Waits for the end of the process, whatever ends it, and notes what it had written.
	 */
	int ended() {
		try {
			int status = this.process.waitFor();
			if (this.acknowledged.isUnbalanced()) {
				throw new AssertionError("The numbers of a writer did not add up before its process ended");
			}
			for (Subject subject : SpoolChild.SUBJECTS) {
				long begun = this.acknowledged.begun(subject);
				for (long number = this.acknowledged.accepted(subject); number < begun; number++) {
					this.doubtful.get(subject).add(number);
				}
				this.acknowledged.accepted(subject, begun);
			}
			return status;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	boolean isAlive() {
		return this.process != null && this.process.isAlive();
	}

	/** Returns how many records were accepted. */
	long accepted() {
		return SpoolChild.SUBJECTS.stream().mapToLong(this.acknowledged::accepted).sum()
				- this.first * SpoolChild.SUBJECTS.size();
	}

	/**
	 * Enters what was accepted. What was being written when the process was killed counts
	 * if it is there.
	 */
	void enterInto(Ledger ledger, JdbcTemplate jdbc) {
		for (Subject subject : SpoolChild.SUBJECTS) {
			Set<Long> lost = new HashSet<>(this.doubtful.get(subject));
			lost.removeAll(stored(jdbc, subject, lost));
			for (long number = this.first; number < this.acknowledged.accepted(subject); number++) {
				if (!lost.contains(number)) {
					ledger.accepted(subject, number);
				}
			}
		}
	}

	/** Returns whether it was killed while it wrote this record. */
	boolean isDoubtful(Subject subject, long number) {
		return this.doubtful.get(subject).contains(number);
	}

	/** Returns those of some records that are stored. */
	private static List<Long> stored(JdbcTemplate jdbc, Subject subject, Set<Long> numbers) {
		return jdbc
			.queryForList(
					"SELECT number FROM (SELECT %s AS number FROM observatory.%s) AS stored WHERE number = ANY (?)"
						.formatted(subject.number(), subject.table()),
					Long.class, (Object) numbers.toArray(Long[]::new));
	}

	/** Returns the end of what the process said. */
	String said() {
		try {
			String all = Files.exists(this.output) ? Files.readString(this.output) : "";
			return all.substring(Math.max(0, all.length() - 5000));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
