package io.observatory.storage.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was appended is read again, in its order, by its owner and by whoever adopts it.
 */
class SpoolLogTest {

	private final Random random = new Random(7);

	@TempDir
	private Path root;

	private SpoolDirectory spool;

	@BeforeEach
	void open() throws IOException {
		this.spool = SpoolDirectory.open(this.root);
	}

	private static LogSettings settings(boolean forced) {
		return new LogSettings(64 * 1024, forced, Clock.systemUTC());
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void rowsAreReadInTheirOrderFromAnyRowOn(boolean forced) throws IOException {
		Map<Long, Row> written = new HashMap<>();
		try (SpoolLog log = SpoolLog.create(this.spool.create("logs"), settings(forced))) {
			for (int i = 0; i < 300; i++) {
				append(log, written);
				if (i % 50 == 0) {
					assertThat(Row.read(log, 0, 1 + this.random.nextInt(50), 20_000)).isEqualTo(written);
				}
			}
		}
		try (SpoolLog log = SpoolLog.open(this.spool.adopt("logs").get(0))) {
			assertThat(log.endRow()).isEqualTo(written.size());
			assertThat(log.firstRow()).isZero();
			for (int i = 0; i < 20; i++) {
				long from = this.random.nextInt(written.size());
				Map<Long, Row> expected = new HashMap<>(written);
				expected.keySet().removeIf((number) -> number < from);
				assertThat(Row.read(log, from, 1 + this.random.nextInt(500), 20_000)).isEqualTo(expected);
			}
		}
	}

	private void append(SpoolLog log, Map<Long, Row> written) throws IOException {
		List<TableRows> call = Row.call(written.size(), 3, 300, this.random);
		Row.of(call).forEach((row) -> written.put(row.number(), row));
		assertThat(log.append(call)).isEqualTo(written.size());
	}

	/** The last segment stays: it is written to. */
	@Test
	void whatIsStoredIsDeletedWhenItsTimeIsUpOrRoomIsNeeded() throws IOException {
		Map<Long, Row> written = new HashMap<>();
		try (SpoolLog log = SpoolLog.create(this.spool.create("logs"), settings(true))) {
			for (int i = 0; i < 400; i++) {
				append(log, written);
			}
			long all = log.bytes();
			log.trim(Duration.ZERO);
			assertThat(log.bytes()).as("nothing is stored").isEqualTo(all);

			log.storedUpTo(written.size() / 2);
			log.trim(Duration.ofHours(1));
			assertThat(log.bytes()).as("kept for an hour").isEqualTo(all);
			long freed = log.makeRoom(1);
			assertThat(freed).as("one segment").isBetween(64L * 1024, 80L * 1024);
			log.trim(Duration.ZERO);
			assertThat(log.bytes()).isBetween(all / 3, all * 2 / 3);
			assertThat(log.firstRow()).isBetween(1L, written.size() / 2L);

			log.storedUpTo(log.firstRow());
			assertThat(log.makeRoom(Long.MAX_VALUE)).as("the server has lost them again").isZero();
			assertThat(log.pendingRows()).isEqualTo(written.size() - log.firstRow());
			written.keySet().removeIf((number) -> number < log.firstRow());
			assertThat(Row.read(log, log.firstRow(), 100, 100_000)).isEqualTo(written);
			Stretch first = log.read(0, 1, 1);
			assertThat(first.damagedRows()).as("rows that are not kept").isEqualTo(log.firstRow());
		}
	}

}
