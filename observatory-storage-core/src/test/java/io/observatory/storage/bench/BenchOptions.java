package io.observatory.storage.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What is to be measured, as the system properties say; what they do not say, each
 * benchmark decides for itself.
 *
 * @param name the name of the benchmark
 */
record BenchOptions(String name) {

	static BenchOptions fromSystemProperties() {
		return new BenchOptions(property("bench", "full", Function.identity()));
	}

	/** Returns the tables: those that are named, or those of these that are not. */
	List<Workload<?>> workloads(String otherwise) {
		List<Workload<?>> all = List.of(new LogsWorkload(), new PointsWorkload(), new EventsWorkload(),
				new SpansWorkload(), new TracesWorkload());
		List<String> names = List.of(property("bench.tables", otherwise, Function.identity()).split(",", -1));
		List<Workload<?>> chosen = all.stream().<Workload<?>>filter((each) -> names.contains(each.name())).toList();
		if (chosen.size() != names.size()) {
			throw new IllegalArgumentException("bench.tables may name " + all + ", not " + names);
		}
		return chosen;
	}

	/** Returns how many rounds are measured; one more comes first and is discarded. */
	int rounds(int otherwise) {
		return property("bench.rounds", otherwise, Integer::valueOf);
	}

	/** Returns how many times the usual number of rows. */
	double scale(double otherwise) {
		return property("bench.scale", otherwise, Double::valueOf);
	}

	/** Returns how many rows are there before. */
	long rows(long otherwise) {
		return property("bench.rows", otherwise, Long::valueOf);
	}

	/** Returns how long to measure. */
	Duration length(Duration otherwise) {
		return property("bench.seconds", otherwise, (seconds) -> Duration.ofSeconds(Long.parseLong(seconds)));
	}

	/** Returns where the report goes. */
	Path directory() {
		return property("bench.directory", Path.of("target/bench"), Path::of);
	}

	/** Maven hands over what is not set as an empty text. */
	private static <T> T property(String name, T otherwise, Function<String, T> reader) {
		String value = System.getProperty(name, "");
		return value.isEmpty() ? otherwise : reader.apply(value);
	}

}
