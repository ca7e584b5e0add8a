package io.observatory.storage.buffer.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

import io.observatory.storage.row.Column;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.row.Rows;
import io.observatory.storage.row.Rows.Chunk;
import io.observatory.storage.spool.LogSettings;
import io.observatory.storage.spool.SpoolDirectory;
import io.observatory.storage.spool.SpoolLog;
import io.observatory.storage.spool.TableRows;
import io.observatory.storage.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A log may be that of another version of this library.
 */
class LogBatchTest {

	private static final Column NAME = new Column("name", ColumnType.TEXT);

	private static final Column ADDED = new Column("region", ColumnType.TEXT).since(2, null);

	private final Table<String> earlier = new Things(List.of(NAME));

	private final Table<String> today = new Things(List.of(NAME, ADDED));

	@TempDir
	private Path directory;

	@Test
	void rowsOfAnEarlierVersionGetTheColumnsTheyLack() throws IOException {
		LogBatch batch = batch(this.earlier, List.of(this.today));
		assertThat(batch.rows()).isOne();
		byte[] row = batch.tables().get(0).row(0);
		assertThat(row).isEqualTo(this.today.read(1, encoded(this.earlier)));
		assertThat(row).hasSize(encoded(this.earlier).length + Integer.BYTES);
	}

	@Test
	void rowsOfALaterVersionAreLeftAlone() {
		assertThatIOException().isThrownBy(() -> batch(this.today, List.of(this.earlier)))
			.withMessageContaining("does not read rows of the table things in format 2");
	}

	@Test
	void rowsOfAnUnknownTableAreLeftAlone() {
		assertThatIOException().isThrownBy(() -> batch(this.today, List.of()))
			.withMessageContaining("does not read rows of the table things");
	}

	private LogBatch batch(Table<String> writers, List<Table<?>> readers) throws IOException {
		LogSettings settings = new LogSettings(1 << 20, false, Clock.systemUTC());
		byte[] row = encoded(writers);
		try (SpoolLog log = SpoolLog.create(SpoolDirectory.open(this.directory).create("things"), settings)) {
			log.append(List.of(new TableRows(writers.name(), writers.version(),
					new Rows(List.of(new Chunk(row, 0, row.length, 1))))));
			return LogBatch.of(0, LogQueue.own(log), 0, log.read(0, 10, 1 << 20), readers);
		}
	}

	private static byte[] encoded(Table<String> table) {
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
		row.into(0);
		table.write("old", row);
		return Arrays.copyOf(row.bytes(), row.length());
	}

	private static final class Things extends Table<String> {

		Things(List<Column> columns) {
			super("things", String.class, columns);
		}

		@Override
		protected void encode(String name, RowEncoder row) {
			row.name("name", name);
			if (columns().contains(ADDED)) {
				row.name("region", "north");
			}
		}

	}

}
