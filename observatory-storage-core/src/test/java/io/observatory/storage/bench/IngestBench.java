package io.observatory.storage.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.observatory.storage.session.WriteMethod;

/**
 * How many records a second get into PostgreSQL: by the writers through their public API,
 * JSON included, and by what else a program could do, over the same number of connections
 * into the same table; beside each the limit, the server's own COPY of the same rows in
 * the same round. {@code quick} is the writers and the limit alone.
 */
final class IngestBench {

	private static final int[] CONNECTIONS = { 1, 2 };

	private static volatile Object sink = "";

	private final long begun = System.nanoTime();

	private final BenchServer server;

	private final ServerCopy limit;

	private final boolean quick;

	private final List<Workload<?>> workloads;

	private final int rounds;

	private final double scale;

	/** No round is begun that would probably end later. */
	private final Duration atMost;

	private final Path directory;

	private IngestBench(BenchServer server, ServerCopy limit, BenchOptions options) {
		this.server = server;
		this.limit = limit;
		this.quick = options.name().equals("quick");
		this.workloads = options.workloads("logs,metric_data_points,trace_events,trace_spans,traces");
		this.rounds = options.rounds(5);
		this.scale = options.scale(1);
		this.atMost = this.quick ? Duration.ofSeconds(190) : Duration.ofMinutes(12);
		this.directory = options.directory();
	}

	static void run(BenchServer server, BenchOptions options) throws IOException {
		try (ServerCopy limit = new ServerCopy(server.plain())) {
			new IngestBench(server, limit, options).run();
		}
	}

	private void run() throws IOException {
		List<Comparison> comparisons = comparisons();
		int measured = 0;
		long longest = 0;
		for (int round = 0; round <= this.rounds && (round < 2 || fits(longest)); round++) {
			long begun = System.nanoTime();
			round(round, comparisons);
			longest = Math.max(longest, System.nanoTime() - begun);
			measured = round;
		}
		allocation(comparisons);
		new BenchReport(comparisons, measured).write(this.directory);
	}

	private boolean fits(long roundNanos) {
		return elapsed().plusNanos(roundNanos).compareTo(this.atMost) < 0;
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begun);
	}

	private List<Comparison> comparisons() {
		Technique copy = new Observatory(this.server.plain());
		Technique rewriting = new JdbcBatch("jdbc-batch-rewrite", this.server.rewriting());
		List<Technique> others = List.of(
				new Observatory("observatory-insert", 1.0 / 3, (config) -> config.writeMethod(WriteMethod.INSERT),
						this.server.plain()),
				new JdbcBatch("jdbc-batch", this.server.plain()), rewriting, new BulkInsert(this.server.plain()));
		List<Comparison> comparisons = new ArrayList<>();
		for (Workload<?> workload : this.workloads) {
			prepare(workload, copy);
			for (int connections : CONNECTIONS) {
				List<Cell> cells = new ArrayList<>();
				cells.add(new Cell(workload, this.limit, connections));
				cells.add(new Cell(workload, copy, connections));
				if (!this.quick) {
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
						elapsed().toSecondsPart(), round, this.rounds, (round == 0) ? " (discarded)" : "", cell,
						measurement.rowsPerSecond());
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
		return this.server.measure(cell, rows(cell));
	}

	private long rows(Cell cell) {
		return cell.workload().rows(this.scale * cell.technique().share());
	}

}
