package io.observatory.storage.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import io.observatory.storage.table.Layout;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows into tables that hold millions already and are not emptied: spans in both layouts
 * side by side, then logs and data points, each beside its own limit, in turn. The limit
 * is the server's own COPY of rows that no table has seen. Each measurement begins after
 * a checkpoint, as most do in real life: then the first touch of a page writes it to the
 * log whole.
 */
final class GrowthBench implements AutoCloseable {

	private static final long ROWS = 20_000_000;

	private static final int PARTS = 2;

	private final BenchServer server;

	private final BenchOptions options;

	private final Path directory = Files.createTempDirectory("observatory-growth");

	private final Map<Place, List<Figures>> figures = new LinkedHashMap<>();

	/** No number is used twice: neither is an id. Those of the pattern come first. */
	private long next = GrowingTables.PATTERN;

	GrowthBench(BenchServer server, BenchOptions options) throws IOException {
		this.server = server;
		this.options = options;
		// the server may run as another user
		this.directory.toFile().setReadable(true, false);
		this.directory.toFile().setExecutable(true, false);
	}

	void run() throws IOException {
		long most = this.options.rows(ROWS);
		for (Workload<?> workload : this.options.workloads("trace_spans,logs,metric_data_points")) {
			if (workload instanceof SpansWorkload) {
				measure(workload, List.of(Layout.values()), List.of(0L, most * 2 / 5, most));
			}
			else {
				measure(workload, List.of(Layout.PARTITIONED), List.of(0L, most));
			}
		}
		report();
	}

	private void measure(Workload<?> workload, List<Layout> layouts, List<Long> steps) {
		List<GrowingTables> all = new ArrayList<>();
		try {
			layouts.forEach((layout) -> all.add(new GrowingTables(this.server, workload, layout)));
			for (long there : steps) {
				if (there > 0) {
					all.forEach((tables) -> tables.fill(there));
				}
				measure(workload, all, there);
			}
		}
		finally {
			all.forEach(GrowingTables::close);
		}
	}

	private void measure(Workload<?> workload, List<GrowingTables> all, long there) {
		for (int round = 0; round <= this.options.rounds(3); round++) {
			for (int connections = 1; connections <= 2; connections++) {
				for (GrowingTables tables : all) {
					Place place = new Place(workload.name(), tables.layout(), connections, there);
					Figures measured = measure(workload, tables, place);
					if (round > 0) {
						this.figures.computeIfAbsent(place, (first) -> new ArrayList<>()).add(measured);
					}
					System.out.printf("%-20s %,11d there  %-11s %d  %s%n", workload, there, tables.layout().text(),
							connections, measured);
				}
			}
		}
	}

	private Figures measure(Workload<?> workload, GrowingTables tables, Place place) {
		long rows = workload.rows(this.options.scale(1));
		prepareLimit(workload, rows);
		begin(tables, place);
		double limit = limit(workload, tables.jdbc(), rows, place.connections());
		begin(tables, place);
		long wal = tables.wal();
		long disk = tables.disk();
		Measurement ours = new Cell(workload, new Observatory(tables.pool()), place.connections()).run(take(rows),
				rows);
		return new Figures(ours.rowsPerSecond(), limit, (double) (tables.wal() - wal) / rows,
				(double) (tables.disk() - disk) / rows);
	}

	private static void begin(GrowingTables tables, Place place) {
		if (place.rowsThere() == 0) {
			tables.empty();
		}
		tables.jdbc().execute("CHECKPOINT");
	}

	private long take(long rows) {
		long first = this.next;
		this.next += rows;
		return first;
	}

	/** Lets the library store rows elsewhere, and takes them from there. */
	private void prepareLimit(Workload<?> workload, long rows) {
		this.server.empty();
		new Cell(workload, new Observatory(this.server.plain()), 2).run(take(rows), rows);
		for (Workload.Stored table : workload.tables()) {
			for (int part = 0; part < PARTS; part++) {
				copyOut(table, part);
			}
		}
	}

	/** A trace and its spans go into the same part. */
	private void copyOut(Workload.Stored table, int part) {
		String select = "SELECT * FROM %s WHERE get_byte(uuid_send(%s), 15) %% 2 = %d ORDER BY %s"
			.formatted(table.name(), table.name().endsWith("trace_spans") ? "trace_id" : "id", part, table.time());
		this.server.jdbc().execute((ConnectionCallback<Long>) (connection) -> {
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

	private Path file(Workload.Stored table, int part) {
		return this.directory.resolve(table.name() + "-" + part);
	}

	private double limit(Workload<?> workload, JdbcTemplate jdbc, long rows, int connections) {
		long begun = System.nanoTime();
		CompletableFuture.allOf(IntStream.range(0, connections).mapToObj((session) -> CompletableFuture.runAsync(() -> {
			for (int part = session; part < PARTS; part += connections) {
				for (Workload.Stored table : workload.tables()) {
					jdbc.execute("COPY %s FROM '%s' (FORMAT binary)".formatted(table.name(), file(table, part)));
				}
			}
		})).toArray(CompletableFuture[]::new)).join();
		return rows * 1e9 / (System.nanoTime() - begun);
	}

	private void report() throws IOException {
		List<Map<String, Object>> report = new ArrayList<>();
		this.figures.forEach((place, measured) -> report.add(Figures.median(measured).json(place)));
		Files.createDirectories(this.options.directory());
		Path file = this.options.directory().resolve("growth.json");
		Files.writeString(file, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(report));
		System.out.println(Files.readString(file));
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

	/**
	 * What is measured several times.
	 */
	private record Place(String table, Layout layout, int connections, long rowsThere) {
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

		Map<String, Object> json(Place place) {
			Map<String, Object> line = new LinkedHashMap<>();
			line.put("table", place.table());
			line.put("layout", place.layout().text());
			line.put("connections", place.connections());
			line.put("rowsThere", place.rowsThere());
			line.put("rowsPerSecond", Math.round(this.rowsPerSecond));
			line.put("limitRowsPerSecond", Math.round(this.limit));
			line.put("walBytesPerRow", Math.round(this.wal));
			line.put("diskBytesPerRow", Math.round(this.disk));
			return line;
		}

		@Override
		public String toString() {
			return "%,9.0f rows/s, limit %,9.0f (%.2f), WAL %,6.0f B, disk %,6.0f B a row".formatted(this.rowsPerSecond,
					this.limit, this.rowsPerSecond / this.limit, this.wal, this.disk);
		}

	}

}
