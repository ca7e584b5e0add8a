package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.util.FileSystemUtils;

/**
 * Logs over 2 slots for minutes on end, with autovacuum and checkpoints. By turns the
 * writer stores rows for a while, and the server copies the very same rows from files, by
 * 2 sessions, into the partition of two days later: so both meet the same state of the
 * machine, both tables grow alike, and what one has left for a checkpoint to write may
 * hold up the other as well. Half-way through it is midnight: both go on in a new
 * partition, and the old ones are emptied, as retention would.
 */
final class SustainedBench implements AutoCloseable {

	private static final int SLOTS = 2;

	private static final int TURNS = 60;

	private static final int BLOCK = 1000;

	private static final int LATER_DAYS = 2;

	/** How many numbers the times of a day have. */
	private static final long DAY = Numbers.numbersIn(Duration.ofDays(1));

	private final LogsWorkload workload = new LogsWorkload();

	private final ExecutorService threads = Executors.newFixedThreadPool(SLOTS);

	private final Timeline timeline = new Timeline();

	private final BenchServer server;

	private final BenchOptions options;

	private final Path directory;

	SustainedBench(BenchServer server, BenchOptions options) throws IOException {
		this.server = server;
		this.options = options;
		this.directory = Files.createTempDirectory("observatory-sustained");
		// the server may run as another user
		this.directory.toFile().setExecutable(true, false);
		this.directory.toFile().setWritable(true, false);
	}

	void run() throws Exception {
		Duration length = this.options.length(Duration.ofMinutes(10));
		this.server.empty();
		try (Technique.Session session = new Observatory(this.server.plain()).open(this.workload, SLOTS)) {
			day(session, 0, length.dividedBy(2), length.dividedBy(TURNS));
			day(session, 1, length, length.dividedBy(TURNS));
		}
		this.timeline.report(this.options.directory());
		System.out.printf("%d autovacuums of the logs%n",
				this.server.jdbc()
					.queryForObject("SELECT sum(autovacuum_count) FROM pg_stat_user_tables WHERE relname LIKE 'logs%'",
							Long.class));
	}

	private void day(Technique.Session session, int day, Duration until, Duration turn) throws Exception {
		long first = day * DAY;
		long next = first;
		while (this.timeline.elapsed().compareTo(until) < 0) {
			long from = next;
			next = measured("observatory-copy", from, () -> write(session, from, turn));
			long to = next;
			export(from, to);
			measured("server COPY", from, () -> copy(to));
		}
		verify(first, next);
		this.server.jdbc().execute("TRUNCATE observatory.logs");
	}

	private long measured(String technique, long from, Callable<Long> turn) throws Exception {
		Duration begun = this.timeline.elapsed();
		long checkpoints = this.server.checkpoints();
		long to = turn.call();
		this.timeline.add(technique, begun, to - from, this.server.checkpoints() - checkpoints);
		return to;
	}

	/** Writes from a number on for a while, and returns the next number. */
	private long write(Technique.Session session, long from, Duration turn) throws Exception {
		AtomicLong next = new AtomicLong(from);
		long end = System.nanoTime() + turn.toNanos();
		onAllThreads((thread) -> {
			while (System.nanoTime() < end) {
				long first = next.getAndAdd(BLOCK);
				session.store(first, first + BLOCK);
			}
		});
		session.finish();
		return next.get();
	}

	private void export(long from, long to) {
		for (int part = 0; part < SLOTS; part++) {
			this.server.jdbc()
				.execute(
						"""
								COPY (SELECT id, timestamp + interval '%d days', observed_timestamp, severity_number, severity_text, body,
								service_name, trace_id, span_id, trace_flags, attributes, resource_attributes, scope_name, scope_version,
								scope_attributes FROM observatory.logs WHERE timestamp >= '%s' AND timestamp < '%s')
								TO '%s' (FORMAT binary)"""
							.formatted(LATER_DAYS, time(from, to, part), time(from, to, part + 1), file(part)));
		}
	}

	private static String time(long from, long to, int part) {
		return Numbers.time(from + (to - from) * part / SLOTS).toString();
	}

	private long copy(long to) throws Exception {
		onAllThreads((thread) -> this.server.jdbc()
			.execute(
					"""
							COPY observatory.logs (id, timestamp, observed_timestamp, severity_number, severity_text, body, service_name,
							trace_id, span_id, trace_flags, attributes, resource_attributes, scope_name, scope_version, scope_attributes)
							FROM '%s' (FORMAT binary)"""
						.formatted(file(thread))));
		return to;
	}

	private Path file(int part) {
		return this.directory.resolve("logs-" + part);
	}

	private void onAllThreads(Work work) throws Exception {
		List<Future<?>> running = new ArrayList<>();
		for (int i = 0; i < SLOTS; i++) {
			int thread = i;
			running.add(this.threads.submit(() -> work.run(thread)));
		}
		for (Future<?> each : running) {
			each.get();
		}
	}

	/** Says that the day's rows, and those of two days later, are stored, each once. */
	private void verify(long from, long to) {
		for (long begin : new long[] { from, from + LATER_DAYS * DAY }) {
			long rows = to - from;
			Map<String, Object> found = this.server.jdbc()
				.queryForMap("""
						SELECT count(*) AS rows, sum(%s - %d)::bigint AS sum FROM observatory.logs
						WHERE timestamp >= '%s' AND timestamp < '%s'""".formatted(Numbers.numberOf("timestamp"), begin,
						Numbers.time(begin), Numbers.time(begin + DAY)));
			this.workload.expect(found, Map.of("rows", rows, "sum", rows * (rows - 1) / 2));
		}
	}

	@Override
	public void close() throws IOException {
		this.threads.shutdownNow();
		FileSystemUtils.deleteRecursively(this.directory);
	}

	/** What a thread does. */
	private interface Work {

		void run(int thread);

	}

}
