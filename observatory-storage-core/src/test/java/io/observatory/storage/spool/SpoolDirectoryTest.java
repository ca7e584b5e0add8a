package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A log has one owner, and when that is dead, another one.
 */
class SpoolDirectoryTest {

	@TempDir
	private Path temporary;

	@Test
	void nobodyElseMayReadIt() throws IOException {
		Path root = this.temporary.resolve("spool");
		SpoolDirectory.open(root).create("logs").close();
		try (var all = Files.walk(root)) {
			assertThat(all.filter(Files::isDirectory)).allSatisfy(
					(directory) -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
						.isEqualTo("rwx------"));
		}
	}

	@Test
	void aLogIsAdoptedOnceAndOnlyWhenItsOwnerIsGone() throws IOException {
		SpoolDirectory spool = SpoolDirectory.open(this.temporary);
		LogDirectory log = spool.create("logs");
		assertThat(spool.adopt("logs")).isEmpty();

		log.close();

		List<LogDirectory> adopted = spool.adopt("logs");
		assertThat(adopted).extracting(LogDirectory::path).containsExactly(log.path());
		assertThat(spool.adopt("logs")).isEmpty();
		adopted.get(0).delete();
		assertThat(spool.adopt("logs")).isEmpty();
		assertThat(log.path()).doesNotExist();
	}

	@Test
	void theLogOfAProcessThatWasKilledIsAdopted() throws Exception {
		Process owner = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), Owner.class.getName(), this.temporary.toString())
			.redirectErrorStream(true)
			.start();
		try {
			assertThat(owner.inputReader().readLine()).isEqualTo("locked");
			assertThat(SpoolDirectory.open(this.temporary).adopt("logs")).isEmpty();
		}
		finally {
			owner.destroyForcibly();
		}
		assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();

		assertThat(SpoolDirectory.open(this.temporary).adopt("logs")).hasSize(1);
	}

	/**
	 * A process that owns a log.
	 */
	static final class Owner {

		private Owner() {
		}

		public static void main(String[] arguments) throws IOException {
			SpoolDirectory.open(Path.of(arguments[0])).create("logs");
			System.out.println("locked");
			System.in.read();
		}

	}

}
