package io.observatory.storage.sample.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Adds to the report of the fault suite: a JSON array with an object a line, in the file
 * that the system property {@code faults.report} names.
 */
final class FaultReport {

	private static final Path FILE = Path.of(System.getProperty("faults.report", "target/faults/report.json"));

	private FaultReport() {
	}

	static void scenario(String name, long accepted, long stored, long deadLettered, long dropped, long lost,
			long duplicated, double seconds) {
		String key = "{\"scenario\": \"" + name + "\"";
		write(key, String.format(Locale.ROOT,
				"%s, \"accepted\": %d, \"stored\": %d, \"deadLettered\": %d, \"dropped\": %d, \"lost\": %d, \"duplicated\": %d, \"seconds\": %.2f}",
				key, accepted, stored, deadLettered, dropped, lost, duplicated, seconds));
	}

	private static void write(String key, String entry) {
		try {
			List<String> entries = new ArrayList<>();
			if (Files.exists(FILE)) {
				Files.readAllLines(FILE)
					.stream()
					.filter((line) -> line.startsWith("{") && !line.startsWith(key + ","))
					.map((line) -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
					.forEach(entries::add);
			}
			entries.add(entry);
			Files.createDirectories(FILE.toAbsolutePath().getParent());
			Files.writeString(FILE, "[\n" + String.join(",\n", entries) + "\n]\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
