package io.observatory.storage.spool;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.sun.management.UnixOperatingSystemMXBean;
import io.observatory.storage.fault.FaultReport;
import io.observatory.storage.fault.Length;
import io.observatory.storage.spool.WrittenLog.Call;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Whatever becomes of the files: the log opens, only what is damaged is lost, and it says
 * how many rows that is.
 */
@Tag("faults")
@net.jqwik.api.Tag("faults")
class DamageIT {

	private static final String SCENARIO = "spool-log-damage";

	private static final int TRIES = 60;

	/**
	 * A number without a factor of the frames' alignment: in short, each kind of byte.
	 */
	private static final int STEP = Length.of(1, 13);

	@Test
	void everyByteAndEveryLength(@TempDir Path root) throws IOException {
		long begun = System.nanoTime();
		WrittenLog log = WrittenLog.write(root, 30, 40, new Random(1));
		assertThat(log.files()).hasSizeGreaterThan(2);
		int damages = 0;
		for (Map.Entry<Path, byte[]> file : log.files().entrySet()) {
			byte[] whole = file.getValue();
			for (int at = 0; at < whole.length; at += STEP, damages += 2) {
				byte[] flipped = whole.clone();
				flipped[at] ^= (byte) (1 << (at % 8));
				Files.write(file.getKey(), flipped);
				log.assertOnlyLost(log.calls(file.getKey(), at, at + 1));
				Files.write(file.getKey(), Arrays.copyOf(whole, at));
				log.assertOnlyLost(log.calls(file.getKey(), at, whole.length));
			}
			Files.write(file.getKey(), whole);
		}
		log.assertOnlyLost(List.of());
		FaultReport.log(SCENARIO, damages, 0, Duration.ofNanos(System.nanoTime() - begun), Map.of("damages", damages));
	}

	@Test
	void withoutChecksumsTheScenarioIsSeenToFail(@TempDir Path root) throws IOException {
		WrittenLog log = WrittenLog.write(root, 30, 40, new Random(1));
		Map.Entry<Path, byte[]> file = log.files().entrySet().iterator().next();
		byte[] flipped = file.getValue().clone();
		flipped[flipped.length / 2] ^= 1;
		log.writeUnchecked(file.getKey(), flipped);
		boolean caught = false;
		try {
			log.assertOnlyLost(log.calls(file.getKey(), flipped.length / 2, flipped.length / 2 + 1));
		}
		catch (AssertionError ex) {
			caught = true;
		}
		FaultReport.sabotage("checksums", SCENARIO, caught);
		assertThat(caught).isTrue();
	}

	@Property(tries = TRIES)
	void bytesThatChange(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2000) int length) throws IOException {
		damaged(seed, (random, log) -> {
			Path file = any(random, log);
			byte[] bytes = log.files().get(file).clone();
			int from = random.nextInt(bytes.length);
			int to = Math.min(bytes.length, from + length);
			byte[] other = new byte[to - from];
			if (random.nextBoolean()) {
				random.nextBytes(other);
			}
			System.arraycopy(other, 0, bytes, from, other.length);
			Files.write(file, bytes);
			return log.calls(file, from, to);
		});
	}

	@Property(tries = TRIES)
	void bytesThatAreLeftOutOrPutIn(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int length)
			throws IOException {
		damaged(seed, (random, log) -> {
			Path file = any(random, log);
			byte[] bytes = log.files().get(file);
			int at = random.nextInt(bytes.length);
			byte[] tail = Arrays.copyOfRange(bytes, random.nextBoolean() ? Math.min(bytes.length, at + length) : at,
					bytes.length);
			byte[] changed = Arrays.copyOf(bytes, at + length + tail.length);
			System.arraycopy(tail, 0, changed, at + length, tail.length);
			Files.write(file, changed);
			return log.calls(file, at, bytes.length);
		});
	}

	@Property(tries = TRIES)
	void filesThatAreGoneOrGarbage(@ForAll long seed) throws IOException {
		damaged(seed, (random, log) -> {
			List<Call> touched = new ArrayList<>();
			for (int i = 0; i <= random.nextInt(3); i++) {
				Path file = any(random, log);
				touched.addAll(log.calls(file, 0, Integer.MAX_VALUE));
				byte[] garbage = new byte[random.nextInt(2000)];
				random.nextBytes(garbage);
				Files.write(file, garbage);
				if (random.nextBoolean()) {
					Files.delete(file);
				}
			}
			return touched;
		});
	}

	@Property(tries = TRIES)
	void filesThatAreSwappedCopiedOrStrange(@ForAll long seed) throws IOException {
		damaged(seed, (random, log) -> {
			Path one = any(random, log);
			Path other = any(random, log);
			Files.write(one, log.files().get(other));
			Files.write(other, log.files().get(one));
			Files.write(one.resolveSibling("copy-of.segment"), log.files().get(any(random, log)));
			Files.write(one.resolveSibling("0000000000000000-0009.segment"), new byte[random.nextInt(3000)]);
			Files.write(one.resolveSibling("notes.txt"), new byte[10]);
			return List.of();
		});
	}

	/** A copy of the files while they are written to is what a kill leaves. */
	@Property(tries = TRIES)
	void aByteOfAProcessThatWasKilled(@ForAll long seed, @ForAll @IntRange(min = 1, max = 255) int mask,
			@ForAll @IntRange(min = 1, max = 9000) int maxSize) throws IOException {
		Random random = new Random(seed);
		Path root = Files.createTempDirectory("spool");
		try {
			SpoolDirectory spool = SpoolDirectory.open(root.resolve("before"));
			LogSettings settings = new LogSettings(100_000, false, Clock.systemUTC());
			List<Row> rows = new ArrayList<>();
			try (SpoolLog log = SpoolLog.create(spool.create("logs"), settings)) {
				for (int i = 0; i < 60; i++) {
					List<TableRows> call = Row.call(rows.size(), 3, maxSize, random);
					rows.addAll(Row.of(call));
					log.append(call);
				}
				FileSystemUtils.copyRecursively(root.resolve("before"), root.resolve("after"));
				flip(root.resolve("after"), random, mask);
				Map<Long, Row> read = readAdopted(root.resolve("after"), settings);
				read.forEach((number, row) -> assertThat(row).isEqualTo(rows.get(number.intValue())));
				assertOneFrame(
						LongStream.range(0, rows.size()).filter((number) -> !read.containsKey(number)).toArray());
			}
		}
		finally {
			FileSystemUtils.deleteRecursively(root);
		}
	}

	private static void assertOneFrame(long[] lost) {
		assertThat(lost).hasSizeLessThan(OpenFrame.MAX_SIZE / Row.MIN_SIZE);
		if (lost.length > 0) {
			assertThat(lost[lost.length - 1] - lost[0]).isEqualTo(lost.length - 1);
		}
	}

	private static void flip(Path directory, Random random, int mask) throws IOException {
		try (Stream<Path> all = Files.walk(directory)) {
			List<Path> files = all.filter((file) -> file.toFile().length() > 0 && Files.isRegularFile(file)).toList();
			Path file = files.get(random.nextInt(files.size()));
			byte[] bytes = Files.readAllBytes(file);
			bytes[random.nextInt(bytes.length)] ^= (byte) mask;
			Files.write(file, bytes);
		}
	}

	private static Map<Long, Row> readAdopted(Path root, LogSettings settings) throws IOException {
		Map<Long, Row> rows = new HashMap<>();
		try (SpoolLog log = SpoolLog.open(SpoolDirectory.open(root).adopt("logs").get(0))) {
			rows.putAll(Row.read(log, 0, 50, 100_000));
		}
		return rows;
	}

	/** What an older library cannot read it does not take for damage. */
	@Test
	void aLaterFormatIsNotReadAndNotLost(@TempDir Path root) throws IOException {
		WrittenLog log = WrittenLog.write(root, 30, 40, new Random(1));
		Map.Entry<Path, byte[]> file = log.files().entrySet().iterator().next();
		byte[] later = file.getValue().clone();
		later[2]++;
		log.writeUnchecked(file.getKey(), later);
		assertThatThrownBy(() -> log.assertOnlyLost(List.of())).isInstanceOf(IOException.class)
			.hasMessageContaining("later version");
		long open = openFiles();
		for (int i = 0; i < 5; i++) {
			assertThatThrownBy(() -> log.assertOnlyLost(List.of())).isInstanceOf(IOException.class);
		}
		assertThat(openFiles()).as("whoever tries again keeps no file open").isLessThanOrEqualTo(open);
		log.restore();
		log.assertOnlyLost(List.of());
	}

	private static long openFiles() {
		return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getOpenFileDescriptorCount();
	}

	private static void damaged(long seed, Damage damage) throws IOException {
		Path root = Files.createTempDirectory("spool");
		try {
			Random random = new Random(seed);
			WrittenLog log = WrittenLog.write(root, 20 + random.nextInt(30), 150, random);
			log.assertOnlyLost(damage.inflict(random, log));
		}
		finally {
			FileSystemUtils.deleteRecursively(root);
		}
	}

	private static Path any(Random random, WrittenLog log) {
		List<Path> files = List.copyOf(log.files().keySet());
		return files.get(random.nextInt(files.size()));
	}

	/**
	 * Something that happens to the files.
	 */
	private interface Damage {

		/** Returns the calls that it touched. */
		List<Call> inflict(Random random, WrittenLog log) throws IOException;

	}

}
