package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rows of calls that follow one another share a frame, and a kill at any time leaves all
 * of them.
 */
class OpenFrameTest {

	private static final LogSettings SETTINGS = new LogSettings(1 << 20, false, Clock.systemUTC());

	@Test
	void callsOfOneRowTakeHardlyMoreThanTheirRows(@TempDir Path root) throws IOException {
		Random random = new Random(1);
		try (SpoolLog log = SpoolLog.create(SpoolDirectory.open(root).create("logs"), SETTINGS)) {
			List<Row> rows = new ArrayList<>();
			long bytes = 0;
			for (int i = 0; i < 5000; i++) {
				TableRows row = Row.rows("logs", 1, i, 1, 150, random);
				bytes += row.rows().bytes();
				rows.addAll(Row.of(List.of(row)));
				assertThat(log.append(List.of(row))).isEqualTo(i + 1);
			}
			assertThat(Row.read(log, 0, 70, 1 << 20).values()).containsExactlyElementsOf(rows);
			assertThat(log.bytes() - SpoolLog.MEMORY).isBetween(bytes, bytes * 103 / 100);
		}
	}

	/** What is in the files while the process runs is what a kill leaves. */
	@Property(tries = 30)
	void aKillLeavesAllRows(@ForAll long seed) throws IOException {
		killed(seed, (random, log, killed) -> {
		});
	}

	/** The bytes that change then are written one after the other. */
	@Property(tries = 60)
	void aKillWhileAFrameIsClosedLeavesAllRows(@ForAll long seed) throws IOException {
		killed(seed, (random, log, killed) -> {
			log.force();
			Path torn = staging(log, killed);
			byte[] before = Files.readAllBytes(torn);
			byte[] after = Files.readAllBytes(log.directory().path().resolve("staging-0"));
			int written = random.nextInt(100);
			for (int i = 0; i < before.length && written > 0; i++) {
				if (before[i] != after[i]) {
					before[i] = after[i];
					written--;
				}
			}
			Files.write(torn, before);
		});
	}

	/** It cannot be opened then, and counts as damaged but for its first call. */
	@Property(tries = 60)
	void aDamagedMarkLosesNoMoreThanTheOpenFrame(@ForAll long seed, @ForAll long mark) throws IOException {
		Random random = new Random(seed);
		Path root = Files.createTempDirectory("spool");
		try (SpoolLog log = SpoolLog.create(SpoolDirectory.open(root.resolve("running")).create("logs"), SETTINGS)) {
			List<Row> rows = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				TableRows row = Row.rows("logs", 1, i, 1, 200, random);
				rows.addAll(Row.of(List.of(row)));
				log.append(List.of(row));
			}
			FileSystemUtils.copyRecursively(root.resolve("running"), root.resolve("killed"));
			Path staging = staging(log, root.resolve("killed"));
			ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(staging));
			bytes.putLong(Staging.SIZE, random.nextBoolean() ? mark : bytes.getLong(Staging.SIZE) ^ mark);
			Files.write(staging, bytes.array());
			try (SpoolLog adopted = SpoolLog.open(SpoolDirectory.open(root.resolve("killed")).adopt("logs").get(0))) {
				List<Row> read = List.copyOf(Row.read(adopted, 0, 30, 1 << 20).values());
				assertThat(read).isEqualTo(rows.subList(0, read.size()));
				assertThat(read).hasSizeGreaterThan(rows.size() - OpenFrame.MAX_SIZE / Row.MIN_SIZE);
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(root);
		}
	}

	/** Returns the memory of a log in a copy of its spool. */
	private static Path staging(SpoolLog log, Path killed) {
		Path staging = log.directory().path().resolve("staging-0");
		return killed.resolve(killed.resolveSibling("running").relativize(staging));
	}

	private static void killed(long seed, Kill kill) throws IOException {
		Random random = new Random(seed);
		Path root = Files.createTempDirectory("spool");
		Path killed = root.resolve("killed");
		try (SpoolLog log = SpoolLog.create(SpoolDirectory.open(root.resolve("running")).create("logs"), SETTINGS)) {
			List<Row> rows = new ArrayList<>();
			int calls = 1 + random.nextInt(200);
			for (int i = 0; i < calls; i++) {
				List<TableRows> call = (random.nextInt(20) == 0) ? Row.call(rows.size(), 3, 100, random)
						: List.of(Row.rows("logs", 1, rows.size(), 1 + random.nextInt(2), 200, random));
				rows.addAll(Row.of(call));
				log.append(call);
			}
			FileSystemUtils.copyRecursively(root.resolve("running"), killed);
			kill.happen(random, log, killed);
			try (SpoolLog adopted = SpoolLog.open(SpoolDirectory.open(killed).adopt("logs").get(0))) {
				Map<Long, Row> read = Row.read(adopted, 0, 1 + random.nextInt(300), 1 << 20);
				assertThat(read.values()).containsExactlyElementsOf(rows);
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(root);
		}
	}

	/**
	 * What else a kill does to the files.
	 */
	private interface Kill {

		void happen(Random random, SpoolLog log, Path killed) throws IOException;

	}

}
