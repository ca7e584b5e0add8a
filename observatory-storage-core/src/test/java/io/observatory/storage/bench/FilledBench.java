package io.observatory.storage.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Whole solutions, as {@link LogsAsShippedWorkload} compares them, into tables that hold
 * millions of rows already and are not emptied: there a random key meets a page of its
 * index that no other row of the batch meets, and that is written to the log whole after
 * each checkpoint. Before each measurement is one.
 */
final class FilledBench {

	private static final long ROWS = 5_000_000;

	private static final int[] CONNECTIONS = { 1, 2 };

	private final BenchServer server;

	private final BenchOptions options;

	/** No number is used twice: neither is an id. */
	private final AtomicLong next = new AtomicLong();

	FilledBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	void run() throws IOException {
		fill();
		List<List<Variant>> groups = new ArrayList<>();
		for (int connections : CONNECTIONS) {
			Cell usual = new Cell(new LogsAsShippedWorkload(),
					new JdbcBatch("jdbc-batch-rewrite", this.server.rewriting()), connections);
			Cell ours = new Cell(new LogsWorkload(), new Observatory(this.server.plain()), connections);
			groups.add(List.of(variant(usual), variant(ours)));
		}
		Variants variants = new Variants(groups);
		variants.run(this.options.rounds(7));
		variants.report(this.options.directory(), "filled");
	}

	private void fill() {
		long rows = (long) (ROWS * this.options.scale(1));
		System.out.printf("Filling both tables with %,d rows%n", rows);
		JdbcTemplate jdbc = this.server.jdbc();
		LogsAsShippedWorkload.createTable(jdbc, rows);
		jdbc.update("INSERT INTO observatory.logs SELECT * FROM usual.logs");
		jdbc.execute("VACUUM ANALYZE usual.logs");
		jdbc.execute("VACUUM ANALYZE observatory.logs");
	}

	private Variant variant(Cell cell) {
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("table", cell.workload().tables().get(0).name());
		labels.put("technique", cell.technique().name());
		labels.put("connections", cell.connections());
		return new Variant(labels, () -> Variant.figures(measure(cell)));
	}

	private Measurement measure(Cell cell) {
		long rows = cell.workload().rows(cell.technique().share());
		long before = count(cell);
		this.server.jdbc().execute("CHECKPOINT");
		Measurement measurement = cell.run(this.next.getAndAdd(rows), rows);
		if (count(cell) != before + rows) {
			throw new IllegalStateException(cell + ": not every row is stored once");
		}
		return measurement;
	}

	private long count(Cell cell) {
		return this.server.jdbc()
			.queryForObject("SELECT count(*) FROM " + cell.workload().tables().get(0).name(), Long.class);
	}

}
