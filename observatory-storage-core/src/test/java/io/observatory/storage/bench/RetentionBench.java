package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.session.ConnectionLimit;
import io.observatory.storage.table.Layout;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.PastDays;
import io.observatory.storage.upkeep.Retention;
import io.observatory.storage.upkeep.Retention.Removed;
import io.observatory.storage.upkeep.RetentionPeriods;
import io.observatory.storage.writer.LogWriter;
import io.observatory.storage.writer.TraceWriter;
import io.observatory.storage.writer.Writer;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What writers feel of the retention. There is a month of logs and spans, and 20,000
 * records a second go on coming, half logs, half spans, over two connections as on an
 * application's pool. By turns nothing else happens, and the retention removes another
 * eight days, until seven are left. What is stored meanwhile is compared.
 * <p>
 * With {@code bench.rows}, which says how many logs and as many spans a day has, there
 * are four days, and one goes each time.
 */
final class RetentionBench implements AutoCloseable {

	/** Of each kind, in a month. */
	private static final long LOADED = 3_000_000;

	private static final int PER_SECOND = 10_000;

	private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final int SAMPLING_MILLIS = 50;

	private static final int POOL_SIZE = 10;

	private final LogsWorkload logs = new LogsWorkload();

	private final SpansWorkload spans = new SpansWorkload();

	private final Instant begin = Instant.now();

	private final Instant today = this.begin.truncatedTo(ChronoUnit.DAYS);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Turn> turns = new ArrayList<>();

	private final AtomicLong longestWait = new AtomicLong();

	/** When the last day of spans was seen to be gone. */
	private volatile long spansGoneAt = System.nanoTime();

	private final BenchServer server;

	private final BenchOptions options;

	private final Loaded loaded;

	private final HikariDataSource pool;

	private final LogWriter logWriter;

	private final TraceWriter traceWriter;

	private volatile boolean over;

	RetentionBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
		long rowsADay = options.rows(0);
		this.loaded = (rowsADay > 0) ? new Loaded(4, 1, 1, rowsADay)
				: new Loaded(31, 8, 7, (long) (LOADED * options.scale(1)) / 31);
		this.pool = BenchServer.pool(server.port(), "");
		this.pool.setMaximumPoolSize(POOL_SIZE);
		ConnectionLimit limit = ConnectionLimit.of(2);
		this.logWriter = new LogWriter(this.pool, WriterConfig.logs().connectionLimit(limit).build());
		this.traceWriter = new TraceWriter(this.pool, WriterConfig.traces().connectionLimit(limit).build());
	}

	void run() throws Exception {
		Duration length = this.options.length(Duration.ofSeconds(20));
		this.server.empty();
		PastDays.make(this.server.jdbc(), "observatory", this.loaded.days());
		load();
		long deadlocks = deadlocks();
		this.threads.execute(this::watchLocks);
		this.threads.execute(() -> pace(this::writeLog));
		this.threads.execute(() -> pace(this::writeSpan));
		TimeUnit.MILLISECONDS.sleep(length.toMillis() / 2);
		for (int days = this.loaded.days() - this.loaded.aTurn(); days >= this.loaded.kept(); days -= this.loaded
			.aTurn()) {
			Duration period = Duration.ofDays(days);
			Retention retention = new Retention(this.pool, "observatory",
					new RetentionPeriods(period, period, period, period));
			Rate without = rate(() -> sleep(length));
			Rate with = rate(retention::run);
			this.turns.add(new Turn(days, without, with, retention.removed()));
			System.out.println(this.turns.get(this.turns.size() - 1));
		}
		this.over = true;
		this.traceWriter.flush();
		this.logWriter.flush();
		report(deadlocks() - deadlocks);
		verify();
	}

	/** Whole days until today, the oldest first. */
	private void load() {
		long begun = System.nanoTime();
		Instant oldest = this.today.minus(Duration.ofDays(this.loaded.days()));
		for (long number = 0; number < this.loaded.rows(); number++) {
			Instant time = oldest.plusMillis(Duration.ofDays(1).toMillis() * number / this.loaded.rowsADay());
			writeLog(number, time);
			writeSpan(number, time);
		}
		this.logWriter.flush();
		this.traceWriter.flush();
		// as if each had been written on its day
		this.server.jdbc().execute("UPDATE observatory.traces SET updated_at = greatest(start_time, end_time)");
		this.server.jdbc().execute("VACUUM ANALYZE observatory.traces");
		this.server.jdbc().execute("ANALYZE observatory.trace_spans");
		System.out.printf("%,d logs and as many spans of %d days, loaded in %.0f s%n", this.loaded.rows(),
				this.loaded.days(), (System.nanoTime() - begun) / 1e9);
	}

	/** Keeps to its timetable; what it is late for it makes up. */
	private void pace(LongConsumer write) {
		long begun = System.nanoTime();
		for (long written = 0; !this.over;) {
			long due = (System.nanoTime() - begun) / 1000 * PER_SECOND / 1_000_000;
			for (; written < due && !this.over; written++) {
				write.accept(this.loaded.rows() + written);
			}
			LockSupport.parkNanos(PERIOD_NANOS);
		}
	}

	private void writeLog(long number) {
		writeLog(number, Instant.now());
	}

	private void writeSpan(long number) {
		writeSpan(number, Instant.now());
	}

	private void writeLog(long number, Instant time) {
		write(() -> this.logWriter.writeLog(this.logs.builder(number).timestamp(time).build()));
	}

	private void writeSpan(long number, Instant time) {
		write(() -> this.traceWriter.writeSpan(this.spans.record(number, time)));
	}

	/** Under the default policy a write throws when the buffer is full for a second. */
	private void write(Runnable write) {
		boolean taken = false;
		while (!taken && !this.over) {
			try {
				write.run();
				taken = true;
			}
			catch (BufferFullException ex) {
				Thread.onSpinWait();
			}
		}
	}

	private Rate rate(Runnable meanwhile) {
		this.longestWait.set(0);
		long begun = System.nanoTime();
		long before = stored();
		meanwhile.run();
		double seconds = (System.nanoTime() - begun) / 1e9;
		return new Rate(seconds, (stored() - before) / seconds, this.longestWait.get(),
				(this.spansGoneAt - begun) / 1e9);
	}

	private long stored() {
		return this.logWriter.writeStats().stored() + this.traceWriter.writeStats().stored();
	}

	private static void sleep(Duration length) {
		try {
			TimeUnit.MILLISECONDS.sleep(length.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void watchLocks() {
		JdbcTemplate jdbc = new JdbcTemplate(this.pool);
		List<Instant> firstDay = List.of();
		while (!this.over) {
			List<Instant> firstDayNow = jdbc.query(
					"SELECT min(upper_bound) FROM observatory.append_partitions() "
							+ "WHERE table_name = 'trace_spans' HAVING count(*) > 0",
					(row, number) -> row.getTimestamp(1).toInstant());
			if (!firstDayNow.equals(firstDay)) {
				firstDay = firstDayNow;
				this.spansGoneAt = System.nanoTime();
			}
			Double millis = jdbc.queryForObject("""
					SELECT coalesce(max(extract(epoch FROM clock_timestamp() - waitstart)), 0) * 1000
					FROM pg_locks WHERE NOT granted AND mode <> 'ShareUpdateExclusiveLock'""", Double.class);
			this.longestWait.accumulateAndGet(Math.round(millis), Math::max);
			sleep(Duration.ofMillis(SAMPLING_MILLIS));
		}
	}

	private long deadlocks() {
		return this.server.jdbc()
			.queryForObject("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", Long.class);
	}

	private void report(long deadlocks) throws IOException {
		Spread ratio = Spread.of(this.turns.stream().mapToDouble(Turn::ratio).toArray());
		System.out.printf("%n%-10s %12s %12s %6s %8s %10s %10s %10s %5s %15s%n", "days kept", "records/s", "with it",
				"ratio", "it took", "days gone", "traces", "spans", "days", "longest waits");
		this.turns.forEach((turn) -> System.out.printf(
				"%-10d %,12.0f %,12.0f %6.3f %6.1f s %8.1f s %,10d %,10d %5d %4d, %4d ms%n", turn.keptDays(),
				turn.without().perSecond(), turn.with().perSecond(), turn.ratio(), turn.with().seconds(),
				turn.with().spansGoneSeconds(), turn.removed().traces(), turn.removed().spans(), turn.removed().days(),
				turn.without().longestWaitMillis(), turn.with().longestWaitMillis()));
		System.out.printf("ratio: median %.3f [%.3f..%.3f]; deadlocks: %d%n", ratio.median(), ratio.min(), ratio.max(),
				deadlocks);
		Path directory = Files.createDirectories(this.options.directory());
		Files.writeString(directory.resolve("retention.json"),
				this.turns.stream()
					.map(Turn::json)
					.collect(Collectors.joining(",\n", "{\"deadlocks\": " + deadlocks + ", \"turns\": [\n", "\n]}\n")));
	}

	/** Where spans go by day, their traces go at most a day later. */
	private void verify() {
		int daysMore = (Database.LAYOUT == Layout.SOURCE) ? 0 : 1;
		for (Writer writer : List.of(this.logWriter, this.traceWriter)) {
			if (writer.writeStats().stored() != writer.writeStats().accepted()) {
				throw new IllegalStateException("Not all was stored: " + writer.writeStats());
			}
		}
		Long left = this.server.jdbc()
			.queryForObject(
					"""
							SELECT (SELECT count(*) FROM observatory.traces WHERE greatest(start_time, end_time) < t.oldest - interval '%d days')
							     + (SELECT count(*) FROM observatory.logs WHERE timestamp < t.oldest - interval '1 day')
							FROM (SELECT timestamptz '%s' - interval '%d days' AS oldest) t"""
						.formatted(daysMore, this.begin, this.loaded.kept()),
					Long.class);
		if (left != 0) {
			throw new IllegalStateException(left + " rows are left that are too old");
		}
	}

	@Override
	public void close() {
		this.over = true;
		this.threads.shutdownNow();
		this.logWriter.close();
		this.traceWriter.close();
		this.pool.close();
	}

	/**
	 * What is there at the beginning.
	 *
	 * @param aTurn how many days go at once
	 * @param kept how many stay in the end
	 * @param rowsADay of logs, and as many spans
	 */
	private record Loaded(int days, int aTurn, int kept, long rowsADay) {

		long rows() {
			return this.days * this.rowsADay;
		}

	}

	/**
	 * What was stored in a time.
	 *
	 * @param longestWaitMillis the longest that anyone was seen waiting for a lock, but
	 * for the retention itself, which waits for an autovacuum in a mode that nobody else
	 * does
	 * @param spansGoneSeconds from the beginning until the last day of spans was gone;
	 * negative where none was
	 */
	private record Rate(double seconds, double perSecond, long longestWaitMillis, double spansGoneSeconds) {
	}

	/**
	 * A while without the retention, and one with it.
	 */
	private record Turn(int keptDays, Rate without, Rate with, Removed removed) {

		double ratio() {
			return this.with.perSecond() / this.without.perSecond();
		}

		String json() {
			return """
					{"keptDays": %d, "withoutPerSecond": %.0f, "withPerSecond": %.0f, "ratio": %.3f, "seconds": %.1f, \
					"spansGoneSeconds": %.1f, "traces": %d, "spans": %d, "days": %d, "longestWaitMillisWithout": %d, "longestWaitMillisWith": %d}"""
				.formatted(this.keptDays, this.without.perSecond(), this.with.perSecond(), ratio(), this.with.seconds(),
						this.with.spansGoneSeconds(), this.removed.traces(), this.removed.spans(), this.removed.days(),
						this.without.longestWaitMillis(), this.with.longestWaitMillis());
		}

	}

}
