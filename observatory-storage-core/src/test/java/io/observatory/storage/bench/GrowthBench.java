package io.observatory.storage.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.observatory.storage.table.Layout;
import io.observatory.storage.testing.Database;
import io.observatory.storage.testing.PastDays;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Spans into tables that hold millions already and are not emptied: both layouts, each
 * beside its own limit, in turn. The limit is the server's own COPY of spans that no
 * table has seen. Each measurement begins after a checkpoint, as most do in real life:
 * then the first touch of a page writes it to the log whole.
 */
final class GrowthBench implements AutoCloseable {

	private static final long ROWS = 4_000_000;

	private static final int DAYS = 20;

	private final BenchServer server;

	private final BenchOptions options;

	private final SpansWorkload spans = new SpansWorkload();

	private final Path directory = Files.createTempDirectory("observatory-growth");

	private final Map<Layout, HikariDataSource> databases = new EnumMap<>(Layout.class);

	private final HikariDataSource scratch;

	private final Map<String, List<Figures>> figures = new TreeMap<>();

	/** No number is used twice: neither is an id. */
	private long next;

	GrowthBench(BenchServer server, BenchOptions options) throws IOException {
		this.server = server;
		this.options = options;
		// the server may run as another user
		this.directory.toFile().setReadable(true, false);
		this.directory.toFile().setExecutable(true, false);
		for (Layout layout : Layout.values()) {
			this.databases.put(layout, database("growth_" + layout.text(), layout));
		}
		this.scratch = database("growth_scratch", Layout.SOURCE);
	}

	private HikariDataSource database(String name, Layout layout) {
		this.server.jdbc().execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
		this.server.jdbc().execute("CREATE DATABASE " + name);
		HikariDataSource database = BenchServer.pool(this.server.port(), name, "");
		Database.migrate(database, "observatory", layout);
		return database;
	}

	void run() throws IOException {
		measure(0);
		long there = this.options.rows(ROWS);
		this.databases.forEach((layout, database) -> fill(layout, new JdbcTemplate(database), there));
		measure(there);
		report();
	}

	private void measure(long there) {
		for (int round = 0; round <= this.options.rounds(3); round++) {
			for (Layout layout : Layout.values()) {
				for (int connections = 1; connections <= 2; connections++) {
					Figures measured = measure(layout, connections, there);
					if (round > 0) {
						this.figures
							.computeIfAbsent("%09d %s %d".formatted(there, layout.text(), connections),
									(key) -> new ArrayList<>())
							.add(measured);
					}
					System.out.printf("%,11d there  %-11s %d  %s%n", there, layout.text(), connections, measured);
				}
			}
		}
	}

	private Figures measure(Layout layout, int connections, long there) {
		HikariDataSource database = this.databases.get(layout);
		JdbcTemplate jdbc = new JdbcTemplate(database);
		long rows = this.spans.rows(this.options.scale(1));
		prepareLimit(rows);
		boolean empty = there == 0;
		begin(jdbc, empty);
		double limit = limit(jdbc, rows, connections);
		begin(jdbc, empty);
		long wal = wal(jdbc);
		long disk = disk(jdbc);
		Measurement ours = new Cell(this.spans, new Observatory(database), connections).run(take(rows), rows);
		return new Figures(ours.rowsPerSecond(), limit, (double) (wal(jdbc) - wal) / rows,
				(double) (disk(jdbc) - disk) / rows);
	}

	private static void begin(JdbcTemplate jdbc, boolean empty) {
		if (empty) {
			jdbc.execute("TRUNCATE observatory.traces, observatory.trace_spans");
		}
		jdbc.execute("CHECKPOINT");
	}

	private long take(long rows) {
		long first = this.next;
		this.next += rows;
		return first;
	}

	/** Lets the library store spans elsewhere, and takes their rows from there. */
	private void prepareLimit(long rows) {
		JdbcTemplate jdbc = new JdbcTemplate(this.scratch);
		jdbc.execute("TRUNCATE observatory.traces, observatory.trace_spans");
		new Cell(this.spans, new Observatory(this.scratch), 2).run(take(rows), rows);
		for (int part = 0; part < 2; part++) {
			copyOut(jdbc, "traces", "id", part);
			copyOut(jdbc, "trace_spans", "trace_id", part);
		}
	}

	private void copyOut(JdbcTemplate jdbc, String table, String trace, int part) {
		String select = "SELECT * FROM observatory.%s WHERE uuid_send(%s) %s '\\x8000' ORDER BY start_time"
			.formatted(table, trace, (part == 0) ? "<" : ">=");
		jdbc.execute((ConnectionCallback<Long>) (connection) -> {
			try (OutputStream out = Files.newOutputStream(file(table, part))) {
				return connection.unwrap(PGConnection.class)
					.getCopyAPI()
					.copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)", out);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			finally {
				file(table, part).toFile().setReadable(true, false);
			}
		});
	}

	private Path file(String table, int part) {
		return this.directory.resolve(table + "-" + part);
	}

	private double limit(JdbcTemplate jdbc, long rows, int connections) {
		long begun = System.nanoTime();
		CompletableFuture.allOf(IntStream.range(0, connections).mapToObj((session) -> CompletableFuture.runAsync(() -> {
			for (int part = session; part < 2; part += connections) {
				copyIn(jdbc, "traces", part);
				copyIn(jdbc, "trace_spans", part);
			}
		})).toArray(CompletableFuture[]::new)).join();
		return rows * 1e9 / (System.nanoTime() - begun);
	}

	private void copyIn(JdbcTemplate jdbc, String table, int part) {
		jdbc.execute("COPY observatory.%s FROM '%s' (FORMAT binary)".formatted(table, file(table, part)));
	}

	private static long wal(JdbcTemplate jdbc) {
		return number(jdbc, "SELECT pg_current_wal_insert_lsn() - '0/0'");
	}

	private static long disk(JdbcTemplate jdbc) {
		return number(jdbc,
				"SELECT sum(pg_total_relation_size(relid)) FROM (SELECT relid FROM pg_partition_tree('observatory.trace_spans') "
						+ "UNION ALL SELECT 'observatory.traces'::regclass UNION ALL SELECT 'observatory.trace_spans'::regclass WHERE NOT EXISTS "
						+ "(SELECT FROM pg_partitioned_table WHERE partrelid = 'observatory.trace_spans'::regclass)) AS stored");
	}

	private static long number(JdbcTemplate jdbc, String sql) {
		Long number = jdbc.queryForObject(sql, Long.class);
		return (number != null) ? number : -1;
	}

	/**
	 * Spans of the days before, as random in their ids and as large as those that are
	 * measured.
	 */
	private void fill(Layout layout, JdbcTemplate jdbc, long rows) {
		System.out.printf("Filling %s with %,d spans%n", layout.text(), rows);
		if (layout == Layout.PARTITIONED) {
			PastDays.make(jdbc, "observatory", DAYS);
		}
		// one day at a time, so that there are checkpoints between them
		for (int day = 1; day <= DAYS; day++) {
			jdbc.execute(FILL_TRACES.formatted(rows / DAYS / Numbers.SPANS_PER_TRACE, day));
			jdbc.execute(FILL_SPANS.formatted(day, Numbers.SPANS_PER_TRACE));
			jdbc.execute("CHECKPOINT");
		}
		jdbc.execute("VACUUM ANALYZE observatory.traces");
		jdbc.execute("VACUUM ANALYZE observatory.trace_spans");
	}

	private static final String FILL_TRACES = """
			INSERT INTO observatory.traces (id, trace_id, service_name, start_time, end_time, duration_us, status, root_span_name, span_count, lead_is_root)
			SELECT id, replace(id::text, '-', ''), 'service-' || i %% 8, date_trunc('day', now(), 'UTC') - interval '%2$d days' + i * interval '100 us',
			       date_trunc('day', now(), 'UTC') - interval '%2$d days' + i * interval '100 us' + interval '250 ms', 250000, 'ok', 'chat model-large', 10, true
			FROM (SELECT gen_random_uuid() AS id, i FROM generate_series(1, %1$d) AS i) AS t
			""";

	private static final String FILL_SPANS = """
			INSERT INTO observatory.trace_spans (id, trace_id, span_id, name, kind, service_name, start_time, end_time, duration_us, status, attributes, events)
			SELECT gen_random_uuid(), t.id, substr(md5(random()::text), 1, 16), 'chat model-large', 'client', t.service_name,
			       t.start_time + i * interval '10 us', t.end_time, 250000, 'ok',
			       jsonb_build_object('gen_ai.operation.name', 'chat', 'gen_ai.provider.name', 'openai', 'gen_ai.request.model', 'model-large',
			           'gen_ai.response.model', 'model-large-2026-05', 'gen_ai.usage.input_tokens', 1203, 'gen_ai.usage.output_tokens', 311,
			           'gen_ai.request.temperature', 0.7, 'server.address', 'api.example.com', 'gen_ai.response.finish_reasons', jsonb_build_array('stop'),
			           'gen_ai.response.id', 'chatcmpl-' || substr(md5(random()::text), 1, 16)),
			       jsonb_build_array(jsonb_build_object('name', 'gen_ai.choice', 'timestamp', '2026-01-01T00:00:00.2Z', 'attributes',
			           jsonb_build_object('index', 0, 'finish_reason', 'stop')))
			FROM observatory.traces AS t CROSS JOIN generate_series(1, %2$d) AS i
			WHERE t.start_time >= date_trunc('day', now(), 'UTC') - interval '%1$d days' AND t.start_time < date_trunc('day', now(), 'UTC') - interval '%1$d days' + interval '1 day'
			""";

	private void report() throws IOException {
		List<Map<String, Object>> report = new ArrayList<>();
		this.figures.forEach((key, measured) -> {
			String[] labels = key.split(" ");
			Figures median = Figures.median(measured);
			Map<String, Object> line = new LinkedHashMap<>();
			line.put("table", this.spans.name());
			line.put("layout", labels[1]);
			line.put("connections", Integer.valueOf(labels[2]));
			line.put("rowsThere", Long.valueOf(labels[0]));
			line.put("rowsPerSecond", Math.round(median.rowsPerSecond()));
			line.put("limitRowsPerSecond", Math.round(median.limit()));
			line.put("walBytesPerRow", Math.round(median.wal()));
			line.put("diskBytesPerRow", Math.round(median.disk()));
			report.add(line);
		});
		Files.createDirectories(this.options.directory());
		Path file = this.options.directory().resolve("growth.json");
		Files.writeString(file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report));
		System.out.println(Files.readString(file));
	}

	@Override
	public void close() throws IOException {
		this.databases.values().forEach(HikariDataSource::close);
		this.scratch.close();
		FileSystemUtils.deleteRecursively(this.directory);
	}

	private record Figures(double rowsPerSecond, double limit, double wal, double disk) {

		static Figures median(List<Figures> measured) {
			return new Figures(median(measured, Figures::rowsPerSecond), median(measured, Figures::limit),
					median(measured, Figures::wal), median(measured, Figures::disk));
		}

		private static double median(List<Figures> measured, ToDoubleFunction<Figures> figure) {
			return measured.stream()
				.mapToDouble(figure)
				.sorted()
				.skip((measured.size() - 1) / 2)
				.findFirst()
				.orElseThrow();
		}

		@Override
		public String toString() {
			return "%,9.0f rows/s, limit %,9.0f (%.2f), WAL %,6.0f B, disk %,6.0f B a row".formatted(this.rowsPerSecond,
					this.limit, this.rowsPerSecond / this.limit, this.wal, this.disk);
		}

	}

}
