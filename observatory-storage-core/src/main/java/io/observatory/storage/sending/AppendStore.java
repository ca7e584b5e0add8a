package io.observatory.storage.sending;

import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.session.RowLoader;
import io.observatory.storage.table.Table;

/**
 * Rows that are only ever appended.
 */
public record AppendStore(Table<?> table) implements TableStore {

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
			loader.append(this.table, rows.get(0));
		}
		return List.of();
	}

}
