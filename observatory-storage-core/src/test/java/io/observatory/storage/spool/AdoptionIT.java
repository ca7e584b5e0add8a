package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.observatory.storage.fault.FaultReport;
import io.observatory.storage.fault.Length;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three processes adopt the logs of dead ones at the same time, and some of them die at
 * it: each log has one owner at a time, and in the end all of them were deleted.
 */
@Tag("faults")
class AdoptionIT {

	private static final String SCENARIO = "spool-log-adoption";

	private static final int PROCESSES = 3;

	private static final int LOGS = Length.of(300, 40);

	private static final int KILLS = Length.of(15, 2);

	@TempDir
	private Path directory;

	@Test
	void aLogHasOneOwner() throws Exception {
		long begun = System.nanoTime();
		List<String> violations = adopt(true, KILLS);
		FaultReport.log(SCENARIO, LOGS, 0, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("kills", KILLS, "twoOwners", violations.size()));
		assertThat(violations).isEmpty();
		try (Stream<Path> left = Files.list(this.directory.resolve("spool/writer-logs"))) {
			assertThat(left).as("logs that nobody has adopted").isEmpty();
		}
	}

	@Test
	void withoutTheLockTheScenarioIsSeenToFail() throws Exception {
		boolean caught = adopt(false, 0).stream().anyMatch((said) -> said.startsWith("Two owners"));
		FaultReport.sabotage("adoption under the lock", SCENARIO, caught);
		assertThat(caught).isTrue();
	}

	/** Returns what the processes say of logs that they found somebody else at. */
	private List<String> adopt(boolean locked, int kills) throws Exception {
		SpoolDirectory spool = SpoolDirectory.open(this.directory.resolve("spool"));
		Files.createDirectories(this.directory.resolve("owners"));
		for (int i = 0; i < LOGS; i++) {
			spool.create("logs").close();
		}
		Random random = new Random(9);
		for (int i = 0; i < kills; i++) {
			try (ChildProcess one = start(locked); ChildProcess other = start(locked)) {
				assertThat(one.readLine()).isEqualTo("adopting");
				assertThat(other.readLine()).isEqualTo("adopting");
				one.go();
				other.go();
				TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
			}
		}
		List<ChildProcess> processes = new ArrayList<>();
		for (int i = 0; i < PROCESSES; i++) {
			processes.add(start(locked));
		}
		for (ChildProcess process : processes) {
			assertThat(process.readLine()).isEqualTo("adopting");
		}
		for (ChildProcess process : processes) {
			process.go();
		}
		List<String> said = new ArrayList<>();
		for (ChildProcess process : processes) {
			said.addAll(process.awaitEnd());
		}
		return said;
	}

	private ChildProcess start(boolean locked) throws IOException {
		return ChildProcess.start(Adopter.class, this.directory.toString(), Boolean.toString(locked));
	}

	/**
	 * A process that adopts logs until there are none. It marks each with a file of its
	 * own, apart from the lock.
	 */
	static final class Adopter {

		private Adopter() {
		}

		public static void main(String[] arguments) throws Exception {
			Path directory = Path.of(arguments[0]);
			FileOpener opener = Boolean.parseBoolean(arguments[1]) ? FileOpener.OWNER_ONLY : Adopter::withoutLocks;
			SpoolDirectory spool = SpoolDirectory.open(directory.resolve("spool"), opener);
			System.out.println("adopting");
			System.in.read();
			long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
			while (hasLogs(directory) && System.nanoTime() < deadline) {
				for (LogDirectory log : spool.adopt("logs")) {
					try {
						own(log, directory.resolve("owners").resolve(log.id().toString()));
					}
					catch (IOException ex) {
						System.out.println("Two owners, or else " + ex);
					}
				}
			}
		}

		private static boolean hasLogs(Path directory) throws IOException {
			try (Stream<Path> logs = Files.list(directory.resolve("spool/writer-logs"))) {
				return logs.findAny().isPresent();
			}
		}

		/** Each third log is given up again, for somebody else. */
		private static void own(LogDirectory log, Path owner) throws Exception {
			mark(owner);
			TimeUnit.MILLISECONDS.sleep(1);
			Files.delete(owner);
			if (System.nanoTime() % 3 == 0) {
				log.close();
			}
			else {
				log.delete();
			}
		}

		private static void mark(Path owner) throws IOException {
			Path mine = Files.writeString(
					owner.resolveSibling(owner.getFileName() + "." + ProcessHandle.current().pid()),
					Long.toString(ProcessHandle.current().pid()));
			try {
				Files.createLink(owner, mine);
			}
			catch (FileAlreadyExistsException ex) {
				long pid = Long.parseLong(Files.readString(owner));
				if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
					System.out.println("Two owners of " + owner.getFileName());
				}
				Files.delete(owner);
				Files.createLink(owner, mine);
			}
			Files.delete(mine);
		}

		private static FileChannel withoutLocks(Path file, Set<OpenOption> options) throws IOException {
			return new PassedOnChannel(FileOpener.OWNER_ONLY.open(file, options)) {
				@Override
				public FileLock tryLock(long position, long size, boolean shared) {
					return new FileLock(this, position, size, shared) {
						@Override
						public boolean isValid() {
							return true;
						}

						@Override
						public void release() {
						}
					};
				}
			};
		}

	}

}
