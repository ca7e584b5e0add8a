package io.observatory.storage.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntFunction;

import io.observatory.storage.config.SpoolConfig;
import io.observatory.storage.config.SpoolConfig.Level;
import io.observatory.storage.config.WriterConfig;
import io.observatory.storage.error.BufferFullException;
import io.observatory.storage.stats.WriterStatus.State;
import io.observatory.storage.testing.Database;
import io.observatory.storage.writer.LogWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The disk of a spool is full, or its folder is removed, while a writer writes: it waits
 * no longer than it may, says what is the matter, and goes on by itself.
 */
@Tag("faults")
class SpoolDiskIT {

	private static final Duration BLOCK_TIMEOUT = Duration.ofMillis(300);

	private static final int MEGABYTES = 24;

	private final Database database = Database.get();

	private final Ledger ledger = new Ledger();

	private long next;

	@BeforeEach
	void clear() {
		this.database.clear();
	}

	@Test
	void aFullDiskRefusesAndHeals() throws IOException {
		long begun = System.nanoTime();
		try (SmallDisk disk = mount(SmallDisk::mount); LogWriter writer = writer(disk.directory())) {
			writer.pause();
			write(writer, 1000);
			Path ballast = fill(disk);
			BufferFullException refusal = writeUntilRefused(writer);
			assertThat(refusal).hasMessageContaining("No space left");
			assertThat(writer.status().reason()).contains("No space left");
			assertRefusesInTime(writer);
			Files.delete(ballast);
			long accepted = this.ledger.accepted();
			write(writer, 1000);
			assertThat(this.ledger.accepted()).as("accepted again").isEqualTo(accepted + 1000);
			goesOn(writer, "spool-disk-full", begun);
		}
	}

	/** As a file system does that has found an error in itself. */
	@Test
	void aDiskThatTurnsReadOnlyLosesNothingAndCanBeReplaced() throws IOException {
		long begun = System.nanoTime();
		try (SmallDisk disk = mount(SmallDisk::mountFile); LogWriter writer = writer(disk.directory())) {
			writer.pause();
			write(writer, 5000);
			disk.fail();
			assertThat(writeUntilRefused(writer)).hasMessageContaining("Read-only file system");
			assertThat(writer.status().reason()).contains("Read-only file system");
			assertRefusesInTime(writer);
			writer.resume();
			writer.flush();
			assertThat(writer.writeStats().stored()).isEqualTo(this.ledger.accepted());
			disk.replace(MEGABYTES);
			Awaitility.await().until(() -> Files.exists(disk.directory().resolve("writer-logs")));
			long accepted = this.ledger.accepted();
			write(writer, 1000);
			assertThat(this.ledger.accepted()).as("accepted again").isEqualTo(accepted + 1000);
			goesOn(writer, "spool-disk-read-only", begun);
		}
	}

	@Test
	void aFullSpoolRefusesAndHeals(@TempDir Path directory) {
		long begun = System.nanoTime();
		try (LogWriter writer = writer(directory)) {
			writer.pause();
			assertThat(writeUntilRefused(writer)).hasMessageContaining("is full");
			assertThat(writer.spoolStats().diskBytes()).isLessThanOrEqualTo(writer.spoolStats().maxBytes());
			goesOn(writer, "spool-full", begun);
		}
	}

	@Test
	void aFolderThatIsRemovedIsMadeAgain(@TempDir Path directory) throws IOException {
		long begun = System.nanoTime();
		Path spool = directory.resolve("spool");
		try (LogWriter writer = writer(spool)) {
			writer.pause();
			write(writer, 5000);
			FileSystemUtils.deleteRecursively(spool);
			write(writer, 5000);
			Awaitility.await().until(() -> Files.exists(spool));
			write(writer, 5000);
			goesOn(writer, "spool-folder-removed", begun);
		}
	}

	private void assertRefusesInTime(LogWriter writer) {
		long asked = System.nanoTime();
		catchThrowableOfType(BufferFullException.class, () -> write(writer, 1));
		assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(BLOCK_TIMEOUT.multipliedBy(4));
	}

	private void goesOn(LogWriter writer, String scenario, long begun) {
		writer.resume();
		writer.flush();
		assertThat(writer.status().state()).isEqualTo(State.RUNNING);
		Stored.assertAddsUp(writer.writeStats());
		Verdict verdict = this.ledger.verdict(this.database.jdbc(), writer);
		FaultReport.scenario(scenario, verdict, Duration.ofNanos(System.nanoTime() - begun),
				Map.of("refused", this.ledger.refused()));
		verdict.assertAllStored();
		assertThat(verdict.accepted()).isEqualTo(writer.writeStats().stored());
	}

	private void write(LogWriter writer, int records) {
		for (int i = 0; i < records; i++) {
			this.ledger.write(writer, Subject.LOGS, this.next++);
		}
	}

	private BufferFullException writeUntilRefused(LogWriter writer) {
		while (true) {
			try {
				Subject.LOGS.write(writer, this.next);
				this.ledger.accepted(Subject.LOGS, this.next++);
			}
			catch (BufferFullException ex) {
				this.next++;
				return ex;
			}
		}
	}

	private static Path fill(SmallDisk disk) throws IOException {
		Path ballast = disk.directory().resolve("ballast");
		try (var channel = Files.newByteChannel(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			while (true) {
				channel.write(java.nio.ByteBuffer.allocate(4096));
			}
		}
		catch (IOException ex) {
			return ballast;
		}
	}

	private static SmallDisk mount(IntFunction<SmallDisk> disk) {
		try {
			return disk.apply(MEGABYTES);
		}
		catch (IllegalStateException ex) {
			FaultReport.skipped("spool-disk", "Needs Linux, and the right to mount a file system");
			Assumptions.abort(ex.getMessage());
			throw ex;
		}
	}

	private LogWriter writer(Path directory) {
		return new LogWriter(this.database.dataSource(),
				WriterConfig.logs()
					.maxConcurrency(1)
					.blockTimeout(BLOCK_TIMEOUT)
					.spool(new SpoolConfig(directory, Level.PROCESS, 16 << 20, Duration.ZERO, Duration.ofMinutes(1)))
					.build());
	}

}
