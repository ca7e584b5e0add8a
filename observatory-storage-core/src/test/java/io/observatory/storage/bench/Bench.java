package io.observatory.storage.bench;

import java.io.IOException;
import java.util.Locale;

/**
 * Runs one of the benchmarks, each against an embedded PostgreSQL with durable settings:
 * {@code mvn -Pbench -pl observatory-storage-core -am verify -Dbench=…}
 * <ul>
 * <li>{@code full} and {@code quick}: {@link IngestBench}</li>
 * <li>{@code round-trips}: {@link FlushTrips}</li>
 * <li>{@code remote}: {@link RemoteBench}</li>
 * </ul>
 * Further system properties: {@code bench.tables} (comma-separated names),
 * {@code bench.rounds} (measured ones, one more comes first and is discarded),
 * {@code bench.scale} (how many times the usual number of rows), {@code bench.seconds}
 * (how long, where time counts and not rows), {@code bench.directory} (where the report
 * goes).
 */
public final class Bench {

	private Bench() {
	}

	public static void main(String[] args) throws IOException {
		Locale.setDefault(Locale.ROOT);
		BenchOptions options = BenchOptions.fromSystemProperties();
		try (BenchServer server = new BenchServer()) {
			server.printSettings();
			switch (options.name()) {
				case "full", "quick" -> IngestBench.run(server, options);
				case "round-trips" -> new FlushTrips(server).print();
				case "remote" -> new RemoteBench(server, options).run();
				default -> throw new IllegalArgumentException("There is no benchmark " + options.name());
			}
		}
	}

}
