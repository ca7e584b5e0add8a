package io.observatory.storage.sink;

import java.sql.SQLException;
import java.util.List;

import io.observatory.storage.row.Rows;
import io.observatory.storage.table.Table;

/**
 * Rows that are only ever appended.
 */
public final class AppendLoad implements Load {

	private final Table<?> table;

	public AppendLoad(Table<?> table) {
		this.table = table;
	}

	@Override
	public List<Table<?>> tables() {
		return List.of(this.table);
	}

	@Override
	public List<Table<?>> staged() {
		return List.of();
	}

	@Override
	public List<DeadLetter> store(Road road, List<Rows> rows) throws SQLException {
		if (!rows.get(0).isEmpty()) {
			road.append(this.table, rows.get(0));
		}
		return List.of();
	}

}
