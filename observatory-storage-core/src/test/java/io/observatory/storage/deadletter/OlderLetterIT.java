package io.observatory.storage.deadletter;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

import io.observatory.storage.row.Column;
import io.observatory.storage.row.ColumnType;
import io.observatory.storage.row.InputPolicy;
import io.observatory.storage.row.RowEncoder;
import io.observatory.storage.sending.AppendStore;
import io.observatory.storage.sending.TableStores;
import io.observatory.storage.table.Table;
import io.observatory.storage.testing.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A dead letter that was put aside before its table had gained columns.
 */
class OlderLetterIT {

	private static final List<Column> FORMER = List.of(new Column("id", ColumnType.UUID),
			new Column("name", ColumnType.TEXT));

	private final Database database = Database.get();

	@AfterEach
	void clear() {
		this.database.jdbc().execute("DROP TABLE IF EXISTS observatory.things");
		this.database.jdbc().execute("DELETE FROM observatory.dead_letters");
	}

	@Test
	void isReplayedAndHasNullOrTheDefaultInTheColumnsThatItDoesNotKnow() {
		UUID id = letterOf(new Things(FORMER));
		this.database.jdbc()
			.execute("CREATE TABLE observatory.things (id uuid, name text, region text, weight bigint NOT NULL)");
		Table<?> today = new Things(
				List.of(FORMER.get(0), FORMER.get(1), new Column("region", ColumnType.TEXT).since(2, null),
						new Column("weight", ColumnType.BIGINT).since(3, "1")));
		DeadLetterQueue letters = new DeadLetterQueue(this.database.dataSource(), "observatory",
				new TableStores(List.of(new AppendStore(today))));
		assertThat(letters.replay(10)).isEqualTo(new DeadLetterQueue.Replay(1, 0, 0));
		assertThat(this.database.rows("SELECT * FROM observatory.things")).singleElement()
			.satisfies((row) -> assertThat(row).containsEntry("id", id)
				.containsEntry("name", "old")
				.containsEntry("region", null)
				.containsEntry("weight", 1L));
	}

	private UUID letterOf(Things table) {
		UUID id = UUID.randomUUID();
		RowEncoder row = new RowEncoder(InputPolicy.DEFAULT, Clock.systemUTC());
		table.write(id, row);
		this.database.jdbc()
			.update("INSERT INTO observatory.dead_letters (id, table_name, row_format, row_bytes, reason) "
					+ "VALUES (gen_random_uuid(), 'things', 1, ?, 'test')", Arrays.copyOf(row.bytes(), row.length()));
		return id;
	}

	private static final class Things extends Table<UUID> {

		Things(List<Column> columns) {
			super("things", UUID.class, columns);
		}

		@Override
		protected void encode(UUID id, RowEncoder row) {
			row.uuid("id", id);
			row.name("name", "old");
		}

	}

}
