package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.observatory.storage.fault.FaultReport;
import io.observatory.storage.fault.SmallDisk;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The disk is full: what was accepted can be read all the same, what was refused is not
 * there, and when there is room it goes on.
 */
@Tag("faults")
class FullDiskIT {

	private static final int MEGABYTES = 6;

	private final Random random = new Random(1);

	private final List<Row> accepted = new ArrayList<>();

	private long refused;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void itGoesOnWhenThereIsRoom(boolean forced) throws IOException {
		String scenario = "spool-log-disk-full" + (forced ? "-forced" : "");
		long begun = System.nanoTime();
		try (SmallDisk disk = mount(scenario)) {
			SpoolDirectory spool = SpoolDirectory.open(disk.directory().resolve("spool"));
			LogSettings settings = new LogSettings(1 << 20, forced, Clock.systemUTC());
			try (SpoolLog log = SpoolLog.create(spool.create("logs"), settings)) {
				fill(log);
				assertThat(Row.read(log, 0, 500, 100_000).values()).containsExactlyElementsOf(this.accepted);

				log.storedUpTo(this.accepted.size() / 2);
				assertThat(log.makeRoom(1)).as("bytes of one segment").isBetween(1L << 20, 3L << 20);
				fill(log);

				Path filler = disk.directory().resolve("filler");
				disk.resize(2 * MEGABYTES);
				fillUp(filler, MEGABYTES / 2);
				fill(log);
				Files.delete(filler);
				fill(log);
			}
			long lost = lost(spool, settings);
			FaultReport.log(scenario, this.accepted.size(), lost, Duration.ofNanos(System.nanoTime() - begun),
					Map.of("refused", this.refused));
			assertThat(lost).isZero();
		}
	}

	private static SmallDisk mount(String scenario) {
		try {
			return SmallDisk.mount(MEGABYTES);
		}
		catch (IllegalStateException ex) {
			FaultReport.skipped(scenario, "Needs Linux, and the right to mount a file system");
			return Assumptions.abort(ex.getMessage());
		}
	}

	private static void fillUp(Path filler, int megabytes) throws IOException {
		Files.write(filler, new byte[megabytes << 20]);
	}

	/** Appends until there is no room, and some more. */
	private void fill(SpoolLog log) {
		long before = this.accepted.size();
		for (int failures = 0; failures < 20;) {
			List<TableRows> call = Row.call(this.accepted.size(), 3, 30_000, this.random);
			try {
				log.append(call);
				this.accepted.addAll(Row.of(call));
			}
			catch (IOException ex) {
				assertThat(ex).hasMessageContaining("No space left on device");
				failures++;
				this.refused++;
			}
		}
		assertThat(this.accepted.size()).as("accepted").isGreaterThan((int) before);
	}

	private long lost(SpoolDirectory spool, LogSettings settings) throws IOException {
		try (SpoolLog log = SpoolLog.open(spool.adopt("logs").get(0))) {
			int first = (int) log.firstRow();
			List<Row> kept = this.accepted.subList(first, this.accepted.size());
			List<Row> read = List.copyOf(Row.read(log, first, 500, 100_000).values());
			assertThat(read).isSubsetOf(kept);
			return kept.size() - read.size();
		}
	}

}
