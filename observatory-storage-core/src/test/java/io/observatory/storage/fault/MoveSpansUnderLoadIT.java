package io.observatory.storage.fault;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.StorageException;
import io.observatory.storage.model.TraceSpan;
import io.observatory.storage.session.WriteMethod;
import io.observatory.storage.table.Layout;
import io.observatory.storage.table.Schema;
import io.observatory.storage.table.TraceWriting;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.Records;
import io.observatory.storage.writer.TraceWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A million spans move from the layout {@code source} to {@code partitioned} while
 * writers write and readers read. The session that moves them is ended at random moments
 * of each part of the way, and another one goes on.
 */
@Tag("faults")
class MoveSpansUnderLoadIT {

	private static final String SCENARIO = "16-move-spans";

	private static final int SPANS = Length.of(1_000_000, 6_000);

	private static final int SPANS_PER_TRACE = 10;

	private static final int STEP = Length.of(5000, 500);

	/** Far apart, so that no two writers write the same numbers. */
	private static final int NUMBERS_PER_WRITER = 100_000_000;

	private static final Duration AGE = Duration.ofDays(5);

	private final Database database = Database.get();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(AGE);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor();

	/** The latest version of each span that was corrected. */
	private final Map<Integer, Integer> corrected = new ConcurrentHashMap<>();

	private final AtomicLong corrections = new AtomicLong();

	private final AtomicLong read = new AtomicLong();

	private volatile boolean over;

	@BeforeEach
	void migrate() {
		this.jdbc.execute("DROP SCHEMA IF EXISTS moving CASCADE");
		Database.migrate(this.database.dataSource(), "moving", Layout.SOURCE);
	}

	@AfterEach
	void close() {
		this.over = true;
		this.threads.shutdownNow();
		this.killer.shutdownNow();
		this.jdbc.execute("DROP SCHEMA moving CASCADE");
	}

	@Test
	void nothingIsLostOrStoredTwiceHoweverOftenTheMoveIsKilled() throws Exception {
		long begun = System.nanoTime();
		preload();
		List<Future<Written>> writers = new ArrayList<>();
		for (WriteMethod method : WriteMethod.values()) {
			writers.add(this.threads.submit(() -> write(method)));
		}
		Future<Boolean> reader = this.threads.submit(this::readOn);
		Move move = new Move();
		move.run();
		long before = this.corrections.get();
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.corrections.get() > before);
		this.over = true;
		reader.get(30, TimeUnit.SECONDS);
		List<Written> all = new ArrayList<>();
		for (Future<Written> writer : writers) {
			all.add(writer.get(60, TimeUnit.SECONDS));
		}
		Map<String, Object> figures = new LinkedHashMap<>();
		move.kills.forEach((part, kills) -> figures.put("killedAt" + part, kills));
		figures.put("steps", move.steps);
		figures.put("othersInTheWay", move.refusals);
		figures.put("readMeanwhile", this.read.get());
		Verdict verdict = verdict(all);
		FaultReport.scenario(SCENARIO, verdict, Duration.ofNanos(System.nanoTime() - begun), figures);
		System.out.println(figures + " " + verdict);
		verdict.assertAllStored();
		assertThat(Layout.of(this.jdbc.queryForObject(Layout.query(new Schema("moving")), String.class)))
			.isEqualTo(Layout.PARTITIONED);
		assertThat(move.kills.values().stream().mapToInt(Integer::intValue).sum())
			.isGreaterThanOrEqualTo(Length.of(20, 1));
		assertCorrected();
		assertThat(this.jdbc.queryForList("""
				SELECT t.id, t.span_count, count(s.span_id) FROM moving.traces t
				FULL JOIN moving.trace_spans s ON s.trace_id = t.id GROUP BY t.id, t.span_count
				HAVING t.span_count IS DISTINCT FROM count(s.span_id)""")).isEmpty();
	}

	private void preload() {
		TraceWriter writer = new TraceWriter(this.database.dataSource(),
				WriterConfig.traces().schema("moving").build());
		try (writer) {
			for (int number = 0; number < SPANS; number++) {
				writer.writeSpan(span(number, 1));
			}
			writer.flush();
		}
		assertThat(writer.writeStats().stored()).isEqualTo(SPANS);
	}

	/**
	 * New spans, corrections of spans that move, and both once more: like a process of
	 * its own, it shares nothing with the others but the database.
	 */
	private Written write(WriteMethod method) {
		Random random = new Random(method.ordinal());
		int first = (1 + method.ordinal()) * NUMBERS_PER_WRITER;
		int next = first;
		HikariDataSource pool = TraceWriting.pool(this.database.port());
		TraceWriter writer = new TraceWriter(pool,
				WriterConfig.traces().schema("moving").writeMethod(method).maxConcurrency(1).build());
		try (pool; writer) {
			for (int version = 2; !this.over; version++) {
				List<TraceSpan> batch = new ArrayList<>();
				for (int i = 0; i < 200; i++) {
					batch.add(span(next++, 1));
				}
				for (int i = 0; i < 20 && version % 2 == 0; i++) {
					int number = random.nextInt(SPANS);
					batch.add(span(number, version));
					this.corrected.merge(number, version, Math::max);
					this.corrections.incrementAndGet();
				}
				writer.writeSpans(batch);
				flush(writer);
				writer.writeSpans(batch.subList(0, version % 50));
			}
			flush(writer);
		}
		assertThat(writer.writeStats().stored()).as("%s", writer.writeStats())
			.isEqualTo(writer.writeStats().accepted());
		return new Written(first, next);
	}

	/** A batch that waits in vain for a lock is kept and sent again. */
	private static void flush(TraceWriter writer) {
		try {
			writer.flush();
		}
		catch (StorageException ex) {
			if (!ex.isRetryable()) {
				throw ex;
			}
		}
	}

	/** What pages ask for: a trace, its calls, the sums of an hour. */
	private boolean readOn() throws Exception {
		Random random = new Random(16);
		String hour = "SELECT coalesce(sum(spans), 0) FROM moving.span_latency_by_hour WHERE hour = ?";
		Object start = this.begin.plus(Duration.ofHours(24)).atOffset(java.time.ZoneOffset.UTC);
		Long spans = this.jdbc.queryForObject(hour, Long.class, start);
		while (!this.over) {
			String trace = Records.traceId(random.nextInt(SPANS / SPANS_PER_TRACE));
			assertThat(this.jdbc.queryForMap("""
					SELECT t.span_count AS told, count(*) AS spans, count(c.id) AS calls
					FROM moving.traces t JOIN moving.trace_spans s ON s.trace_id = t.id
					LEFT JOIN moving.llm_calls c ON c.trace_key = t.id AND c.span_id = s.span_id
					WHERE t.id = moving.trace_key(?) GROUP BY t.id""", trace).values()).asString()
				.isEqualTo("[10, 10, 10]");
			assertThat(this.jdbc.queryForObject(hour, Long.class, start)).isEqualTo(spans);
			this.read.incrementAndGet();
		}
		return true;
	}

	private Verdict verdict(List<Written> written) {
		long accepted = SPANS;
		long there = stored(new Written(0, SPANS));
		for (Written writer : written) {
			accepted += writer.next() - writer.first();
			there += stored(writer);
		}
		Long rows = this.jdbc.queryForObject("SELECT count(*) FROM moving.trace_spans", Long.class);
		Long distinct = this.jdbc.queryForObject("SELECT count(DISTINCT span_id) FROM moving.trace_spans", Long.class);
		return new Verdict(accepted, there, 0, 0, accepted - there, rows - distinct, distinct - there);
	}

	private long stored(Written written) {
		return this.jdbc.queryForObject("""
				SELECT count(DISTINCT span_id) FROM moving.trace_spans WHERE span_id COLLATE "C" >= ?
				AND span_id COLLATE "C" < ?""", Long.class, Records.spanId(written.first()),
				Records.spanId(written.next()));
	}

	private void assertCorrected() {
		assertThat(this.corrected).isNotEmpty();
		Map<String, Integer> versions = new ConcurrentHashMap<>();
		this.jdbc.query("SELECT span_id, name FROM moving.trace_spans WHERE name <> 'version 1'",
				(java.sql.ResultSet row) -> {
					versions.put(row.getString(1), Integer.valueOf(row.getString(2).substring("version ".length())));
				});
		Map<String, Integer> expected = new ConcurrentHashMap<>();
		this.corrected.forEach((number, version) -> expected.put(Records.spanId(number), version));
		assertThat(versions).isEqualTo(expected);
	}

	private TraceSpan span(int number, int version) {
		Instant start = (number < SPANS) ? this.begin.plusMillis(AGE.toMillis() / SPANS * number)
				: this.begin.plus(AGE).plusMillis(number % 1000);
		return TraceSpan.builder()
			.traceId(Records.traceId(number / SPANS_PER_TRACE))
			.spanId(Records.spanId(number))
			.name("version " + version)
			.serviceName("checkout")
			.startTime(start)
			.endTime(start.plusSeconds(version))
			.attributes(Map.of("gen_ai.request.model", "m-1"))
			.build();
	}

	/** The numbers of a writer's new spans. */
	private record Written(int first, int next) {
	}

	/** A part of the way. */
	private enum Part {

		BEGIN(Length.of(4, 1)), COPY(Length.of(20, 2)), END(Length.of(4, 1));

		private final int kills;

		Part(int kills) {
			this.kills = kills;
		}

	}

	/**
	 * Moves step by step, each time on the same session until that is ended.
	 */
	private final class Move {

		private final Random random = new Random();

		private final Map<Part, Integer> kills = new EnumMap<>(Part.class);

		private final Map<Part, Long> nanos = new EnumMap<>(Part.class);

		private int steps;

		private int refusals;

		void run() throws Exception {
			boolean more = true;
			while (more) {
				Part part = part();
				try (Connection connection = MoveSpansUnderLoadIT.this.database.dataSource().getConnection()) {
					while (more) {
						part = part();
						more = step(connection, part);
					}
				}
				catch (SQLException ex) {
					count(ex, part);
				}
			}
		}

		private void count(SQLException failure, Part part) throws SQLException {
			switch (String.valueOf(failure.getSQLState())) {
				case "57P01", "08006", "08003" -> this.kills.merge(part, 1, Integer::sum);
				case "55P03", "40P01" -> this.refusals++;
				default -> throw failure;
			}
		}

		private boolean step(Connection connection, Part part) throws SQLException {
			Future<Integer> kill = killsNow(part) ? scheduleKill(connection, part) : null;
			long begun = System.nanoTime();
			try (PreparedStatement step = connection.prepareStatement("SELECT moving.move_spans(?) IS NOT NULL")) {
				step.setInt(1, STEP);
				try (ResultSet more = step.executeQuery()) {
					more.next();
					this.steps++;
					return more.getBoolean(1);
				}
			}
			finally {
				this.nanos.merge(part, System.nanoTime() - begun, Math::max);
				if (kill != null) {
					kill.cancel(false);
				}
			}
		}

		private boolean killsNow(Part part) {
			return this.kills.getOrDefault(part, 0) < part.kills
					&& (part != Part.COPY || this.random.nextInt(Length.of(5, 3)) == 0);
		}

		private Future<Integer> scheduleKill(Connection connection, Part part) throws SQLException {
			int pid = connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
			long delay = (long) (this.random.nextDouble() * this.nanos.getOrDefault(part, 50_000_000L));
			Callable<Integer> kill = () -> MoveSpansUnderLoadIT.this.jdbc
				.queryForObject("SELECT pg_terminate_backend(" + pid + ")::int", Integer.class);
			return MoveSpansUnderLoadIT.this.killer.schedule(kill, delay, TimeUnit.NANOSECONDS);
		}

		private Part part() {
			JdbcTemplate jdbc = MoveSpansUnderLoadIT.this.jdbc;
			if (jdbc.queryForObject("SELECT to_regclass('moving.moved_spans') IS NULL", Boolean.class)) {
				return Part.BEGIN;
			}
			return jdbc.queryForObject("""
					SELECT count(*) > ? FROM (SELECT FROM moving.trace_spans
					WHERE start_time >= (SELECT before FROM moving.moved_spans) LIMIT ?) AS left_over""", Boolean.class,
					STEP, STEP + 1) ? Part.COPY : Part.END;
		}

	}

}
