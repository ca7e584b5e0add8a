package io.observatory.storage.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.observatory.storage.fault.FaultReport;
import io.observatory.storage.fault.Length;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that appends is killed: whatever it was told to be in the log is there, once,
 * and nothing is damaged.
 */
@Tag("faults")
class KilledIT {

	private static final int KILLS = Length.of(40, 3);

	private static final int THREADS = 4;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void nothingAcknowledgedIsLost(boolean forced) throws Exception {
		Random random = new Random(5);
		long begun = System.nanoTime();
		long acknowledged = 0;
		for (int kill = 0; kill < KILLS; kill++) {
			Path root = this.directory.resolve("kill-" + kill);
			try (ChildProcess child = ChildProcess.start(Appender.class, root.toString(), Boolean.toString(forced))) {
				assertThat(child.readLine()).isEqualTo("appending");
				if (kill == 0) {
					// whatever the machine is busy with, one of them is killed in the
					// middle
					Awaitility.await().until(() -> Appender.told(root, 0) > 0);
				}
				TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
			}
			acknowledged += assertAllThere(root, forced);
			FileSystemUtils.deleteRecursively(root);
		}
		assertThat(acknowledged).isPositive();
		FaultReport.log("spool-log-killed" + (forced ? "-forced" : ""), acknowledged, 0,
				Duration.ofNanos(System.nanoTime() - begun), Map.of("kills", KILLS));
	}

	private static long assertAllThere(Path root, boolean forced) throws IOException {
		long acknowledged = 0;
		long[] next = new long[THREADS];
		LogDirectory adopted = SpoolDirectory.open(root).adopt("logs").get(0);
		try (SpoolLog log = SpoolLog.open(adopted)) {
			Map<Long, Row> rows = Row.read(log, 0, 300, 1_000_000);
			assertThat(rows).as("rows without damage").hasSize((int) log.endRow());
			for (Row row : rows.values()) {
				int thread = (int) (row.number() >> 32);
				assertThat(row.number()).as("the next row of its thread")
					.isEqualTo(((long) thread << 32) + next[thread]++);
			}
		}
		for (int thread = 0; thread < THREADS; thread++) {
			long told = Appender.told(root, thread);
			assertThat(next[thread]).as("rows of thread %d", thread).isGreaterThanOrEqualTo(told);
			acknowledged += told;
		}
		return acknowledged;
	}

	/**
	 * A process that appends as long as it lives, and notes what it was told is in.
	 */
	static final class Appender {

		private Appender() {
		}

		public static void main(String[] arguments) throws Exception {
			Path root = Path.of(arguments[0]);
			LogSettings settings = new LogSettings(2 << 20, Boolean.parseBoolean(arguments[1]), Clock.systemUTC());
			SpoolLog log = SpoolLog.create(SpoolDirectory.open(root).create("logs"), settings);
			for (int i = 0; i < THREADS; i++) {
				int thread = i;
				new Thread(() -> append(log, root, thread)).start();
			}
			System.out.println("appending");
		}

		private static void append(SpoolLog log, Path root, int thread) {
			Random random = new Random(thread);
			try (RandomAccessFile told = new RandomAccessFile(file(root, thread).toFile(), "rw")) {
				for (long count = 0;;) {
					List<TableRows> call = Row.call(((long) thread << 32) + count, 3, 1000, random);
					log.append(call);
					count += call.stream().mapToInt((each) -> each.rows().count()).sum();
					told.seek(0);
					told.writeBytes("%019d".formatted(count));
					if (count % 100 == 0) {
						log.read(Math.max(0, log.endRow() - 50), 50, 100_000);
					}
				}
			}
			catch (IOException ex) {
				System.out.println(ex);
			}
		}

		static long told(Path root, int thread) throws IOException {
			String told = Files.exists(file(root, thread)) ? Files.readString(file(root, thread)) : "";
			return told.isEmpty() ? 0 : Long.parseLong(told);
		}

		private static Path file(Path root, int thread) {
			return root.resolve("told-" + thread);
		}

	}

}
