package io.observatory.storage.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.observatory.storage.sink.WriteMethod;

/**
 * How many records a second get into PostgreSQL: by the writers through their public API,
 * JSON included, and by what else a program could do, over the same number of connections
 * into the same table; beside each the limit, the server's own COPY of the same rows in
 * the same round. Run it by {@code mvn -Pbench -pl observatory-storage-core -am verify}.
 * <p>
 * System properties: {@code bench} ({@code full}, or {@code quick}: only the writers and
 * the limit), {@code bench.tables} (comma-separated names, else all),
 * {@code bench.rounds} (measured ones, one more comes first and is discarded),
 * {@code bench.scale} (how many times the usual number of rows), {@code bench.directory}
 * (where the report goes).
 */
public final class IngestBench {

	private static final int[] CONNECTIONS = { 1, 2 };

	/** So many rows can be halved at a boundary of traces. */
	private static final int ROUNDED_TO = 2 * Numbers.SPANS_PER_TRACE;

	private static volatile Object sink = "";

	private final long begun = System.nanoTime();

	private final BenchServer server;

	private final ServerCopy limit;

	private final BenchOptions options;

	private IngestBench(BenchServer server, ServerCopy limit, BenchOptions options) {
		this.server = server;
		this.limit = limit;
		this.options = options;
	}

	public static void main(String[] args) throws IOException {
		Locale.setDefault(Locale.ROOT);
		BenchOptions options = BenchOptions.fromSystemProperties();
		try (BenchServer server = new BenchServer(); ServerCopy limit = new ServerCopy(server.plain())) {
			server.printSettings();
			new IngestBench(server, limit, options).run();
		}
	}

	private void run() throws IOException {
		List<Comparison> comparisons = comparisons();
		int measured = 0;
		long longest = 0;
		for (int round = 0; round <= this.options.rounds() && (round < 2 || fits(longest)); round++) {
			long begun = System.nanoTime();
			round(round, comparisons);
			longest = Math.max(longest, System.nanoTime() - begun);
			measured = round;
		}
		allocation(comparisons);
		new BenchReport(comparisons, measured).write(this.options.directory());
	}

	private boolean fits(long roundNanos) {
		return elapsed().plusNanos(roundNanos).compareTo(this.options.atMost()) < 0;
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begun);
	}

	private List<Comparison> comparisons() {
		Technique copy = new Observatory("observatory-copy", 1, WriteMethod.AUTO, this.server.plain());
		Technique rewriting = new JdbcBatch("jdbc-batch-rewrite", this.server.rewriting());
		List<Technique> others = List.of(
				new Observatory("observatory-insert", 1.0 / 3, WriteMethod.INSERT, this.server.plain()),
				new JdbcBatch("jdbc-batch", this.server.plain()), rewriting, new BulkInsert(this.server.plain()));
		List<Comparison> comparisons = new ArrayList<>();
		for (Workload<?> workload : this.options.workloads()) {
			prepare(workload, copy);
			for (int connections : CONNECTIONS) {
				List<Cell> cells = new ArrayList<>();
				cells.add(new Cell(workload, this.limit, connections));
				cells.add(new Cell(workload, copy, connections));
				if (!this.options.quick()) {
					others.forEach((technique) -> cells.add(new Cell(workload, technique, connections)));
					if (workload.name().equals("logs")) {
						cells.add(new Cell(new LogsAsShippedWorkload(), rewriting, connections));
					}
				}
				comparisons.add(new Comparison(cells));
			}
		}
		return comparisons;
	}

	/** Makes the files for the limit. */
	private void prepare(Workload<?> workload, Technique technique) {
		Cell cell = new Cell(workload, technique, 1);
		measure(cell);
		this.limit.prepare(workload, rows(cell));
	}

	private void round(int round, List<Comparison> comparisons) {
		for (Comparison comparison : comparisons) {
			for (Cell cell : comparison.order(round)) {
				Measurement measurement = measure(cell);
				System.out.printf("%d:%02d  round %d of %d%s  %s %,10.0f rows/s%n", elapsed().toMinutes(),
						elapsed().toSecondsPart(), round, this.options.rounds(), (round == 0) ? " (discarded)" : "",
						cell, measurement.rowsPerSecond());
				if (round > 0) {
					comparison.add(cell, measurement);
				}
			}
		}
	}

	/** Over one connection; over more it would be the same. */
	private void allocation(List<Comparison> comparisons) {
		System.out.println("What is allocated");
		Map<String, Double> allocated = new HashMap<>();
		for (Comparison comparison : comparisons) {
			for (Cell cell : comparison.measured()) {
				String key = cell.workload().name() + " " + cell.technique().name();
				comparison.allocated(cell, allocated.computeIfAbsent(key, (unknown) -> allocated(cell)));
			}
		}
	}

	private double allocated(Cell cell) {
		long rows = rows(cell);
		this.server.empty();
		long all = cell.allocated(rows);
		cell.workload().verify(this.server.jdbc(), rows);
		Allocation records = new Allocation();
		for (long number = rows / 2; number < rows; number++) {
			sink = cell.workload().record(number);
		}
		return (all - records.bytes()) / (rows / 2.0);
	}

	private Measurement measure(Cell cell) {
		this.server.empty();
		long rows = rows(cell);
		Measurement measurement = cell.run(rows);
		cell.workload().verify(this.server.jdbc(), rows);
		return measurement;
	}

	private long rows(Cell cell) {
		double rows = cell.workload().rows() * this.options.scale() * cell.technique().share();
		return Math.max(1, (long) rows / ROUNDED_TO) * ROUNDED_TO;
	}

}
