package io.observatory.storage.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.spool.LogSettings;
import io.observatory.storage.spool.SpoolDirectory;
import io.observatory.storage.spool.SpoolLog;
import io.observatory.storage.spool.TableRows;
import org.HdrHistogram.Histogram;
import org.springframework.util.FileSystemUtils;

/**
 * What it costs to append rows of 500 bytes to a log on disk, without a database: as fast
 * as it goes, and at a steady rate. What is appended counts as stored at once, so that
 * the log stays small; the files lie beside the report.
 */
final class SpoolAppendBench {

	private static final int ROW_BYTES = 500;

	private static final int STEADY = 50_000;

	private static final long PERIOD_NANOS = Duration.ofMillis(1).toNanos();

	private static final long SEGMENT_BYTES = 16 << 20;

	private final BenchOptions options;

	SpoolAppendBench(BenchOptions options) {
		this.options = options;
	}

	void run() throws IOException {
		Variants variants = new Variants(List.of(
				List.of(variant("process", 1, 1, 0), variant("process", 4, 1, 0), variant("process", 1, 500, 0)),
				List.of(variant("process", 4, 1, STEADY), variant("process", 1, 1, STEADY)),
				List.of(variant("machine", 1, 500, 0), variant("machine", 4, 500, 0), variant("machine", 4, 1, 0))));
		variants.run(this.options.rounds(3));
		variants.report(this.options.directory(), "spool-append");
	}

	/**
	 * @param perSecond rows of all threads together, or 0 for as many as go
	 */
	private Variant variant(String level, int threads, int rowsPerCall, int perSecond) {
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("level", level);
		labels.put("threads", threads);
		labels.put("rowsPerCall", rowsPerCall);
		labels.put("steady", perSecond);
		return new Variant(labels, () -> {
			try {
				return measure(level.equals("machine"), threads, rowsPerCall, perSecond);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private Map<String, Double> measure(boolean forced, int threads, int rowsPerCall, int perSecond) throws Exception {
		Path directory = Files.createTempDirectory(Files.createDirectories(this.options.directory()), "spool");
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		LogSettings settings = new LogSettings(SEGMENT_BYTES, forced, Clock.systemUTC());
		try (SpoolLog log = SpoolLog.create(SpoolDirectory.open(directory).create("bench"), settings)) {
			long begun = System.nanoTime();
			List<Future<Histogram>> running = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				running.add(executor.submit(() -> append(log, rowsPerCall, perSecond / threads)));
			}
			Histogram calls = new Histogram(3);
			for (Future<Histogram> each : running) {
				calls.add(each.get());
			}
			Map<String, Double> figures = new LinkedHashMap<>();
			figures.put(Variant.RATE, log.endRow() / ((System.nanoTime() - begun) / 1e9));
			figures.put("p50micros", calls.getValueAtPercentile(50) / 1e3);
			figures.put("p99micros", calls.getValueAtPercentile(99) / 1e3);
			figures.put("p999micros", calls.getValueAtPercentile(99.9) / 1e3);
			return figures;
		}
		finally {
			executor.shutdownNow();
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	private Histogram append(SpoolLog log, int rowsPerCall, int perSecond) {
		Histogram calls = new Histogram(3);
		byte[] rows = new byte[rowsPerCall * ROW_BYTES];
		long length = this.options.length(Duration.ofSeconds(3)).toNanos();
		long begun = System.nanoTime();
		long appended = 0;
		for (long now = begun; now - begun < length; now = System.nanoTime()) {
			long due = (perSecond == 0) ? Long.MAX_VALUE : (now - begun) / 1000 * perSecond / 1_000_000;
			if (appended >= due) {
				LockSupport.parkNanos(PERIOD_NANOS);
				continue;
			}
			append(log, rows, rowsPerCall);
			calls.recordValue(System.nanoTime() - now);
			appended += rowsPerCall;
			if (appended % 100_000 < rowsPerCall) {
				forget(log);
			}
		}
		return calls;
	}

	private static void append(SpoolLog log, byte[] rows, int count) {
		try {
			log.append(List.of(new TableRows("logs", 1, new Rows(List.of(new Chunk(rows, 0, rows.length, count))))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void forget(SpoolLog log) {
		try {
			log.storedUpTo(log.endRow());
			log.makeRoom(Long.MAX_VALUE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
