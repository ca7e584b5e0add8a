package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.session.Staged;
import io.observatory.storage.table.ScoresTable;
import io.observatory.storage.table.Table;

/**
 * Scores are merged by their key. They always go as parameters: scores are few, and a
 * stage would be made in each transaction of a writer, with scores or without.
 */
public record ScoresStore(ScoresTable table) implements TableStore {

	@Override
	public List<Table<?>> tables() {
		return List.of(this.table);
	}

	@Override
	public List<Table<?>> staged() {
		return List.of();
	}

	@Override
	public List<DeadLetter> store(RowLoader loader, List<Rows> rows) throws SQLException {
		if (!rows.get(0).isEmpty()) {
			Staged sent = loader.send(this.table, rows.get(0));
			loader.update(this.table.merge(loader.schema(), sent.source()), sent);
		}
		return List.of();
	}

}
