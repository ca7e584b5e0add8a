package io.observatory.storage.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;

/**
 * A server that is far away: the {@link FlushTrips}, and what each millisecond of a round
 * trip costs over 1, 2 and 4 slots.
 */
final class RemoteBench {

	private static final int[] MILLIS = { 0, 1, 10 };

	private static final int[] SLOTS = { 1, 2, 4 };

	private final BenchServer server;

	private final BenchOptions options;

	RemoteBench(BenchServer server, BenchOptions options) {
		this.server = server;
		this.options = options;
	}

	void run() throws IOException {
		new FlushTrips(this.server).print();
		List<AutoCloseable> opened = new ArrayList<>();
		Map<Integer, HikariDataSource> pools = new LinkedHashMap<>();
		for (int millis : MILLIS) {
			DelayingProxy proxy = new DelayingProxy(this.server.port(), Duration.ofMillis(millis), RoundTrips.UNSEEN);
			pools.put(millis, BenchServer.pool(proxy.port(), ""));
			opened.add(proxy);
		}
		try {
			Variants variants = new Variants(groups(pools));
			variants.run(this.options.rounds(3));
			variants.report(this.options.directory(), "remote");
		}
		finally {
			pools.values().forEach(HikariDataSource::close);
			for (AutoCloseable each : opened) {
				close(each);
			}
		}
	}

	private static void close(AutoCloseable closeable) throws IOException {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
	}

	private List<List<Variant>> groups(Map<Integer, HikariDataSource> pools) {
		List<List<Variant>> groups = new ArrayList<>();
		for (Workload<?> workload : this.options.workloads("logs,trace_spans")) {
			long rows = workload.rows(this.options.scale(1.5));
			for (int slots : SLOTS) {
				List<Variant> group = new ArrayList<>();
				pools.forEach((millis, pool) -> {
					Cell cell = new Cell(workload, new Observatory(pool), slots);
					group.add(new Variant(labels(workload, slots, millis),
							() -> Variant.figures(this.server.measure(cell, rows))));
				});
				groups.add(group);
			}
		}
		return groups;
	}

	private static Map<String, Object> labels(Workload<?> workload, int slots, int millis) {
		Map<String, Object> labels = new LinkedHashMap<>();
		labels.put("table", workload.name());
		labels.put("slots", slots);
		labels.put("roundTripMillis", millis);
		return labels;
	}

}
