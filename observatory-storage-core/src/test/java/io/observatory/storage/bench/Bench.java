package io.observatory.storage.bench;

import java.util.Locale;

/**
 * Runs one of the benchmarks, each against an embedded PostgreSQL with durable settings:
 * {@code mvn -Pbench -pl observatory-storage-core -am verify -Dbench=…}
 * <ul>
 * <li>{@code full} and {@code quick}: {@link IngestBench}</li>
 * <li>{@code sustained}: {@link SustainedBench}</li>
 * <li>{@code latency}: {@link LatencyBench}</li>
 * <li>{@code round-trips}: {@link FlushTrips}</li>
 * <li>{@code remote}: {@link RemoteBench}</li>
 * <li>{@code settings}: {@link SettingsBench}</li>
 * <li>{@code batches}: {@link BatchesBench}</li>
 * <li>{@code filled}: {@link FilledBench}</li>
 * <li>{@code messages}: {@link MessagesBench}</li>
 * <li>{@code large-json}: {@link LargeJsonBench}</li>
 * <li>{@code streams}: {@link StreamsBench}</li>
 * <li>{@code retention}: {@link RetentionBench}</li>
 * <li>{@code indexes}: {@link IndexesBench}</li>
 * <li>{@code growth}: {@link GrowthBench}</li>
 * <li>{@code spool}: {@link SpoolBench}</li>
 * <li>{@code engine}: {@link EngineBench}</li>
 * <li>{@code spool-append}: {@link SpoolAppendBench}, without a server</li>
 * </ul>
 * Further system properties: {@code bench.tables} (comma-separated names),
 * {@code bench.rounds} (measured ones, one more comes first and is discarded),
 * {@code bench.scale} (how many times the usual number of rows), {@code bench.rows} (how
 * many are there before), {@code bench.seconds} (how long, where time counts and not
 * rows), {@code bench.port} (of a running server to use instead of an embedded one),
 * {@code bench.directory} (where the report goes).
 */
public final class Bench {

	private Bench() {
	}

	public static void main(String[] args) throws Exception {
		Locale.setDefault(Locale.ROOT);
		BenchOptions options = BenchOptions.fromSystemProperties();
		switch (options.name()) {
			case "full", "quick" -> onServer((server) -> IngestBench.run(server, options));
			case "sustained" -> onServer((server) -> {
				try (SustainedBench sustained = new SustainedBench(server, options)) {
					sustained.run();
				}
			});
			case "latency" -> onServer((server) -> new LatencyBench(server, options).run());
			case "round-trips" -> onServer((server) -> new FlushTrips(server).print());
			case "remote" -> onServer((server) -> new RemoteBench(server, options).run());
			case "batches" -> onServer((server) -> new BatchesBench(server, options).run());
			case "filled" -> onServer((server) -> new FilledBench(server, options).run());
			case "messages" -> onServer((server) -> new MessagesBench(server, options).run());
			case "large-json" -> onServer((server) -> new LargeJsonBench(server, options).run());
			case "streams" -> onServer((server) -> new StreamsBench(server, options).run());
			case "indexes" -> onServer((server) -> new IndexesBench(server, options).run());
			case "growth" -> onServer((server) -> {
				try (GrowthBench growth = new GrowthBench(server, options)) {
					growth.run();
				}
			});
			case "engine" -> {
				try (EngineBench engine = new EngineBench(options)) {
					engine.run();
				}
			}
			case "retention" -> onServer((server) -> {
				try (RetentionBench retention = new RetentionBench(server, options)) {
					retention.run();
				}
			});
			case "spool" -> onServer((server) -> {
				try (SpoolBench spool = new SpoolBench(server, options)) {
					spool.run();
				}
			});
			case "spool-append" -> new SpoolAppendBench(options).run();
			case "settings" -> {
				try (SettingsBench settings = new SettingsBench(options)) {
					settings.run();
				}
			}
			default -> throw new IllegalArgumentException("There is no benchmark " + options.name());
		}
	}

	private static void onServer(Task task) throws Exception {
		try (BenchServer server = new BenchServer()) {
			server.printSettings();
			task.run(server);
		}
	}

	/** Something to do with a server. */
	private interface Task {

		void run(BenchServer server) throws Exception;

	}

}
