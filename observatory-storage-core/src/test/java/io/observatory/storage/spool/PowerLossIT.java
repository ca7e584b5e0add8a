package io.observatory.storage.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.observatory.storage.fault.FaultReport;
import io.observatory.storage.fault.Length;
import io.observatory.storage.spool.UnsafeDisk.Operation;
import io.observatory.storage.spool.UnsafeDisk.Weather;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The power goes at any moment, and with it what was not forced: whole files, names, and
 * single sectors. Of what a forced log has acknowledged nothing is lost.
 */
@Tag("faults")
class PowerLossIT {

	private static final String SCENARIO = "spool-log-power-loss";

	private static final int CUTS = Length.of(500, 40);

	private static final int THREADS = 3;

	private static final int CALLS = 25;

	@TempDir
	private Path directory;

	@Test
	void nothingAcknowledgedIsLost() throws IOException {
		long begun = System.nanoTime();
		Result all = Result.NONE;
		for (int cut = 0; cut < CUTS; cut++) {
			all = all.plus(cut(cut, Sabotage.NONE, cut % 3 == 0));
		}
		FaultReport.log(SCENARIO, all.acknowledged(), all.lost(), Duration.ofNanos(System.nanoTime() - begun),
				Map.of("cuts", CUTS));
		assertThat(all.lost()).as("rows that are lost").isZero();
		assertThat(all.acknowledged()).isGreaterThan(CUTS);
	}

	@ParameterizedTest
	@EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
	void withoutForcingTheScenarioIsSeenToFail(Sabotage sabotage) throws IOException {
		long lost = 0;
		for (int cut = 0; cut < 30; cut++) {
			lost += cut(cut, sabotage, false).lost();
		}
		FaultReport.sabotage(sabotage.guarantee, SCENARIO, lost > 0);
		assertThat(lost).as("rows that are lost").isPositive();
	}

	/** Some write, the power goes at some operation of the disk, and they are adopted. */
	private Result cut(int seed, Sabotage sabotage, boolean forcesFail) throws IOException {
		Random random = new Random(seed);
		Path before = Files.createDirectory(this.directory.resolve("before-" + sabotage + seed));
		AtomicInteger operations = new AtomicInteger();
		int cutAt = 5 + random.nextInt(THREADS * CALLS);
		AtomicReference<UnsafeDisk> disk = new AtomicReference<>();
		AtomicReference<PowerCut> done = new AtomicReference<>();
		Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
		Weather weather = new Weather() {
			@Override
			public void before(Operation operation, Path file) throws IOException {
				if (operations.incrementAndGet() == cutAt) {
					done.set(new PowerCut(Set.copyOf(acknowledged), disk.get().cutPower(random)));
				}
				if (forcesFail && operation == Operation.FORCE && operations.get() % 7 == 0) {
					throw new IOException("Input/output error");
				}
			}

			@Override
			public boolean forces(Operation operation) {
				return operation != sabotage.leftOut;
			}
		};
		disk.set(new UnsafeDisk(weather));
		SpoolDirectory spool = SpoolDirectory.open(before, disk.get());
		try (SpoolLog log = SpoolLog.create(spool.create("logs"), new LogSettings(4096, true, Clock.systemUTC()))) {
			CompletableFuture
				.allOf(IntStream.range(0, THREADS)
					.mapToObj((thread) -> CompletableFuture.runAsync(() -> append(log, thread, seed, acknowledged)))
					.toArray(CompletableFuture[]::new))
				.join();
		}
		PowerCut cut = done.get();
		if (cut == null) {
			cut = new PowerCut(Set.copyOf(acknowledged), disk.get().cutPower(random));
		}
		Path after = this.directory.resolve("after-" + sabotage + seed);
		cut.restore(before, after);
		Set<Long> left = read(after);
		FileSystemUtils.deleteRecursively(before);
		FileSystemUtils.deleteRecursively(after);
		long lost = cut.acknowledged().stream().filter((number) -> !left.contains(number)).count();
		return new Result(cut.acknowledged().size(), lost);
	}

	private static void append(SpoolLog log, int thread, int seed, Set<Long> acknowledged) {
		Random random = new Random(seed * 31L + thread);
		long next = (long) thread << 32;
		for (int i = 0; i < CALLS; i++) {
			List<TableRows> call = Row.call(next, 2, 900, random);
			List<Row> rows = Row.of(call);
			try {
				log.append(call);
				rows.forEach((row) -> acknowledged.add(row.number()));
			}
			catch (IOException ex) {
				// not accepted, and not to be found either
			}
			next += rows.size();
		}
	}

	private static Set<Long> read(Path root) throws IOException {
		Set<Long> left = new HashSet<>();
		for (LogDirectory directory : SpoolDirectory.open(root).adopt("logs")) {
			try (SpoolLog log = SpoolLog.open(directory)) {
				Row.read(log, log.firstRow(), 100, 10_000)
					.values()
					.forEach((row) -> assertThat(left.add(row.number())).as("once: %s", row).isTrue());
			}
		}
		return left;
	}

	/** What is left out. */
	enum Sabotage {

		NONE(null, ""), NO_FSYNC(Operation.FORCE, "fsync of the segments"),
		NO_FSYNC_OF_DIRECTORIES(Operation.FORCE_DIRECTORY, "fsync of the directories");

		private final Operation leftOut;

		private final String guarantee;

		Sabotage(Operation leftOut, String guarantee) {
			this.leftOut = leftOut;
			this.guarantee = guarantee;
		}

	}

	/**
	 * A power cut.
	 *
	 * @param acknowledged the rows that were acknowledged before
	 * @param files what is left on the disk
	 */
	private record PowerCut(Set<Long> acknowledged, Map<Path, byte[]> files) {

		void restore(Path before, Path after) {
			this.files.forEach((file, bytes) -> {
				try {
					Path copy = after.resolve(before.relativize(file));
					Files.createDirectories(copy.getParent());
					Files.write(copy, bytes);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}

	}

	/**
	 * What became of rows.
	 *
	 * @param acknowledged how many were acknowledged
	 * @param lost how many of these are not there
	 */
	private record Result(long acknowledged, long lost) {

		static final Result NONE = new Result(0, 0);

		Result plus(Result other) {
			return new Result(this.acknowledged + other.acknowledged, this.lost + other.lost);
		}

	}

}
