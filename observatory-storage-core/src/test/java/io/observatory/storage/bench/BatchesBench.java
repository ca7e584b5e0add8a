package io.observatory.storage.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.observatory.storage.config.WriterConfig;

/**
 * The most rows in a batch, and the number of slots: what each value reaches beside the
 * default. Two threads make the records.
 */
final class BatchesBench {

	private static final int[] ROWS = { 100, 500, 1000, 2500, 5000 };

	private static final int[] SLOTS = { 1, 3, 4 };

	private static final int USUAL_SLOTS = 2;

	private final BenchServer server;

	private final BenchOptions options;

	BatchesBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	void run() throws IOException {
		List<List<Variant>> groups = new ArrayList<>();
		for (Workload<?> workload : this.options.workloads("logs,trace_spans")) {
			List<Variant> group = new ArrayList<>();
			group.add(variant(workload, WriterConfig.DEFAULT_MAX_BATCH_ROWS, USUAL_SLOTS));
			for (int rows : ROWS) {
				group.add(variant(workload, rows, USUAL_SLOTS));
			}
			for (int slots : SLOTS) {
				group.add(variant(workload, WriterConfig.DEFAULT_MAX_BATCH_ROWS, slots));
			}
			groups.add(group);
		}
		Variants variants = new Variants(groups);
		variants.run(this.options.rounds(4));
		variants.report(this.options.directory(), "batches");
	}

	private Variant variant(Workload<?> workload, int maxRows, int slots) {
		UnaryOperator<WriterConfig.Builder> configuration = (
				config) -> config.batchSize(Math.min(maxRows, 1000)).maxBatchRows(maxRows).maxConcurrency(slots);
		Cell cell = new Cell(workload, new Observatory("observatory-copy", 1, configuration, this.server.plain()),
				USUAL_SLOTS);
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("table", workload.name());
		labels.put("maxBatchRows", maxRows);
		labels.put("slots", slots);
		return new Variant(labels,
				() -> Variant.figures(this.server.measure(cell, workload.rows(this.options.scale(0.8)))));
	}

}
