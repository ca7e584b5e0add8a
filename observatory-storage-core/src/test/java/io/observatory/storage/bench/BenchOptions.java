package io.observatory.storage.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is to be measured.
 *
 * @param quick the writers and the limit alone
 * @param workloads the tables
 * @param rounds how many rounds
 * @param scale how many times the usual number of rows
 * @param atMost no round is begun that would probably end later
 * @param directory where the report goes
 */
record BenchOptions(boolean quick, List<Workload<?>> workloads, int rounds, double scale, Duration atMost,
		Path directory) {

	static BenchOptions fromSystemProperties() {
		boolean quick = property("bench", "full").equals("quick");
		return new BenchOptions(quick, workloads(property("bench.tables", "")),
				Integer.parseInt(property("bench.rounds", quick ? "9" : "5")),
				Double.parseDouble(property("bench.scale", quick ? "0.4" : "1")),
				quick ? Duration.ofSeconds(190) : Duration.ofMinutes(12),
				Path.of(property("bench.directory", "target/bench")));
	}

	private static List<Workload<?>> workloads(String tables) {
		List<Workload<?>> all = List.of(new LogsWorkload(), new PointsWorkload(), new EventsWorkload(),
				new SpansWorkload(), new TracesWorkload());
		if (tables.isEmpty()) {
			return all;
		}
		List<String> names = List.of(tables.split(",", -1));
		List<Workload<?>> chosen = all.stream().<Workload<?>>filter((each) -> names.contains(each.name())).toList();
		if (chosen.size() != names.size()) {
			throw new IllegalArgumentException("bench.tables may name " + all + ", not " + tables);
		}
		return chosen;
	}

	/** Maven hands over what is not set as an empty text. */
	private static String property(String name, String otherwise) {
		String value = System.getProperty(name, "");
		return value.isEmpty() ? otherwise : value;
	}

}
