package io.observatory.storage.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What PostgreSQL's settings do for logs over 2 slots. Each has a server of its own, all
 * of them running, of which one at a time is written to; without autovacuum, which would
 * make one busy while another is measured. {@code checkpoint_timeout} shows in runs that
 * last longer than it, so it has a group of its own.
 */
final class SettingsBench implements AutoCloseable {

	private static final int SLOTS = 2;

	private static final double LONG = 8;

	private final LogsWorkload workload = new LogsWorkload();

	private final List<BenchServer> servers = new ArrayList<>();

	private final BenchOptions options;

	private final double scale;

	SettingsBench(BenchOptions options) {
		this.options = options;
		this.scale = options.scale(4);
	}

	void run() throws IOException {
		BenchServer unlogged = server(Map.of());
		unlogged.makeLogsUnlogged();
		List<Variant> variants = List.of(variant("default", server(Map.of()), 1),
				variant("max_wal_size=256MB", server(Map.of("max_wal_size", "256MB")), 1),
				variant("wal_compression=pglz", server(Map.of("wal_compression", "pglz")), 1),
				variant("shared_buffers=128MB", server(Map.of("shared_buffers", "128MB")), 1),
				variant("synchronous_commit=off", server(Map.of("synchronous_commit", "off")), 1),
				variant("UNLOGGED", unlogged, 1));
		List<Variant> longer = List.of(variant("default, longer", this.servers.get(1), LONG),
				variant("checkpoint_timeout=30s", server(Map.of("checkpoint_timeout", "30s")), LONG));
		Variants measured = new Variants(List.of(variants, longer));
		measured.run(this.options.rounds(3));
		measured.report(this.options.directory(), "settings");
	}

	private BenchServer server(Map<String, String> settings) throws IOException {
		Map<String, String> all = new HashMap<>(settings);
		all.put("autovacuum", "off");
		BenchServer server = new BenchServer(all);
		this.servers.add(server);
		return server;
	}

	private Variant variant(String name, BenchServer server, double times) {
		Cell cell = new Cell(this.workload, new Observatory(server.plain()), SLOTS);
		return new Variant(Map.of("setting", name), () -> {
			long checkpoints = server.checkpoints();
			Map<String, Double> figures = new LinkedHashMap<>(
					Variant.figures(server.measure(cell, this.workload.rows(this.scale * times))));
			// one of them is the one that comes before
			figures.put("checkpoints", server.checkpoints() - checkpoints - 1.0);
			server.empty();
			return figures;
		});
	}

	@Override
	public void close() throws IOException {
		for (BenchServer server : this.servers) {
			server.close();
		}
	}

}
