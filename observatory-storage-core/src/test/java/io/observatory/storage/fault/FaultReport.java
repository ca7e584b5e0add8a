package io.observatory.storage.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The report of the fault suite: a JSON array with an object a line, in the file that the
 * system property {@code faults.report} names. A scenario that runs again replaces what
 * it wrote before.
 */
public final class FaultReport {

	private static final Path FILE = Path.of(System.getProperty("faults.report", "target/faults/report.json"));

	private static final ReentrantLock LOCK = new ReentrantLock();

	private FaultReport() {
	}

	/** Reports a scenario. */
	static void scenario(String name, Verdict verdict, Duration took) {
		scenario(name, verdict, took, Map.of());
	}

	/** Reports a scenario, with figures of its own beside the usual ones. */
	static void scenario(String name, Verdict verdict, Duration took, Map<String, ?> figures) {
		Map<String, Object> entry = new LinkedHashMap<>();
		entry.put("scenario", name);
		entry.put("accepted", verdict.accepted());
		entry.put("stored", verdict.stored());
		entry.put("deadLettered", verdict.deadLettered());
		entry.put("dropped", verdict.dropped());
		entry.put("lost", verdict.lost());
		entry.put("duplicated", verdict.duplicated() + verdict.unexpected());
		entry.put("seconds", took.toMillis() / 1000.0);
		entry.putAll(figures);
		write(entry);
	}

	/** Reports a scenario of a log on disk, which has no database. */
	public static void log(String name, long accepted, long lost, Duration took, Map<String, ?> figures) {
		Map<String, Object> entry = new LinkedHashMap<>();
		entry.put("scenario", name);
		entry.put("accepted", accepted);
		entry.put("lost", lost);
		entry.put("seconds", took.toMillis() / 1000.0);
		entry.putAll(figures);
		write(entry);
	}

	/** Reports a scenario that cannot run here. */
	public static void skipped(String name, String reason) {
		Map<String, Object> entry = new LinkedHashMap<>();
		entry.put("scenario", name);
		entry.put("skipped", reason);
		write(entry);
	}

	/**
	 * Reports what a scenario said when a guarantee was switched off.
	 * @param guarantee what was off
	 * @param caught whether the scenario was red
	 */
	public static void sabotage(String guarantee, String scenario, boolean caught) {
		Map<String, Object> entry = new LinkedHashMap<>();
		entry.put("sabotage", guarantee);
		entry.put("scenario", scenario);
		entry.put("caught", caught);
		write(entry);
	}

	private static void write(Map<String, Object> entry) {
		String line = json(entry);
		String key = line.substring(0, line.indexOf(',', line.indexOf("\"scenario\"")));
		LOCK.lock();
		try {
			Files.createDirectories(FILE.toAbsolutePath().getParent());
			// the tests of a module run in more than one process
			try (FileChannel mutex = FileChannel.open(FILE.resolveSibling("report.lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); FileLock held = mutex.lock()) {
				List<String> lines = new ArrayList<>(read());
				lines.removeIf((each) -> each.startsWith(key + ","));
				lines.add(line);
				Files.writeString(FILE, lines.stream().collect(Collectors.joining(",\n", "[\n", "\n]\n")));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			LOCK.unlock();
		}
	}

	private static List<String> read() throws IOException {
		if (!Files.exists(FILE)) {
			return List.of();
		}
		return Files.readAllLines(FILE)
			.stream()
			.filter((line) -> line.startsWith("{"))
			.map((line) -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
			.toList();
	}

	private static String json(Map<String, Object> entry) {
		return entry.entrySet()
			.stream()
			.map((field) -> "\"" + field.getKey() + "\": " + value(field.getValue()))
			.collect(Collectors.joining(", ", "{", "}"));
	}

	private static String value(Object value) {
		if (value instanceof Double number) {
			return String.format(Locale.ROOT, "%.2f", number);
		}
		return (value instanceof Number || value instanceof Boolean) ? value.toString()
				: "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + "\"";
	}

}
