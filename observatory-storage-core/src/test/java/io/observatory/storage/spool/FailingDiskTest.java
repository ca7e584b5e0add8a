package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import io.observatory.storage.spool.UnsafeDisk.Operation;
import io.observatory.storage.spool.UnsafeDisk.Weather;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The disk fails for a while: a call that is refused leaves nothing behind, what was
 * accepted stays, and the log heals by itself.
 */
class FailingDiskTest {

	private final Random random = new Random(3);

	private final Set<Operation> failing = EnumSet.noneOf(Operation.class);

	private final List<Row> accepted = new ArrayList<>();

	@TempDir
	private Path directory;

	private Path root;

	private SpoolDirectory spool;

	@BeforeEach
	void open() throws IOException {
		this.root = this.directory.resolve("spool");
		Weather weather = (operation, file) -> {
			if (this.failing.contains(operation)) {
				throw new IOException("Input/output error");
			}
		};
		this.spool = SpoolDirectory.open(this.root, new UnsafeDisk(weather));
	}

	@ParameterizedTest
	@EnumSource
	void aForcedLogRefusesWhatItCannotWrite(Operation operation) throws IOException {
		try (SpoolLog log = create(true)) {
			append(log, 5);
			for (int i = 0; i < 3; i++) {
				this.failing.add(operation);
				if (operation != Operation.TRUNCATE) {
					assertThatThrownBy(() -> append(log, 30)).isInstanceOf(IOException.class)
						.hasMessageContaining("Input/output error")
						.hasMessageContaining(log.directory().path().toString());
				}
				this.failing.clear();
				append(log, 5);
			}
			assertAllThere(log);
		}
		assertAdoptedHasAll();
	}

	/** What was written of a group cannot even be cut off. */
	@Test
	void whatCannotBeCutOffIsPassedOver() throws IOException {
		try (SpoolLog log = create(true)) {
			append(log, 5);
			this.failing.addAll(Set.of(Operation.FORCE, Operation.TRUNCATE));
			assertThatThrownBy(() -> append(log, 1)).isInstanceOf(IOException.class);
			this.failing.clear();
			append(log, 5);
			assertAllThere(log);
		}
		assertAdoptedHasAll();
	}

	/**
	 * It accepts as much as fits into its memory, which survives, then refuses; and all
	 * that it has accepted can be read.
	 */
	@ParameterizedTest
	@EnumSource(names = { "WRITE", "OPEN" })
	void alsoWhatCannotBeWrittenIsKept(Operation operation) throws IOException {
		try (SpoolLog log = create(false)) {
			append(log, 5);
			log.read(0, 1, 1);
			this.failing.add(operation);
			assertThatThrownBy(() -> append(log, 5000)).isInstanceOf(IOException.class);
			assertThatThrownBy(() -> appendLarge(log)).isInstanceOf(IOException.class);
			int size = this.accepted.size();
			assertThat(size).isGreaterThan(1000);
			assertAllThere(log);
			FileSystemUtils.copyRecursively(this.root, this.directory.resolve("killed"));

			this.failing.clear();
			append(log, 50);
			appendLarge(log);
			assertAllThere(log);

			this.spool = SpoolDirectory.open(this.directory.resolve("killed"));
			List<Row> later = this.accepted.subList(size, this.accepted.size());
			later.clear();
			assertAdoptedHasAll();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aFolderThatIsRemovedIsMadeAgain(boolean forced) throws IOException {
		try (SpoolLog log = create(forced)) {
			append(log, 300);
			FileSystemUtils.deleteRecursively(this.root);
			append(log, 300);
			log.trim(Duration.ofHours(1));
			long madeAgain = this.accepted.size();
			append(log, 300);
			assertAllThere(log);
			assertThat(SpoolDirectory.open(this.root).adopt("logs")).as("it is locked again").isEmpty();
			FileSystemUtils.copyRecursively(this.root, this.directory.resolve("killed"));

			try (SpoolLog adopted = SpoolLog
				.open(SpoolDirectory.open(this.directory.resolve("killed")).adopt("logs").get(0))) {
				assertThat(adopted.firstRow()).isLessThanOrEqualTo(madeAgain);
				assertThat(Row.read(adopted, madeAgain, 100, 10_000).values())
					.containsExactlyElementsOf(this.accepted.subList((int) madeAgain, this.accepted.size()));
			}
		}
	}

	/**
	 * Somebody else has cut the file that is mapped: an error, and not the end. Of
	 * compiled code the error comes at some later time (MappedByteBuffer): here when the
	 * file is asked for, at the latest.
	 */
	@Test
	void aMappedFileThatIsCutIsAnError() throws IOException {
		try (SpoolLog log = create(false)) {
			append(log, 1);
			Files.write(log.directory().path().resolve("staging-0"), new byte[0]);
			assertThatThrownBy(() -> {
				append(log, 100);
				log.force();
			}).isInstanceOfAny(IOException.class, InternalError.class);
		}
	}

	@Test
	void aFailedForceIsSaid() throws IOException {
		try (SpoolLog log = create(false)) {
			append(log, 5);
			log.force();
			append(log, 5);
			this.failing.add(Operation.FORCE);
			assertThatThrownBy(log::force).isInstanceOf(IOException.class);
			this.failing.clear();
			append(log, 5);
			log.force();
			assertAllThere(log);
		}
		assertAdoptedHasAll();
	}

	@Test
	void notesAreKeptAndADamagedOneIsNone() throws IOException {
		UUID database = UUID.randomUUID();
		Path path;
		try (SpoolLog log = create(false)) {
			path = log.directory().path();
			append(log, 50);
			assertThat(log.database()).isNull();
			log.bind(database);
			log.storedUpTo(20);
			assertThat(log.pendingRows()).isEqualTo(this.accepted.size() - 20);
		}
		try (SpoolLog log = adopt()) {
			assertThat(log.database()).isEqualTo(database);
			assertThat(log.storedRow()).isEqualTo(20);
			assertThat(log.pendingRows()).isEqualTo(this.accepted.size() - 20);
		}
		for (String note : List.of("database", "stored")) {
			byte[] bytes = Files.readAllBytes(path.resolve(note));
			bytes[3] ^= 1;
			Files.write(path.resolve(note), bytes);
		}
		try (SpoolLog log = adopt()) {
			assertThat(log.database()).isNull();
			assertThat(log.storedRow()).isZero();
		}
	}

	private static LogSettings settings(boolean forced) {
		return new LogSettings(8192, forced, Clock.systemUTC());
	}

	private SpoolLog create(boolean forced) throws IOException {
		return SpoolLog.create(this.spool.create("logs"), settings(forced));
	}

	private SpoolLog adopt() throws IOException {
		return SpoolLog.open(this.spool.adopt("logs").get(0));
	}

	private void append(SpoolLog log, int calls) throws IOException {
		for (int i = 0; i < calls; i++) {
			append(log, Row.call(this.accepted.size(), 3, 1500, this.random));
		}
	}

	private void appendLarge(SpoolLog log) throws IOException {
		append(log, List.of(Row.rows("logs", 1, this.accepted.size(), 3, 3_000_000, this.random)));
	}

	private void append(SpoolLog log, List<TableRows> call) throws IOException {
		log.append(call);
		this.accepted.addAll(Row.of(call));
		assertThat(log.endRow()).isEqualTo(this.accepted.size());
	}

	private void assertAllThere(SpoolLog log) throws IOException {
		assertThat(Row.read(log, 0, 100, 100_000).values()).containsExactlyElementsOf(this.accepted);
	}

	private void assertAdoptedHasAll() throws IOException {
		try (SpoolLog log = adopt()) {
			assertThat(log.endRow()).isEqualTo(this.accepted.size());
			assertAllThere(log);
		}
	}

}
