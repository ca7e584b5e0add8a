package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A log has one owner, and when that is dead, another one.
 */
class SpoolDirectoryTest {

	@TempDir
	private Path temporary;

	private SpoolDirectory spool;

	@BeforeEach
	void open() throws IOException {
		this.spool = SpoolDirectory.open(this.temporary.resolve("spool"));
	}

	@Test
	void nobodyElseMayReadIt() throws IOException {
		for (boolean forced : new boolean[] { false, true }) {
			LogSettings settings = new LogSettings(1000, forced, Clock.systemUTC());
			try (SpoolLog log = SpoolLog.create(this.spool.create("logs"), settings)) {
				log.append(Row.call(0, 3, 100, new Random(1)));
				log.read(0, 1, 1000);
				log.bind(log.id());
				log.storedUpTo(1);
			}
		}
		try (var all = Files.walk(this.spool.path())) {
			assertThat(all).hasSizeGreaterThan(10)
				.allSatisfy((file) -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
					.isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
		}
	}

	@Test
	void aLogIsAdoptedOnceAndOnlyWhenItsOwnerIsGone() throws IOException {
		LogDirectory log = this.spool.create("logs");
		assertThat(this.spool.adopt("logs")).isEmpty();
		assertThat(this.spool.adopt("metrics")).isEmpty();

		log.close();

		List<LogDirectory> adopted = this.spool.adopt("logs");
		assertThat(adopted).extracting(LogDirectory::path).containsExactly(log.path());
		assertThat(this.spool.adopt("logs")).isEmpty();
		adopted.get(0).delete();
		assertThat(this.spool.adopt("logs")).isEmpty();
		assertThat(log.path()).doesNotExist();
	}

	/**
	 * Its owner removes it meanwhile, and whoever adopts the directory makes another one.
	 */
	@Test
	void aLockThatIsReplacedWhileItIsOpenedIsNotTaken() throws IOException {
		LogDirectory log = this.spool.create("logs");
		log.close();
		Path lock = log.path().resolve(LogLock.FILE);
		SpoolDirectory late = SpoolDirectory.open(this.spool.path(), (file, options) -> {
			FileChannel channel = FileOpener.OWNER_ONLY.open(file, options);
			if (file.equals(lock)) {
				Files.delete(lock);
				Files.createFile(lock);
			}
			return channel;
		});
		assertThat(late.adopt("logs")).as("a lock on a file that is no more").isEmpty();
		assertThat(this.spool.adopt("logs")).hasSize(1);
	}

	/** Where locks are POSIX's, a process loses its lock when it opens the file again. */
	@Test
	void aProcessThatLooksForLogsKeepsItsOwn() throws Exception {
		LogDirectory log = this.spool.create("logs");
		assertThat(this.spool.adopt("logs")).isEmpty();
		assertThat(SpoolDirectory.open(this.spool.path()).adopt("logs")).isEmpty();
		try (ChildProcess other = ChildProcess.start(Adopter.class, this.spool.path().toString())) {
			assertThat(other.readLine()).isEqualTo("adopted 0");
		}
		log.close();
		try (ChildProcess other = ChildProcess.start(Adopter.class, this.spool.path().toString())) {
			assertThat(other.readLine()).isEqualTo("adopted 1");
			assertThat(this.spool.adopt("logs")).isEmpty();
		}
		assertThat(this.spool.adopt("logs")).as("after the adopter was killed").hasSize(1);
	}

	/** Somebody died between making a directory and its lock, or while removing it. */
	@Test
	void aLogWithoutAnythingIsAdoptedAsWell() throws IOException {
		Path log = this.spool.create("logs").path();
		Files.createDirectories(log.resolveSibling("00000000-0000-0000-0000-000000000001"));
		Files.createDirectories(log.resolveSibling("not-a-log"));
		Files.writeString(log.resolveSibling("00000000-0000-0000-0000-000000000002"), "a file");

		List<LogDirectory> adopted = this.spool.adopt("logs");

		assertThat(adopted).hasSize(1);
		try (SpoolLog empty = SpoolLog.open(adopted.get(0))) {
			assertThat(empty.endRow()).isZero();
			assertThat(empty.pendingRows()).isZero();
			assertThat(empty.read(0, 10, 10).rows()).isZero();
			empty.delete();
		}
		assertThat(adopted.get(0).path()).doesNotExist();
	}

	/** The name of a writer is the application's. */
	@Test
	void aWriterMayHaveAnyName() throws IOException {
		for (String name : List.of("../../etc", "", ".", "a/b", "Ünï ©ode:*?")) {
			LogDirectory log = this.spool.create(name);
			assertThat(log.path()).as(name).startsWith(this.spool.path());
			assertThat(log.path().normalize()).as(name).isEqualTo(log.path());
			log.close();
			assertThat(this.spool.adopt(name)).as(name).hasSize(1);
		}
	}

	/**
	 * Another process that adopts what it can.
	 */
	static final class Adopter {

		private Adopter() {
		}

		public static void main(String[] arguments) throws IOException {
			System.out.println("adopted " + SpoolDirectory.open(Path.of(arguments[0])).adopt("logs").size());
			System.in.read();
		}

	}

}
