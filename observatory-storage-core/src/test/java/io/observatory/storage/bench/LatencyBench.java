package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.model.LogRecord;
import io.observatory.storage.writer.Writer;
import org.HdrHistogram.Histogram;

/**
 * How long a call of {@code writeLog} takes at a steady 50,000 records a second from four
 * threads, while the same machine's server stores them. Each thread keeps to its
 * timetable, and what it is late for it makes up; the time of the call alone is measured,
 * so that a slow call does not keep others from being seen.
 */
final class LatencyBench {

	private static final int THREADS = 4;

	private static final int PER_SECOND = 50_000 / THREADS;

	private static final Duration WARM_UP = Duration.ofSeconds(5);

	private static final long PERIOD_NANOS = Duration.ofMillis(1).toNanos();

	private static final double[] PERCENTILES = { 50, 90, 99, 99.9, 99.99, 100 };

	private final LogsWorkload workload = new LogsWorkload();

	private final BenchServer server;

	private final BenchOptions options;

	LatencyBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	void run() throws Exception {
		run("latency", UnaryOperator.identity());
	}

	/**
	 * Measures a configuration.
	 * @param name the name of the report
	 */
	void run(String name, UnaryOperator<WriterConfig.Builder> configuration) throws Exception {
		Duration length = this.options.length(Duration.ofSeconds(20));
		this.server.empty();
		long written;
		Histogram nanos;
		try (Writer writer = this.workload.open(this.server.plain(),
				(config) -> configuration.apply(config.maxConcurrency(2)))) {
			nanos = write(writer, WARM_UP.plus(length));
			writer.flush();
			written = writer.writeStats().stored();
		}
		this.workload.verify(this.server.jdbc(), written);
		report(name, nanos, written / WARM_UP.plus(length).toSeconds());
	}

	private Histogram write(Writer writer, Duration length) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<Histogram>> running = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int thread = i;
				running.add(threads.submit(() -> write(writer, thread, length)));
			}
			Histogram all = new Histogram(3);
			for (Future<Histogram> each : running) {
				all.add(each.get(length.toSeconds() * 2, TimeUnit.SECONDS));
			}
			return all;
		}
		finally {
			threads.shutdownNow();
		}
	}

	private Histogram write(Writer writer, int thread, Duration length) {
		Histogram histogram = new Histogram(3);
		long begun = System.nanoTime();
		long total = PER_SECOND * length.toSeconds();
		for (long written = 0; written < total;) {
			long due = (System.nanoTime() - begun) / 1000 * PER_SECOND / 1_000_000;
			for (; written < Math.min(due, total); written++) {
				LogRecord log = this.workload.record(written * THREADS + thread);
				long called = System.nanoTime();
				this.workload.write(writer, log);
				long returned = System.nanoTime();
				if (returned - begun > WARM_UP.toNanos()) {
					histogram.recordValue(returned - called);
				}
			}
			LockSupport.parkNanos(PERIOD_NANOS);
		}
		return histogram;
	}

	private void report(String name, Histogram nanos, long perSecond) throws IOException {
		System.out.printf("%n%s: writeLog at %,d records/s from %d threads, microseconds of a call:%n", name, perSecond,
				THREADS);
		StringBuilder json = new StringBuilder("{\"recordsPerSecond\": %d, \"threads\": %d, \"calls\": %d"
			.formatted(perSecond, THREADS, nanos.getTotalCount()));
		for (double percentile : PERCENTILES) {
			double micros = nanos.getValueAtPercentile(percentile) / 1e3;
			String label = (percentile == 100) ? "max" : "p" + Double.toString(percentile).replaceAll("\\.0$", "");
			System.out.printf("%-8s %10.1f%n", label, micros);
			json.append(", \"%s\": %.1f".formatted(label, micros));
		}
		Path directory = Files.createDirectories(this.options.directory());
		Files.writeString(directory.resolve(name + ".json"), json.append("}\n"));
	}

}
