package io.observatory.storage.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.WriterConfig;
import org.springframework.util.FileSystemUtils;

/**
 * What a spool costs: the writers with it beside the writers without it, in the same
 * rounds, as fast as they go; then how long a call takes at a steady rate. The spool lies
 * beside the report.
 */
final class SpoolBench implements AutoCloseable {

	private static final int[] CONNECTIONS = { 1, 2 };

	private final BenchServer server;

	private final BenchOptions options;

	private final Path directory;

	private int spools;

	SpoolBench(BenchServer server, BenchOptions options) throws IOException {
		this.server = server;
		this.options = options;
		this.directory = Files.createTempDirectory(Files.createDirectories(options.directory()), "spool");
	}

	void run() throws Exception {
		List<List<Variant>> groups = new ArrayList<>();
		for (Workload<?> workload : this.options.workloads("logs,metric_data_points,trace_spans")) {
			for (int connections : CONNECTIONS) {
				groups.add(List.of(variant(workload, connections, "memory", UnaryOperator.identity()),
						variant(workload, connections, "process", this::onDisk)));
			}
		}
		Variants variants = new Variants(groups);
		variants.run(this.options.rounds(5));
		variants.report(this.options.directory(), "spool");
		LatencyBench latency = new LatencyBench(this.server, this.options);
		latency.run("latency-memory", UnaryOperator.identity());
		latency.run("latency-process", this::onDisk);
	}

	private Variant variant(Workload<?> workload, int connections, String level,
			UnaryOperator<WriterConfig.Builder> configuration) {
		Cell cell = new Cell(workload, new Observatory(level, 1, configuration, this.server.plain()), connections);
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("table", workload.name());
		labels.put("connections", connections);
		labels.put("buffer", level);
		long rows = workload.rows(this.options.scale(1));
		return new Variant(labels, () -> Variant.figures(this.server.measure(cell, rows)));
	}

	/** In a directory of its own: nothing is there to be taken over. */
	private WriterConfig.Builder onDisk(WriterConfig.Builder config) {
		try {
			FileSystemUtils.deleteRecursively(this.directory.resolve("spool-" + this.spools++));
			return config.spool(SpoolConfig.in(this.directory.resolve("spool-" + this.spools)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
